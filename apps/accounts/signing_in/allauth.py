"""What of django-allauth is ours: sign-up is closed, addresses stay within the portal, its messages
are not shown.

Its per-name lock and its cached counters are not used: throttle.py counts. What is used are the
stages of a sign-in (the second factor: second.py), the record of what a session proved and when,
and the backend.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import salted_hmac

from apps.accounts.addresses import network, own_path
from apps.accounts.models import User
from apps.accounts.signing_in import browsers, sessions, throttle
from apps.accounts.signing_in.people import find_person, first_account, has_password
from apps.notifications.services import tell
from apps.proxies import client_address
from apps.ui.format import moment
from apps.voicetel.clock import about_now


class PortalAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation or by connecting an account."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """The check of our own sign-in, for whatever of allauth asks for it.

        Counting tries is the caller's.
        """
        user = find_person(str(credentials.get("email", "")))
        return user if has_password(user, str(credentials.get("password", ""))) else None

    def get_login_stages(self) -> list[str]:
        """One stage, ours. Nothing else of a sign-in is allauth's."""
        return ["apps.accounts.signing_in.second.CodeStage"]

    def login(self, request: HttpRequest, user: User) -> None:
        """Every way in ends here.

        Who signed in before, and not in this browser, is told (ASVS V6.3.5).
        """
        before = user.last_login
        super().login(request, user)  # a new session key
        sessions.begin(request)
        browsers.end_oldest(user)
        if before and not throttle.signed_in_before(request, user):
            zone = getattr(first_account(user), "zone", "UTC")
            address, when = network(client_address(request)), moment(about_now(), zone)
            device = browsers.device(request)
            # once a day for one kind of browser in one network, however often it signs in
            once = salted_hmac("new_device", f"{device} {address} {about_now().date()}").hexdigest()
            tell(user, "new_device", once=once, device=device, address=address, when=when)

    def is_safe_url(self, url: str) -> bool:
        return bool(own_path(url))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("staff:index" if request.user.is_staff else "home:home")

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what is so; "successfully signed in" says nothing."""
