"""`/admin/tickets/`: everyone's tickets."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.gates import StaffRequest, staff_required
from apps.accounts.models import User
from apps.accounts.signing_in.sessions import signed_in_at
from apps.changes import machine
from apps.changes.states import FINAL
from apps.staff import services
from apps.staff.changes import DeleteTicket, OpenTicketFor, ReplyAsStaff, SetStatusAsStaff
from apps.staff.desk import canned, reading, writing
from apps.staff.desk.forms import (
    AnswerForm,
    AsideForm,
    DeleteForm,
    OpenForm,
    StatusForm,
    TemplateForm,
)
from apps.staff.models import InsideTicket
from apps.staff.selectors import tickets as selectors
from apps.support.services.writing import keep_text, sent, take_back
from apps.support.thing import NEW
from apps.support.wording import reference_of
from apps.ui.http import get_or_post, posted
from apps.ui.render import SeeOther, guarded, render_page, render_part

ZONE = "UTC"  # staff look at many accounts, each with a zone of its own


@require_safe
@staff_required
def index(request: StaffRequest) -> HttpResponse:
    """Every ticket, those that wait for us longest first."""
    context = {"listing": selectors.list_tickets(request), "zone": ZONE, **selectors.desk()}
    return render_part(request, "staff/_tickets.html", context, page="staff/tickets.html")


@require_POST
@staff_required
def refresh(request: StaffRequest) -> HttpResponse:
    """Have the list read at the next sweep."""
    reading.ask()
    messages.info(request, "The list is read within a minute.")
    return SeeOther("/admin/tickets/")


@staff_required
def show(request: StaffRequest, ticket: int) -> HttpResponse:
    return _page(request, selectors.get_ticket(ticket))


@staff_required
def reply(request: StaffRequest, ticket: int) -> HttpResponse:
    """One press, one reply; with "close" two changes, the second after the first."""
    row, user = selectors.get_ticket(ticket), request.user
    form, close = AnswerForm(request.POST), StatusForm(request.POST, prefix="close")
    writing.is_writing(ticket, user, request.POST.get("text", ""))
    if not form.is_valid():
        form.renew()
        return _page(request, row, form, 422)
    if row.newest > (form.cleaned_data["seen"] or 0):
        return _page(request, row, form, 422, came=True)
    token, text = form.token, form.cleaned_data["text"]
    written = keep_text(user, token, text, account=None, ticket=ticket)
    account: Any = _sure(row)
    reference, me = reference_of(token), first_name(user)
    change = ReplyAsStaff(account, str(ticket), reference=reference, text=text, name=me)
    try:
        entry = machine.submit(change, by=user, token=token)
    except machine.Declined:
        take_back(written)
        raise
    sent(written, entry.pk)
    writing.stop_writing(ticket, user)
    if "and_close" in request.POST and close.is_valid():
        closing = SetStatusAsStaff(account, str(ticket), status="closed")
        machine.submit(closing, by=user, token=close.token, after=entry)
    machine.wait(entry)
    reading.ask()
    return SeeOther(f"/admin/tickets/{ticket}/#reply")


one = get_or_post(show, reply)


@require_POST
@staff_required
def status(request: StaffRequest, ticket: int) -> HttpResponse:
    row = selectors.get_ticket(ticket)
    form = StatusForm(request.POST)
    if not form.is_valid():
        return _page(request, row, status=422)
    account: Any = _sure(row)
    change = SetStatusAsStaff(account, str(ticket), status=form.cleaned_data["status"])
    machine.wait(machine.submit(change, by=request.user, token=form.token))
    return SeeOther(f"/admin/tickets/{ticket}/")


@get_or_post
@staff_required
def delete(request: StaffRequest, ticket: int) -> HttpResponse:
    """Administrators alone, after a fresh sign-in, with the number typed."""
    row = selectors.get_ticket(ticket)
    if request.method == "POST":
        services.must_administer(request.user, "delete a ticket")
    form = DeleteForm(row.number, posted(request))
    if not form.is_valid():
        form.renew()
        administers = request.user.staff == User.Staff.ADMIN
        context = {"row": row, "form": form, "administers": administers, "zone": ZONE}
        page = "staff/ticket_delete.html"
        return render_page(request, page, context, 422 if form.is_bound else 200)
    account: Any = _sure(row)
    entry = machine.submit(
        DeleteTicket(account, str(ticket)),
        by=request.user,
        token=form.token,
        fresh_at=signed_in_at(request),
    )
    if machine.wait(entry).state in FINAL:
        messages.success(request, f"Ticket {row.number} is deleted.")
    else:
        messages.info(request, f"VoiceTel hasn't confirmed yet that ticket {row.number} is gone.")
    return SeeOther("/admin/tickets/")


@get_or_post
@staff_required
def new(request: StaffRequest) -> HttpResponse:
    """Open a ticket for a customer's address."""
    form = OpenForm(posted(request), initial={"email": request.GET.get("email", "")})
    if not form.is_valid():
        form.renew()
        context = {"form": form, "zone": ZONE, "me": first_name(request.user)}
        return render_page(request, "staff/ticket_new.html", context, 422 if form.is_bound else 200)
    user, token = request.user, form.token
    title, text = form.cleaned_data["subject"], form.cleaned_data["text"]
    written = keep_text(user, token, text, account=None, subject=title)
    nobody: Any = None
    opening = OpenTicketFor(
        nobody,
        NEW,
        title=title,
        email=form.cleaned_data["email"],
        reference=reference_of(token),
        text=text,
        name=first_name(user),
    )
    try:
        entry = machine.submit(opening, by=user, token=token)
    except machine.Declined:
        take_back(written)
        raise
    sent(written, entry.pk)
    entry = machine.wait(entry)
    reading.ask()
    if entry.state in FINAL:
        messages.success(request, "The ticket is open. It's in the list within a minute.")
    else:
        messages.info(request, f"The ticket isn't confirmed yet: {entry.shown.word.lower()}.")
    return SeeOther("/admin/tickets/")


