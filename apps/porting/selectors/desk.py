"""The list of ports: what waits for us, then all by date."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from apps import phones
from apps.accounts.models import Account
from apps.porting.models import NO_DATE, Draft, DraftNumber, Port, PortNumber, with_numbers
from apps.porting.rules.stages import TONES, Stage
from apps.porting.selectors import orders
from apps.text import shortened
from apps.ui.format import count, phone
from apps.ui.lists.page import Listing, list_page, list_rows
from apps.ui.lists.spec import Choice, Column, Filter, ListSpec
from apps.ui.lists.state import ListState
from apps.voicetel import clock

QUIET = timedelta(days=5)  # without a change: the page says so in amber
SHOWN_NUMBERS = 1  # of a row; the rest are counted
SHOW = Filter(
    "show",
    "Show",
    (
        Choice("open", "Open"),
        Choice("waiting", "Waiting for you"),
        Choice("dated", "Date set"),
        Choice("quiet", "No change for 5 days"),
        Choice("complete", "Complete"),
    ),
)
WAITING = Q(stage=Stage.REJECTED, corrected_at=None) | Q(stage=Stage.LETTER, uploaded_at=None)


@dataclass(frozen=True, slots=True)
class Row:
    """A port, ready to be shown. firm: the old carrier committed to the date."""

    pid: str
    href: str
    date: str
    firm: bool
    number: str
    more: int
    numbers: str
    carrier: str
    stage: str
    tone: str
    status: str
    message: str
    days: int
    quiet: bool
    closed: bool
    created_at: datetime

    @property
    def quiet_for(self) -> str:
        return "Today" if self.days < 1 else count(self.days, "day")


def carrier_of(port: Port) -> str:
    """The losing carrier within a sentence."""
    return shortened(port.carrier, 60) or "the old carrier"


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def day_words(on: date, year: int) -> str:
    """Tue, Dec 8; with the year where it is another."""
    return f"{on:%a, %b} {on.day}" + (f", {on.year}" if on.year != year else "")


def row_of(port: Port) -> Row:
    now = clock.about_now()
    numbers = sorted(each.number for each in port.numbers.all())
    stage = Stage(port.stage)
    days = max((now - port.changed_at).days, 0)
    closed = port.closed_at is not None
    return Row(
        pid=port.pid,
        href=f"/porting/{port.pid}/",
        date="" if port.sort_on == NO_DATE else day_words(port.sort_on, now.year),
        firm=port.foc_on is not None,
        number=phone(numbers[0]) if numbers else "",
        more=len(numbers) - 1,
        numbers=" ".join(numbers),
        carrier=shortened(port.carrier, 60) or "Not known",
        stage="No longer listed" if port.missed_at else str(stage.label),
        tone="neutral" if port.missed_at else TONES[stage],
        status=port.status,
        message=shortened(port.message or port.status, 120),
        days=days,
        quiet=not closed and timedelta(days=days) >= QUIET,
        closed=closed,
        created_at=port.created_at,
    )


DATE: Column[Row] = Column(
    "date", "Move date", "date", order=("sort_on", "id"), text=lambda row: row.date
)
NUMBERS: Column[Row] = Column("numbers", "Numbers", text=lambda row: row.numbers)
CARRIER: Column[Row] = Column("carrier", "From", narrow=False, text=lambda row: row.carrier)
STAGE: Column[Row] = Column("stage", "Status", text=lambda row: row.stage)
MESSAGE: Column[Row] = Column(
    "message", "VoiceTel's latest message", narrow=False, roomy=True, text=lambda row: row.message
)
CHANGED: Column[Row] = Column(
    "changed",
    "No change for",
    "changed",
    narrow=False,
    right=True,
    order=("changed_at", "id"),
    text=lambda row: row.quiet_for,
)
PID: Column[Row] = Column("pid", "Order", table=False, text=lambda row: row.pid)
ORDERED: Column[Row] = Column("ordered", "Ordered", table=False, text=lambda row: row.created_at)
SPEC: ListSpec[Row] = ListSpec(
    (DATE, NUMBERS, CARRIER, STAGE, MESSAGE, CHANGED, PID, ORDERED),
    "date",
    (SHOW,),
    searchable="Number or carrier",
)


def narrow(found: QuerySet[Port], state: ListState) -> QuerySet[Port]:
    """Open ones unless the address says otherwise; a search looks through all of them."""
    show = state.filters.get("show", "" if state.q else "open")
    if show in {"open", "waiting", "dated", "quiet"}:
        found = found.filter(closed_at=None)
    if show == "waiting":
        found = found.filter(WAITING)
    elif show == "dated":
        found = found.exclude(foc_on=None)
    elif show == "quiet":
        found = found.filter(changed_at__lte=clock.about_now() - QUIET)
    elif show == "complete":
        found = found.exclude(closed_at=None)
    return found.filter(matches(state.q)) if state.q else found


def heading(state: ListState) -> str:
    """What the page shows, as a heading."""
    if state.q:
        return "Ports found"
    words = {"waiting": "Ports that wait for you", "dated": "Ports with a date"}
    words |= {"quiet": "Ports without news", "complete": "Complete ports"}
    return words.get(state.filters.get("show", ""), "Open ports")


def matches(q: str) -> Q:
    """A part of a number, of the carrier's name, or a whole order's id."""
    whole, begins = phones.sought(q)
    wanted = Q(carrier__icontains=q) | Q(pid__iexact=q)
    for digits in filter(None, (whole, begins)):
        having = PortNumber.objects.across_accounts().filter(
            account=OuterRef("account"), port=OuterRef("pk"), number__contains=digits
        )
        wanted |= Q(Exists(having))
    return wanted


def list_ports(request: HttpRequest, account: Account) -> Listing[Row]:
    """The page that the address asks for, in three queries."""
    found = Port.objects.of(account).prefetch_related(with_numbers(account))
    return list_page(request, SPEC, found, narrow=narrow, row=row_of, noun="port")


def list_all(request: HttpRequest, account: Account) -> Iterator[Row]:
    """Every port that the address asks for, for an export."""
    found = Port.objects.of(account).prefetch_related(with_numbers(account))
    return list_rows(request, SPEC, found, narrow=narrow, row=row_of)


@dataclass(frozen=True, slots=True)
class Shown:
    """A draft on the desk."""

    href: str
    title: str
    said: str
    at: datetime
    by: str


def list_drafts(account: Account) -> list[Shown]:
    """Drafts of which something is not sent yet, newest first. Two queries."""
    rows = (
        Draft.objects.of(account)
        .annotate(many=Count("numbers", distinct=True), bills=Count("groups", distinct=True))
        .order_by("-changed_at", "-pk")[:50]
    )
    found = list(rows)
    sent = finished(account, [draft.pk for draft in found])
    return [
        Shown(
            f"/porting/new/{draft.pk}/",
            draft.title or "Port order",
            f"{count(draft.many, 'number')} on {count(draft.bills, 'bill')}",
            draft.changed_at,
            draft.changed_by,
        )
        for draft in found
        if draft.pk not in sent
    ]


def finished(account: Account, drafts: list[int]) -> set[int]:
    """Those whose every group became a port. Two queries."""
    rows = DraftNumber.objects.of(account).filter(draft__in=drafts).exclude(group=None)
    groups: dict[int, set[int]] = {}
    for draft, group in rows.values_list("draft", "group").distinct():
        groups.setdefault(draft, set()).add(group)
    every = [group for each in groups.values() for group in each]
    done = {
        group for group, entry in orders.entries_of(account, every).items() if orders.is_done(entry)
    }
    return {draft for draft, each in groups.items() if each and each <= done}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A port that waits for somebody of the account. text: what for, in a sentence."""

    port: Port
    row: Row
    text: str


def waiting(account: Account, most: int = 20) -> list[Waiting]:
    """Those that wait the longest first. Two queries."""
    found = (
        Port.objects.of(account)
        .filter(WAITING, closed_at=None)
        .order_by("changed_at", "pk")
        .prefetch_related(with_numbers(account))[:most]
    )
    return [Waiting(port, row_of(port), waits_for(port)) for port in found]


def waits_for(port: Port) -> str:
    """What a member has to do, in a sentence."""
    numbers = count(len(port.numbers.all()), "number") if port.numbers.all() else "your numbers"
    if port.stage == Stage.REJECTED:
        return f"{capital(carrier_of(port))} declined {numbers}. Correcting the order is free."
    return f"{capital(carrier_of(port))} needs your signature for {numbers}."
