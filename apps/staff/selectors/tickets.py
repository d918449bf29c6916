"""Tickets as staff see them: the list, and one with everything inside."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.safestring import SafeString, mark_safe

from apps.accounts.models import User
from apps.changes.models import Entry
from apps.staff.desk import reading
from apps.staff.models import Aside, Desk, InsideMessage, InsideTicket, Template, Writing
from apps.support.clean import from_plain
from apps.support.models import Written
from apps.support.selectors import Sending, size_of
from apps.text import plain
from apps.ui.format import lasting
from apps.ui.lists.page import Listing, list_page
from apps.ui.lists.spec import Choice, Column, Filter, ListSpec
from apps.ui.lists.state import ListState
from apps.voicetel import clock

Turn, Kind = InsideTicket.Turn, InsideMessage.Kind
TONES = {Turn.OURS: "warn", Turn.THEIRS: "info", Turn.CLOSED: "neutral", Turn.SPAM: "neutral"}
HERE = timedelta(seconds=60)  # somebody is writing: the last sign of it is younger
STALE = timedelta(minutes=10)
OTHERS = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One ticket, ready to be shown."""

    ticket: int
    subject: str
    who: str
    turn: str
    tone: str
    waits: str
    assignee: str
    taken: str
    updated_at: datetime


SPEC: ListSpec[Row] = ListSpec(
    (
        Column("ticket", "Ticket", "opened", order=("opened_at", "ticket")),
        Column("who", "Customer"),
        Column("turn", "Turn", "turn", order=("turn", "waiting_since", "ticket")),
        Column("taken", "Taken by", roomy=True),
        Column("updated", "Updated", "updated", right=True, order=("updated_at", "ticket")),
    ),
    "turn",
    (
        Filter(
            "view",
            "View",
            (
                Choice("unanswered", "Unanswered"),
                Choice("mine", "Mine"),
                Choice("pending", "Pending"),
                Choice("closed", "Closed"),
                Choice("spam", "Spam"),
            ),
        ),
        Filter(
            "age",
            "Updated",
            (
                Choice("day", "In the last day"),
                Choice("week", "In the last week"),
                Choice("older", "Before that"),
            ),
        ),
    ),
    searchable="Search tickets, customers and messages",
)


def list_tickets(request: HttpRequest) -> Listing[Row]:
    """The page of everyone's tickets that the URL asks for: two queries."""
    found = InsideTicket.objects.select_related("account", "taken_by")
    user: Any = request.user

    def narrow(found: QuerySet[Any], state: ListState) -> QuerySet[Any]:
        return _narrow(found, state, user)

    return list_page(request, SPEC, found, narrow=narrow, row=_row, noun="ticket")


def _narrow(found: QuerySet[Any], state: ListState, user: User) -> QuerySet[Any]:
    match state.filters.get("view"):
        case "unanswered":
            found = found.filter(turn=Turn.OURS)
        case "mine":
            found = found.filter(taken_by=user)
        case "pending":
            found = found.filter(status="pending")
        case "closed":
            found = found.filter(turn=Turn.CLOSED)
        case "spam":
            found = found.filter(turn=Turn.SPAM)
    now = clock.about_now()
    match state.filters.get("age"):
        case "day":
            found = found.filter(updated_at__gte=now - timedelta(days=1))
        case "week":
            found = found.filter(updated_at__gte=now - timedelta(days=7))
        case "older":
            found = found.filter(updated_at__lt=now - timedelta(days=7))
    return found.filter(matching(state.q)) if state.q else found


def matching(q: str) -> Q:
    """A ticket's number or id, an account's, an agent's or customer's name, words of the ticket."""
    number = plain(q).lstrip("#")
    said = InsideMessage.objects.filter(ticket=OuterRef("pk"), text__icontains=q)
    asked = Q(subject__icontains=q) | Q(name__icontains=q) | Q(email__icontains=q)
    asked |= Q(assignee__icontains=q) | Q(company__icontains=q) | Q(account__name__icontains=q)
    if number.isdigit():
        asked |= Q(number=number) | Q(account__number=number)
        if len(number) < 19:
            asked |= Q(ticket=int(number))
    return asked | Q(Exists(said))


def _row(each: InsideTicket) -> Row:
    turn = Turn(each.turn)
    waits = lasting((clock.about_now() - each.waiting_since).total_seconds())
    return Row(
        ticket=each.ticket,
        subject=each.subject,
        who=who_of(each),
        turn=turn.label,
        tone=TONES[turn],
        waits=waits if turn == Turn.OURS else "",
        assignee=each.assignee,
        taken=str(each.taken_by or ""),
        updated_at=each.updated_at,
    )


def who_of(each: InsideTicket) -> str:
    """The customer, as far as that is known: a guess is marked as one."""
    if each.account is None:
        return each.company or each.name or each.email or "No account found"
    return f"{each.account} (guess)" if each.guessed else str(each.account)


