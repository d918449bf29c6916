"""The list of numbers by what is known of their 911 address, gaps first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from apps import phones
from apps.accounts.models import Account
from apps.changes.selectors import find_moving, how_soon, mark_of
from apps.copies.models import Copy
from apps.e911 import lines
from apps.e911.models import Record
from apps.e911.services.facts import facts_of
from apps.e911.thing import ADDRESS
from apps.numbers.models import Number
from apps.numbers.thing import NUMBER
from apps.text import folded
from apps.ui.collected import Figure
from apps.ui.format import phone
from apps.ui.lists.page import MOST, Listing, counts, list_page, list_rows
from apps.ui.lists.spec import Choice, Column, Filter, ListSpec
from apps.ui.lists.state import ListState
from apps.voicetel import clock

Standing = Record.Standing
PART = "e911-list"
YEAR = timedelta(days=365)
# of each standing: its name in the URL, its tone, and what it means for who calls 911
SHOWN: dict[int, tuple[str, str, str]] = {
    Standing.NONE: ("none", "bad", "911 can't see where the caller is"),
    Standing.SAID: ("unconfirmed", "warn", "Sent, not read back yet"),
    Standing.UNKNOWN: ("unknown", "neutral", "VoiceTel's list hasn't said yet"),
    Standing.PROTECTED: ("protected", "good", "VoiceTel shows an address"),
}
BY_NAME = {name: standing for standing, (name, _, _) in SHOWN.items()}


@dataclass(frozen=True, slots=True)
class Row:
    """A number, ready to be shown. moving: (word, tone) of a change under way."""

    pk: int
    number: str
    word: str
    tone: str
    caller_name: str
    address: str
    confirmed_at: datetime | None
    differs: bool = False
    label: str = ""
    moving: tuple[str, str] | None = None
    state: str = ""

    @property
    def phone(self) -> str:
        return phone(self.number)


COLUMNS: tuple[Column[Row], ...] = (
    Column("number", "Number", "number", order=("number",), text=lambda row: row.phone),
    Column("label", "Label", roomy=True, text=lambda row: row.label),
    Column("standing", "911", "standing", order=("standing", "number"), text=lambda row: row.word),
    Column(
        "address",
        "Address",
        "address",
        narrow=False,
        order=("city", "address1", "number"),
        text=lambda row: row.address,
    ),
    Column(
        "caller_name", "Caller name", narrow=False, roomy=True, text=lambda row: row.caller_name
    ),
    Column("reviewed", "Reviewed", narrow=False, right=True, text=lambda row: row.confirmed_at),
)
STANDINGS = Filter(
    "standing", "911", tuple(Choice(SHOWN[each][0], str(each.label)) for each in Standing)
)
REVIEWED = Filter(
    "reviewed", "Reviewed", (Choice("no", "Not in a year"), Choice("yes", "Within a year"))
)


def spec_of(copy: Copy | None) -> ListSpec[Row]:
    """What the list offers: of cities those that the last list had most of."""
    cities = tuple(Choice(city, city) for city, _ in facts_of(copy)["cities"])
    filters = (STANDINGS, *((Filter("city", "City", cities),) if len(cities) > 1 else ()), REVIEWED)
    return ListSpec(
        COLUMNS, "standing", filters, searchable="Number, label, street, or caller name"
    )


def row_of(record: Record) -> Row:
    name, tone, _ = SHOWN[record.standing]
    return Row(
        record.pk,
        record.number,
        str(Standing(record.standing).label),
        tone,
        record.caller_name,
        lines.on_one_line(lines.of_row(record)),
        record.confirmed_at,
        differs=bool(record.wished) and name == "protected",
    )


def narrow(account: Account, found: QuerySet[Record], state: ListState) -> QuerySet[Record]:
    """What passes the search and the filters of the URL."""
    if standing := state.filters.get("standing"):
        found = found.filter(standing=BY_NAME[standing])
    if city := state.filters.get("city"):
        found = found.filter(city=city)
    if reviewed := state.filters.get("reviewed"):
        recent = Q(confirmed_at__gt=clock.about_now() - YEAR)
        found = found.filter(address1__gt="")
        found = found.filter(recent) if reviewed == "yes" else found.exclude(recent)
    return found.filter(matching(account, state.q)) if state.q else found


def matching(account: Account, q: str) -> Q:
    """What was typed: a part of a number, of its label, of its address or caller name."""
    said = Q(address1__icontains=q) | Q(address2__icontains=q) | Q(caller_name__icontains=q)
    said |= Q(city__icontains=q)
    named = Number.objects.of(account).filter(folded__contains=folded(q))
    said |= Q(number__in=named.values("number"))
    if digits := phones.sought(q)[0]:
        said |= Q(number__contains=digits)
    return said


def page(
    request: HttpRequest, account: Account, copy: Copy | None, *, select: str = ""
) -> Listing[Row]:
    """The page that the URL asks for, with labels and what is under way. Four queries."""
    found, passing = Record.objects.of(account), partial(narrow, account)
    spec = spec_of(copy)
    listing = list_page(
        request, spec, found, narrow=passing, row=row_of, noun="number", select=select
    )
    numbers = [row.number for row in listing.rows]
    moving = find_moving(account, ADDRESS.name, numbers)
    rows = [
        replace(row, moving=mark_of(moving[row.number]), state=moving[row.number])
        if row.number in moving
        else row
        for row in _named(account, listing.rows)
    ]
    return replace(listing, rows=rows, every=how_soon(row.state for row in rows if row.state))


def all_rows(request: HttpRequest, account: Account, copy: Copy | None) -> Iterator[Row]:
    """Every row that the URL asks for, for an export."""
    found = Record.objects.of(account)
    passing = partial(narrow, account)
    rows = list_rows(request, spec_of(copy), found, narrow=passing, row=row_of)
    labels = dict(
        Number.objects.of(account).exclude(label="").values_list("number", "label").iterator()
    )
    return (replace(row, label=labels.get(row.number, "")) for row in rows)


def _named(account: Account, rows: Iterable[Row]) -> list[Row]:
    found = list(rows)
    labels = NUMBER.named(account, [row.number for row in found])
    return [replace(row, label=labels.get(row.number, "")) for row in found]


def figures(account: Account) -> list[Figure]:
    """How many numbers stand how, each up to 1,000. One query."""
    found = Record.objects.of(account)
    many = counts(
        *(found.filter(standing=each).values("pk")[: MOST + 1] for each in Standing),
    )
    return [
        Figure(
            str(standing.label),
            f"{min(total, MOST):,}{'+' if total > MOST else ''}",
            SHOWN[standing][2],
            f"/e911/?standing={SHOWN[standing][0]}",
        )
        for standing, total in zip(Standing, many, strict=True)
    ]


def gaps(many: int, *, more: bool = False) -> str:
    """3 numbers call 911 with no address. more: there are more than that."""
    if many == 1:
        return "1 number calls 911 with no address."
    return f"{many:,}{'+' if more else ''} numbers call 911 with no address."
