"""How long a session lives: idle and in all (ASVS V7.3). Two values in the session, one write a minute."""

import time
from collections.abc import Callable

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from apps.accounts.models import User

MINUTE = 60
IDLE, IDLE_STAFF = 60 * MINUTE, 15 * MINUTE
LONGEST, LONGEST_STAFF = 14 * 24 * 60 * MINUTE, 8 * 60 * MINUTE
FRESH = 10 * MINUTE  # how long a password counts as just given
BEGAN, SEEN = "began", "seen"  # session keys: Unix seconds


def begin(request: HttpRequest) -> None:
    """A sign-in: the session's life starts now."""
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def is_over(user: User, began: int, seen: int, now: int) -> bool:
    """Whether a session that began then and was last used then has ended. A clock set back ends nothing and prolongs nothing."""
    idle, longest = (IDLE_STAFF, LONGEST_STAFF) if user.is_staff else (IDLE, LONGEST)
    return now - seen > idle or now - began > longest


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session proved its person within the last ten minutes, by a sign-in or when asked again."""
    records = get_authentication_records(request, request.user)
    return bool(records) and 0 <= time.time() - records[-1]["at"] < FRESH


class SessionLimits:
    """Ends a session that was idle or lived too long: the request goes on as nobody's and is sent to sign in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(time.time())
            began = request.session.get(BEGAN)
            if began is None:
                begin(request)
            elif is_over(request.user, began, request.session.get(SEEN, began), now):
                logout(request)
            elif now - request.session.get(SEEN, began) >= MINUTE:
                request.session[SEEN] = now
        return self.get_response(request)
