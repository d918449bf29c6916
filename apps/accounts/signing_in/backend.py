"""How the person of a session is loaded."""

from allauth.account.auth_backends import AuthenticationBackend

from apps.accounts.middleware import load
from apps.accounts.models import User


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's, whose one query for the person tells all that the frame of a page shows."""

    def get_user(self, user_id: int) -> User | None:
        user = load(user_id)
        return user if user and self.user_can_authenticate(user) else None
