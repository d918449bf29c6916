"""`/support/new/`: open a ticket."""

import json
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from apps.accounts.gates import PortalRequest, role_required
from apps.accounts.roles import Right
from apps.changes import machine
from apps.changes.states import FINAL
from apps.support import selectors
from apps.support.about import find_about
from apps.support.changes import OpenTicket
from apps.support.forms import TicketForm
from apps.support.services import writing
from apps.support.thing import NEW
from apps.support.wording import reference_of
from apps.ui.http import get_or_post
from apps.ui.render import SeeOther, render_page


@role_required(Right.TICKETS)
def show(request: PortalRequest) -> HttpResponse:
    """The form, with what was typed before and never sent. `again`: the text of one that did not
    arrive. `about`: the thing that it is about, with what we know of it filled in.
    """
    return _page(request, TicketForm(initial=_before(request)))


@role_required(Right.TICKETS)
def send(request: PortalRequest) -> HttpResponse:
    """One press, one ticket."""
    form = TicketForm(request.POST)
    keep_draft(request, form)
    if not form.is_valid():
        form.renew()
        return _page(request, form, 422)
    account, user, token = request.account, request.user, form.token
    try:
        writing.check_caps(account, user, new=True, token=token)
    except writing.TooMuch as why:
        form.add_error(None, str(why))
        return _page(request, form, 429)
    title, text = form.cleaned_data["subject"], form.whole()
    written = writing.keep_text(user, token, text, account=account, subject=title)
    opening = OpenTicket(
        account,
        NEW,
        title=title,
        about=form.cleaned_data["about"],
        reference=reference_of(token),
        text=text,
    )
    try:
        entry = machine.submit(opening, by=user, token=token)
    except machine.Declined:
        writing.take_back(written)
        raise
    writing.sent(written, entry.pk)
    entry = machine.wait(entry)
    entry.refresh_from_db(fields=["state", "answer"])
    if entry.state in FINAL and entry.answer.get("ticket"):
        return SeeOther(f"/support/{entry.answer['ticket']}/")
    return SeeOther("/support/")


form = get_or_post(show, send)


@require_POST
@role_required(Right.TICKETS)
def draft(request: PortalRequest) -> HttpResponse:
    """Keep what is being typed."""
    if not writing.is_sent(request.POST.get("token", "")):
        keep_draft(request, TicketForm(request.POST))
    return HttpResponse(status=204)


@require_POST
@role_required(Right.TICKETS)
def dismiss(request: PortalRequest) -> HttpResponse:
    """A text that did not arrive is not wanted anymore."""
    writing.let_go(request.account, request.user, request.POST.get("reference", ""))
    return SeeOther("/support/")


def keep_draft(request: PortalRequest, form: TicketForm) -> None:
    typed = form.typed()
    subject = typed.pop("subject")
    said = {part: text for part, text in typed.items() if text.strip()}
    body = json.dumps(said) if said else ""
    writing.save_draft(request.account, request.user, 0, subject=subject, body=body)


def _before(request: PortalRequest) -> dict[str, Any]:
    account, user = request.account, request.user
    lost = selectors.find_lost(account, user, request.GET.get("again", ""))
    if lost and lost.subject:
        return {"subject": lost.subject, "happened": lost.body}
    kept = selectors.find_draft(account, user, 0)
    found = {"subject": kept.subject} if kept else {}
    if kept and kept.body:
        found |= json.loads(kept.body)
    about = find_about(account, request.GET.get("about", ""))
    if about and found.get("about") != about.value:
        found |= {"about": about.value, "facts": about.text}
    return found


def _page(request: PortalRequest, form: TicketForm, status: int = 200) -> HttpResponse:
    about = find_about(request.account, str(form["about"].value() or ""))
    return render_page(request, "support/new.html", {"form": form, "about": about}, status)