@require_POST
@staff_required
def take(request: StaffRequest, ticket: int) -> HttpResponse:
    """Take it, or let go of it."""
    if not writing.take(selectors.get_ticket(ticket), request.user):
        messages.info(request, "Someone else took this ticket before you.")
    return SeeOther(f"/admin/tickets/{ticket}/")


@require_POST
@staff_required
def aside(request: StaffRequest, ticket: int) -> HttpResponse:
    """A note of ours, which stays in this portal."""
    row = selectors.get_ticket(ticket)
    form = AsideForm(request.POST)
    if not form.is_valid():
        return _page(request, row, status=422, aside_form=form)
    writing.add_aside(ticket, request.user, form.cleaned_data["text"])
    return SeeOther(f"/admin/tickets/{ticket}/")


@require_POST
@staff_required
def typing(request: StaffRequest, ticket: int) -> HttpResponse:
    """This person is writing: the text is kept, and the others see it. Answers with who else is."""
    selectors.get_ticket(ticket)
    if "text" in request.POST:
        writing.is_writing(ticket, request.user, request.POST["text"])
    context = {"here": selectors.who_else(ticket, request.user), "zone": ZONE}
    return guarded(render_page(request, "staff/_ticket_here.html", context))


@require_safe
@staff_required
def here(request: StaffRequest, ticket: int) -> HttpResponse:
    """Who else is writing now; a message of the customer's that came since, as a line."""
    row = selectors.get_ticket(ticket)
    context = {"here": selectors.who_else(ticket, request.user), "zone": ZONE, "row": row}
    return render_part(request, "staff/_ticket_here.html", context, page="staff/ticket_here.html")


@get_or_post
@staff_required
def templates(request: StaffRequest) -> HttpResponse:
    """Answers to be used again: all of them, and a form for one more or in place of one."""
    form = TemplateForm(posted(request))
    if form.is_valid():
        canned.save(form.cleaned_data["name"], form.cleaned_data["text"], request.user)
        messages.success(request, f"“{form.cleaned_data['name']}” is saved.")
        return SeeOther(request.path)
    context = {"form": form, "templates": selectors.list_templates(), "zone": ZONE}
    return render_page(request, "staff/templates.html", context, 422 if form.is_bound else 200)


def filled_in(text: str, row: InsideTicket, user: User) -> str:
    return canned.filled(text, row, first_name(user))


def first_name(user: User) -> str:
    return (user.name or user.email.split("@")[0]).split()[0][:40]


def _sure(row: InsideTicket) -> Any:
    """The account in whose journal it is written: where it's known, not guessed."""
    return None if row.guessed else row.account


def _page(
    request: StaffRequest,
    row: InsideTicket,
    form: AnswerForm | None = None,
    status: int = 200,
    *,
    came: bool = False,
    aside_form: AsideForm | None = None,
) -> HttpResponse:
    """came: a message of the customer's arrived since the form was opened, and holds it."""
    again = selectors.find_lost(request.user, request.GET.get("again", ""))
    kept = selectors.find_writing(row.ticket, request.user)
    text = again.body if again and again.ticket == row.ticket else kept.text if kept else ""
    template = selectors.find_template(request.GET.get("template", ""))
    if template:  # what was typed stays, below it
        text = "\n\n".join(filter(None, [filled_in(template.text, row, request.user), text]))
    context = {
        **selectors.page(row, request.user),
        "form": form or AnswerForm(initial={"text": text, "seen": row.newest}),
        "close": StatusForm(prefix="close", initial={"status": "closed"}),
        "turning": StatusForm(initial={"status": row.status}, auto_id="id_status_%s"),
        "aside": aside_form or AsideForm(auto_id="id_aside_%s"),
        "came": came,
        "templates": selectors.list_templates(),
        "me": first_name(request.user),
        "administers": request.user.staff == User.Staff.ADMIN,
        "zone": ZONE,
    }
    return render_page(request, "staff/ticket.html", context, status)
