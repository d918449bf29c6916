"""How the person of a session is loaded, with the number that their bell shows."""

from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from apps.accounts.models import User
from apps.notifications.selectors import unread_count


class Backend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's, whose one query for the person counts their unread notices too: no page asks for
    them apart.
    """

    def get_user(self, user_id: int) -> User | None:
        query, *values = _query()
        user = next(iter(User.objects.raw(query, [*values, user_id])), None)
        return user if user and self.user_can_authenticate(user) else None


@cache
def _query() -> tuple[Any, ...]:
    """SQL, and its values but the last, which is the person's primary key. Made once: that takes
    four times as long as asking it, and every request asks."""
    sql, values = User.objects.annotate(unread=unread_count()).filter(pk=0).query.sql_with_params()
    return sql, *values[:-1]