def desk() -> dict[str, Any]:
    """{"has_key", "desk": Desk or None, "stale"}: how old the list is, and what it lacks."""
    row = Desk.objects.filter(pk=reading.ONE).first()
    old = row is None or row.read_at is None or clock.about_now() - row.read_at > STALE
    return {"has_key": reading.has_key(), "desk": row, "stale": old}


def get_ticket(ticket: int) -> InsideTicket:
    """Raises Http404."""
    rows = InsideTicket.objects.select_related("account", "taken_by")
    found = rows.filter(ticket=ticket).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """One thread, or an aside of ours. inside: only staff see it."""

    thread: int
    who: str
    what: str
    at: datetime
    html: SafeString
    ours: bool
    inside: bool
    attachments: list[tuple[str, str, str]]


WORDS = {
    Kind.CUSTOMER: "",
    Kind.SUPPORT: "VoiceTel support",
    Kind.NOTE: "Note, only staff see this",
    Kind.DRAFT: "Draft in the help desk, not sent",
    Kind.SYSTEM: "Help desk",
    Kind.OTHER: "Of a kind this portal doesn't know, only staff see this",
}


def page(row: InsideTicket, user: User) -> dict[str, Any]:
    """Context of staff/ticket.html."""
    lines = [_line(each, row) for each in InsideMessage.objects.filter(ticket=row)]
    lines += [_aside(each) for each in Aside.objects.filter(ticket=row.ticket)]
    turn = Turn(row.turn)
    others = InsideTicket.objects.filter(account=row.account) if row.account else None
    return {
        "row": row,
        "who": who_of(row),
        "lines": sorted(lines, key=lambda each: (each.at, each.thread)),
        "turn": turn.label,
        "tone": TONES[turn],
        "waits": lasting((clock.about_now() - row.waiting_since).total_seconds()),
        "waiting": turn == Turn.OURS,
        "sending": list_sending(user, row.ticket),
        "desk_url": settings.VOICETEL_DESK_URL.format(id=row.ticket),
        "here": who_else(row.ticket, user),
        "others": list(others.exclude(pk=row.pk).order_by("turn", "-updated_at")[:OTHERS])
        if others is not None
        else [],
    }


def _line(each: InsideMessage, row: InsideTicket) -> Line:
    kind = Kind(each.kind)
    nameless = (row.name or row.email) if kind == Kind.CUSTOMER else "VoiceTel"
    return Line(
        thread=each.thread,
        who=each.author or nameless,
        what=WORDS[kind],
        at=each.at,
        html=mark_safe(each.html),  # noqa: S308  cleaned by support/clean.py when it was written
        ours=kind == Kind.SUPPORT,
        inside=kind not in {Kind.CUSTOMER, Kind.SUPPORT},
        attachments=[(name, url, size_of(size)) for name, url, size in each.attachments],
    )


def _aside(each: Aside) -> Line:
    return Line(
        thread=0,
        who=each.name,
        what="Aside, only staff see this, only in this portal",
        at=each.at,
        html=mark_safe(from_plain(each.text)),  # noqa: S308  escaped by it
        ours=False,
        inside=True,
        attachments=[],
    )


def list_sending(user: User, ticket: int) -> list[Sending]:
    """This person's texts for a ticket that VoiceTel does not show yet, oldest first."""
    rows = list(
        Written.objects.across_accounts()
        .filter(staff=True, user=user, ticket=ticket, seen_at=None)
        .exclude(entry=None)
        .order_by("pk")
    )
    entries = {
        each.pk: each
        for each in Entry.objects.across_accounts().filter(pk__in=[each.entry for each in rows])
    }
    return [
        Sending(each.reference, each.subject, each.body, each.at, entries.get(each.entry or 0))
        for each in rows
    ]


def find_lost(user: User, reference: str) -> Written | None:
    """A text of this person's that did not arrive."""
    rows = Written.objects.across_accounts().filter(staff=True, user=user, reference=reference)
    return rows.filter(seen_at=None).first()


def who_else(ticket: int, user: User) -> list[Writing]:
    """Who else has a reply to it under their hands now."""
    young = Writing.objects.filter(ticket=ticket, at__gt=clock.about_now() - HERE)
    return list(young.exclude(user=user).select_related("user"))


def list_templates() -> list[Template]:
    return list(Template.objects.order_by("name"))


def find_template(pk: str) -> Template | None:
    return Template.objects.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 10 else None


def count_waiting() -> tuple[int, datetime | None]:
    """How many tickets wait for us, and since when the first of them does. One query."""
    waiting = InsideTicket.objects.filter(turn=Turn.OURS)
    found = waiting.aggregate(many=Count("pk"), since=Min("waiting_since"))
    return found["many"], found["since"]


def find_writing(ticket: int, user: User) -> Writing | None:
    return Writing.objects.filter(ticket=ticket, user=user).first()
