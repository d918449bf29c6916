"""Pages say which account they show, so that none is filled with another's rows or changes another.

In one browser all tabs share a session, and the session is on one account. A tab that still shows
Harbor Dental after a switch to Lark Studio asks in Harbor's name: its fragments by a header
(document.html), its forms by a field (every {% csrf_token %}), its downloads by their address.
"""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse

from apps.accounts.gates import PortalRequest
from apps.accounts.models import Account
from apps.accounts.proving import press
from apps.ui.render import render_page, wants_part

FIELD = "account"  # of a form or of a download's address: the number of the account shown
NOTE = "#banner"  # where a page that stays says that its account isn't the current one


class ShownAccount:
    """Answers a request from a page of another account with a page or a note that says so.

    It is asked of all fragments and downloads, and of every form that needs a right on the account.
    A form that acts on the person alone is none of its business. Comes after CurrentAccount.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        asked = cast(PortalRequest, request)
        sends = request.method == "POST"
        if asked.account is None or (sends and not _needs_right(view)):
            return None
        said = _said(asked)
        # A form whose address names a thing may come without its page: another account's thing
        # isn't found.
        if said == {asked.account.number} or (not said and not (sends and not kwargs)):
            return None
        return elsewhere(asked, said)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A press that waited for its person to confirm, and the account was switched meanwhile."""
        if not isinstance(error, press.Elsewhere):
            return None
        return _page(cast(PortalRequest, request), error.account, error.press)


def elsewhere(request: PortalRequest, said: set[str]) -> HttpResponse:
    """The answer to a page of another account. What was typed stays: on the page where scripts run,
    else sealed in the session.

    said: the numbers of accounts that the request names.
    """
    mine = {each.account.number: each.account for each in request.memberships}
    shown = mine.get("".join(said)) if len(said) == 1 else None
    if wants_part(request):
        context = {"shown": shown, "sent": request.method == "POST"}
        answer = render_page(request, "accounts/_elsewhere.html", context, status=409)
        answer.headers["HX-Retarget"] = NOTE
        answer.headers["HX-Reswap"] = "innerHTML show:top" if context["sent"] else "innerHTML"
        return answer
    kept = press.keep(request, "", shown.pk) if shown and request.method == "POST" else ""
    return _page(request, shown, kept)


def _page(request: PortalRequest, shown: Account | int | None, name: str) -> HttpResponse:
    if isinstance(shown, int):
        shown = next((m.account for m in request.memberships if m.account_id == shown), None)
    context = {"shown": shown, "press": name, "sent": request.method == "POST"}
    return render_page(request, "accounts/elsewhere.html", context, status=409)


def _said(request: PortalRequest) -> set[str]:
    """The numbers of accounts that the page behind this request says it shows."""
    sends = request.method == "POST"
    header = request.headers.get("X-Account", "") if sends or wants_part(request) else ""
    return {header, *(request.POST if sends else request.GET).getlist(FIELD)} - {""}


def _needs_right(view: Any) -> bool:
    needs = getattr(view, "needs", None)
    return bool(needs.get("POST") if isinstance(needs, dict) else needs)
