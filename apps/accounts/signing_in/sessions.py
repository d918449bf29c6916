"""How long a session lives: idle and in all (ASVS V7.3); what it proved, and when.

One write a minute.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from apps.accounts.addresses import network, own_path
from apps.accounts.models import User
from apps.accounts.signing_in import throttle
from apps.accounts.signing_in.browsers import (
    BEGAN,
    DEVICE,
    MINUTE,
    SEEN,
    WHERE,
    device,
    is_over,
)
from apps.audit.services import record
from apps.notifications.services import tell
from apps.proxies import client_address
from apps.ui.render import SeeOther, wants_part

FRESH = 10 * MINUTE  # how long a proof counts as just given
PRESS = (
    "press"  # session key: [Unix seconds, sealed press that waits for a proof] (proving/press.py)
)
PRESS_LIVES = 10 * MINUTE
ENDED = (
    "We signed you out after too many wrong passwords or codes. Nothing has changed. Sign in to"
    " continue."
)
SECOND = "second"  # session key: [person, Unix seconds at which they proved their second factor]


def begin(request: HttpRequest) -> None:
    """A sign-in: the session's life starts now."""
    # that of a visit which had only begun a sign-in was short (passkeys.py)
    request.session.set_expiry(None)
    request.session[BEGAN] = request.session[SEEN] = int(time.time())
    request.session[DEVICE] = device(request)
    request.session[WHERE] = client_address(request)


def prove_second(request: HttpRequest, user: User) -> None:
    """This session's person has just shown their second factor."""
    request.session[SECOND] = [user.pk, time.time()]


def second_at(request: HttpRequest, user: User) -> float | None:
    """When this session showed that person's second factor (Unix seconds); None: it did not."""
    whose, at = request.session.get(SECOND) or (None, None)
    return float(at) if whose == user.pk and at is not None else None


def proved_at(request: HttpRequest) -> float | None:
    """When this session last proved its person, at a sign-in or when asked again; with the second
    factor where one is set.

    Unix seconds; None: it did not.
    """
    user = request.user
    if not isinstance(user, User):
        return None
    if user.factor_at:  # asked for after the password, or together with it
        return second_at(request, user)
    records = get_authentication_records(request, user)
    return float(records[-1]["at"]) if records else None


def signed_in_at(request: HttpRequest) -> datetime | None:
    """proved_at() as a moment, as changes ask for it."""
    at = proved_at(request)
    return None if at is None else datetime.fromtimestamp(at, UTC)


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session proved its person within the last ten minutes."""
    at = proved_at(request)
    return at is not None and 0 <= time.time() - at < FRESH


def looks_by_itself(request: HttpRequest) -> bool:
    """Whether an open page refreshes a part of itself (every few seconds, or as it hears that
    something is newer): nobody need be there. htmx then names one element as what asks and what is
    replaced; whoever forges that shortens their own session only."""
    asks = request.headers.get("HX-Trigger")
    return request.method == "GET" and bool(asks) and asks == request.headers.get("HX-Target")


def stay_known(request: HttpRequest, user: User) -> None:
    """This browser changed that person's password or second step, by which browsers are known: it
    is told the new ones.
    """
    request.stays_known = user  # type: ignore[attr-defined]


class SessionLimits:
    """Ends a session that was idle or lived too long, or that never showed the second factor which
    its person has, whatever way in let it through: the request goes on as nobody's and is sent to
    sign in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User):
            now = int(time.time())
            began = request.session.get(BEGAN)
            if user.factor_at and second_at(request, user) is None:
                logout(request)
            elif began is None:
                begin(request)
            elif is_over(user, began, request.session.get(SEEN, began), now):
                logout(request)
            elif now - request.session.get(SEEN, began) >= MINUTE and not looks_by_itself(request):
                request.session[SEEN] = now
            if (press := request.session.get(PRESS)) and not 0 <= now - press[0] < PRESS_LIVES:
                del request.session[PRESS]  # it may hold a password
        response = self.get_response(request)
        if changed := getattr(request, "stays_known", None):
            throttle.remember(request, response, changed)
        return response

    def process_exception(self, request: HttpRequest, wrong: Exception) -> HttpResponse | None:
        """End a session that gave too many wrong answers, and tell its person (ASVS V6.3.1)."""
        user = request.user
        if not isinstance(wrong, throttle.SessionOver) or not isinstance(user, User):
            return None
        where = client_address(request)
        record(user, None, "confirm_ended", address=where)
        tell(
            user,
            "session_guessed",
            device=request.session.get(DEVICE) or device(request),
            address=network(where),
        )
        asked_again = request.path.startswith(reverse("account_reauthenticate"))
        back = own_path(request.POST.get("next")) or ("/" if asked_again else request.path)
        logout(request)
        messages.error(request, ENDED)
        there = f"{reverse('account_login')}?{urlencode({'next': back})}"
        if wants_part(request):
            return HttpResponse(status=204, headers={"HX-Redirect": there})
        return SeeOther(there)
