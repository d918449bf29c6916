"""`/support/<id>/`: one ticket's conversation, reply, close, open again."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right, allows
from apps.changes import machine
from apps.support import selectors, tasks
from apps.support.about import list_of_ticket
from apps.support.changes import ReplyToTicket, SetTicketStatus
from apps.support.forms import ReplyForm, StatusForm
from apps.support.services import writing
from apps.support.wording import reference_of
from apps.ui.http import STOP, get_or_post
from apps.ui.lists.state import digits
from apps.ui.render import SeeOther, guarded, render_page, wants_part

P = ParamSpec("P")
LOOKS = 40  # of an open page, 15 s apart, without news: then it looks no more


def of_ticket(
    view: Callable[Concatenate[PortalRequest, Any, P], HttpResponseBase],
) -> Callable[Concatenate[PortalRequest, int, P], HttpResponseBase]:
    """The view gets the account's ticket of that id; anybody else's doesn't exist."""

    @wraps(view)
    def found(
        request: PortalRequest, ticket: int, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        row = selectors.get_ticket(request.account, ticket, request.user)
        return view(request, row, *args, **kwargs)

    # wraps() forgets that a view may be called by position
    return found  # type: ignore[return-value]


@role_required(Right.VIEW)
@of_ticket
def show(request: PortalRequest, row: Any) -> HttpResponse:
    tasks.ask_for_one(row)
    return _page(request, row)


@role_required(Right.TICKETS)
@of_ticket
def reply(request: PortalRequest, row: Any) -> HttpResponse:
    """One press, one reply; with "close" two changes, the second after the first."""
    form, close = ReplyForm(request.POST), StatusForm(request.POST, prefix="close")
    account, user = request.account, request.user
    writing.save_draft(account, user, row.ticket, body=request.POST.get("text", ""))
    if not form.is_valid():
        form.renew()
        return _page(request, row, form, 422)
    token, text = form.token, form.cleaned_data["text"]
    if row.newest > (form.cleaned_data["seen"] or 0):
        return _page(request, row, form, 422, came=True)
    try:
        writing.check_caps(account, user, new=False, token=token)
    except writing.TooMuch as why:
        form.add_error(None, str(why))
        return _page(request, row, form, 429)
    written = writing.keep_text(user, token, text, account=account, ticket=row.ticket)
    subject = str(row.ticket)
    change = ReplyToTicket(account, subject, reference=reference_of(token), text=text)
    try:
        entry = machine.submit(change, by=user, token=token)
    except machine.Declined:
        writing.take_back(written)
        raise
    writing.sent(written, entry.pk)
    if "and_close" in request.POST and close.is_valid():
        closing = SetTicketStatus(account, subject, status="closed")
        machine.submit(closing, by=user, token=close.token, after=entry)
    machine.wait(entry)
    tasks.ask_for_one(row)
    return SeeOther(f"/support/{row.ticket}/#reply")


detail = get_or_post(show, reply)


@require_safe
@role_required(Right.VIEW)
@of_ticket
def talk(request: PortalRequest, row: Any) -> HttpResponseBase:
    """The conversation again, for a page that is open; the page, to a plain browser."""
    if not wants_part(request):
        return show(request, row.ticket)
    tasks.ask_for_one(row)
    news = digits(request.GET.get("newest")) != row.newest
    tries = 0 if news else digits(request.GET.get("tries"))
    context = _context(request, row) | {"tries": tries, "part": True}
    status = STOP if tries >= LOOKS else 200
    return guarded(render_page(request, "support/_talk.html", context, status))


@require_POST
@role_required(Right.TICKETS)
@of_ticket
def status(request: PortalRequest, row: Any) -> HttpResponse:
    """Close it, or open it again."""
    form = StatusForm(request.POST)
    if not form.is_valid():
        return _page(request, row, status=422)
    change = SetTicketStatus(request.account, str(row.ticket), status=form.cleaned_data["status"])
    machine.wait(machine.submit(change, by=request.user, token=form.token))
    return SeeOther(f"/support/{row.ticket}/")


@require_POST
@role_required(Right.VIEW)
@of_ticket
def seen(request: PortalRequest, row: Any, thread: int) -> HttpResponse:
    """This member has the conversation up to that message before their eyes."""
    writing.mark_seen(row, request.user, thread)
    return HttpResponse(status=204)


@require_POST
@role_required(Right.TICKETS)
@of_ticket
def draft(request: PortalRequest, row: Any) -> HttpResponse:
    """Keep what is being typed."""
    if not writing.is_sent(request.POST.get("token", "")):
        body = request.POST.get("text", "")
        writing.save_draft(request.account, request.user, row.ticket, body=body)
    return HttpResponse(status=204)


@require_POST
@role_required(Right.TICKETS)
@of_ticket
def dismiss(request: PortalRequest, row: Any) -> HttpResponse:
    """A reply that did not arrive is not wanted anymore."""
    writing.let_go(request.account, request.user, request.POST.get("reference", ""))
    return SeeOther(f"/support/{row.ticket}/")


def _context(request: PortalRequest, row: Any) -> dict[str, Any]:
    talk = selectors.conversation(row, request.account, request.user)
    may_write = allows(request.membership.role, Right.TICKETS)
    about = list_of_ticket(request.account, row.ticket)
    return talk | {"may_write": may_write, "tries": 0, "about": about}


def _page(
    request: PortalRequest,
    row: Any,
    form: ReplyForm | None = None,
    status: int = 200,
    *,
    came: bool = False,
) -> HttpResponse:
    """came: a message of support's arrived since the form was opened, and holds it."""
    context = _context(request, row)
    if context["may_write"]:
        draft = selectors.find_draft(request.account, request.user, row.ticket)
        again = selectors.find_lost(request.account, request.user, request.GET.get("again", ""))
        text = again.body if again and again.ticket == row.ticket else draft.body if draft else ""
        context |= {
            "form": form or ReplyForm(initial={"text": text, "seen": row.newest}),
            "close": StatusForm(prefix="close", initial={"status": "closed"}),
            "draft": draft,
            "came": came,
            "turning": StatusForm(
                initial={"status": "active" if context["closed"] else "closed"},
                auto_id="id_status_%s",
            ),
        }
    return render_page(request, "support/detail.html", context, status)
