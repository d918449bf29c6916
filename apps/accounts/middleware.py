"""The account that a request works on."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from apps.accounts.models import Membership

CHOSEN = "account"  # session key: primary key of the account that the person switched to


class CurrentAccount:
    """Sets request.memberships (the person's, longest-standing first), request.membership (the
    account chosen in the session, else the first) and request.account. One query with account and
    profile; a person without membership, staff for instance, has none, and so has nobody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found: list[Membership] = []
        chosen: Any = None
        if request.user.is_authenticated:
            found = list(
                Membership.objects.filter(user=request.user).select_related("account__profile")
            )
            chosen = request.session.get(CHOSEN)
        membership = next((m for m in found if m.account_id == chosen), found[0] if found else None)
        request.memberships = found  # type: ignore[attr-defined]
        request.membership = membership  # type: ignore[attr-defined]
        request.account = membership.account if membership else None  # type: ignore[attr-defined]
        return self.get_response(request)
