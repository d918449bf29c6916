"""`/billing/calls/`: the account's calls, searched, filtered and summed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.http import HttpRequest

from apps import phones
from apps.accounts.models import Account
from apps.billing.calls import asks, period, shown
from apps.billing.calls.chart import Chart, chart_of
from apps.billing.calls.period import Period
from apps.billing.calls.shape import LONGEST
from apps.billing.calls.shown import Row
from apps.billing.calls.spans import Spans
from apps.billing.models import Books, Call
from apps.money import MICRO
from apps.numbers.international import ABROAD
from apps.ui.format import rate
from apps.ui.format import zone as zone_of
from apps.ui.lists.page import Listing, by_key, list_page
from apps.ui.lists.spec import Choice, Column, Filter, ListSpec
from apps.ui.lists.state import ListState
from apps.voicetel import clock

SUMMED = 100_000  # calls that are added up for a page; of more, the newest
NEWEST = ("-at", "-record")
DIRECTIONS = {
    "in": Call.Direction.IN,
    "out": Call.Direction.OUT,
    "within": Call.Direction.WITHIN,
    "unknown": Call.Direction.UNKNOWN,
}
INTERNATIONAL = "international"


class Party(Filter):
    """A number as our rows have it: (201) 555-0110, +44 20 7946 0958, 911; or "withheld"."""

    __slots__ = ()

    def label_of(self, value: str) -> str:
        if value == shown.WITHHELD.lower():
            return shown.WITHHELD
        digits = value.removeprefix("+")
        fits = digits.isascii() and digits.isdigit() and len(value) <= LONGEST
        return shown.party(value) if fits else ""


class Area(Filter):
    """An area as our rows have it, or "international" for all countries but the US and Canada."""

    __slots__ = ()

    def label_of(self, value: str) -> str:
        if value == INTERNATIONAL:
            return "International"
        plain = value.replace("+", "").replace("-", "")
        return shown.area(value) if plain.isascii() and plain.isalnum() and len(value) < 10 else ""


def _offset(row: Row) -> str:
    """UTC-05:00, which no spreadsheet takes for a formula."""
    told = f"{row.at:%z}"
    return f"UTC{told[:3]}:{told[3:5]}"


def _amount(row: Row) -> str:
    return shown.dollars(row.call.cost)


SPEC: ListSpec[Row] = ListSpec(
    (
        Column("at", "Time", "at", order=("at", "record"), text=lambda row: row.at),
        Column("offset", "UTC offset", table=False, text=_offset),
        Column("own", "Your number", text=lambda row: row.own),
        Column("label", "Label", table=False, text=lambda row: row.label),
        Column("direction", "Direction", text=lambda row: row.direction),
        Column("far", "Other party", text=lambda row: row.far),
        Column("name", "Name", table=False, text=lambda row: row.call.name),
        Column("area", "Area", table=False, text=lambda row: shown.area(row.call.area)),
        Column("length", "Length", right=True),
        Column("seconds", "Seconds", table=False, text=lambda row: row.call.seconds),
        Column(
            "rate",
            "Per minute",
            right=True,
            narrow=False,
            roomy=True,
            text=lambda row: shown.dollars(row.call.rate),
        ),
        Column("cost", "Cost", right=True, text=_amount),
        Column("record", "Record", table=False, text=lambda row: bytes(row.call.record).hex()),
    ),
    "-at",
    (
        *period.FILTERS,
        Filter(
            "direction",
            "Direction",
            tuple(Choice(name, each.label) for name, each in DIRECTIONS.items()),
        ),
        Party("own", "Your number", ()),
        Party("far", "Other party", ()),
        Area(
            "area",
            "Area",
            (Choice(INTERNATIONAL, "International"), Choice("toll-free", "Toll-free")),
        ),
        Filter(
            "cost",
            "Cost",
            (
                Choice("none", "No charge"),
                Choice("some", "Charged"),
                Choice("1", "$1.00 or more"),
                Choice("10", "$10.00 or more"),
            ),
        ),
        Filter(
            "length",
            "Length",
            (
                Choice("short", "Under 30 seconds"),
                Choice("10m", "10 minutes or more"),
                Choice("1h", "1 hour or more"),
            ),
        ),
    ),
    searchable="Search numbers and names",
)
COSTS = {
    "none": Q(cost=0),
    "some": Q(cost__gt=0),
    "1": Q(cost__gte=MICRO),
    "10": Q(cost__gte=10 * MICRO),
}
LENGTHS = {"short": Q(seconds__lt=30), "10m": Q(seconds__gte=600), "1h": Q(seconds__gte=3600)}


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of what a list shows. cost: micro-dollars. capped: of the newest SUMMED calls only."""

    calls: int
    seconds: int
    cost: int
    longest: int
    capped: bool

    @property
    def time(self) -> str:
        return shown.duration(self.seconds)

    @property
    def each(self) -> str:
        return shown.length(self.seconds // self.calls) if self.calls else ""

    @property
    def each_cost(self) -> str:
        return rate(self.cost // self.calls) if self.calls else ""

    @property
    def longest_said(self) -> str:
        return shown.length(self.longest)


@dataclass(frozen=True, slots=True)
class Chip:
    """A direction to narrow the list to, with how many calls there are of it."""

    label: str
    url: str
    chosen: bool
    count: str


@dataclass(frozen=True, slots=True)
class Page:
    listing: Listing[Row]
    totals: Totals
    chips: tuple[Chip, ...]
    period: Period
    chart: Chart | None


def list_calls(request: HttpRequest, account: Account, books: Books, held: Spans) -> Page:
    """The page that the URL asks for, in five queries: counts, rows, labels, sums, bars."""
    found = Call.objects.of(account)
    state = ListState.of(SPEC, request)
    asked = period.asked(state.filters, account.zone, clock.about_now())
    listing: Listing[Any] = list_page(
        request, SPEC, found, narrow=partial(narrow, asked=asked), row=_itself, noun="call"
    )
    calls: list[Call] = list(listing.rows)
    labels = shown.labels_of(account, {side for call in calls for side in (call.own, call.far)})
    rows = shown.rows_of(account, calls, labels)
    totals, chips = sums(found, listing.state, asked)
    now = int(clock.about_now().timestamp()) + books.skew
    floor = now - asks.HISTORY if books.floor is None else books.floor
    matching = narrow(found, listing.state, asked)
    chart = chart_of(matching, asked, account.zone, now, floor, held) if held else None
    return Page(replace(listing, rows=rows), totals, chips, asked, chart)


def all_calls(request: HttpRequest, account: Account) -> Iterator[Row]:
    """Every row that the URL asks for, newest first, for an export."""
    state = ListState.of(SPEC, request)
    asked = period.asked(state.filters, account.zone, clock.about_now())
    found = narrow(Call.objects.of(account), state, asked)
    labels = shown.labels_of(account)
    zone = zone_of(account.zone)
    return (shown.row_of(call, zone, labels) for call in by_key(found, state.order))


def _itself(call: Any) -> Any:
    return call


def narrow(found: QuerySet[Call], state: ListState, asked: Period) -> QuerySet[Call]:
    """What passes the search and the filters of an address."""
    found = _narrow_all_directions(found, state, asked)
    direction = DIRECTIONS.get(state.filters.get("direction", ""))
    return found if direction is None else found.filter(direction=direction)


def _narrow_all_directions(
    found: QuerySet[Call], state: ListState, asked: Period
) -> QuerySet[Call]:
    filters = state.filters
    if asked.since is not None:
        found = found.filter(at__gte=asked.since)
    if asked.until is not None:
        found = found.filter(at__lt=asked.until)
    for side in ("own", "far"):
        if value := filters.get(side):
            found = found.filter(**{side: "" if value == shown.WITHHELD.lower() else value})
    if area := filters.get("area"):
        abroad = Q(area__startswith="+") | Q(area__in=tuple(ABROAD))
        found = found.filter(abroad if area == INTERNATIONAL else Q(area=area))
    if cost := filters.get("cost"):
        found = found.filter(COSTS[cost])
    if length := filters.get("length"):
        found = found.filter(LENGTHS[length])
    return found.filter(searched(state.q)) if state.q else found


def searched(q: str) -> Q:
    """Calls with these digits in a number of either side, or with these words in the name."""
    digits, without = phones.sought(q)
    if not digits:
        return Q(name__icontains=q)
    found = Q(own__contains=digits) | Q(far__contains=digits)
    if without:
        found |= Q(own__startswith=without) | Q(far__startswith=without)
    return found


def sums(found: QuerySet[Call], state: ListState, asked: Period) -> tuple[Totals, tuple[Chip, ...]]:
    """The sums of the list and the chips of its directions, in one query over the newest calls."""
    every = _narrow_all_directions(found, state, asked)
    newest = every.order_by(*NEWEST)[: SUMMED + 1]
    wanted: dict[str, Any] = {}
    for name, direction in DIRECTIONS.items():
        only = Q(direction=direction)
        wanted[f"{name}_calls"] = Count("pk", filter=only)
        wanted[f"{name}_seconds"] = Sum("seconds", filter=only, default=0)
        wanted[f"{name}_cost"] = Sum("cost", filter=only, default=0)
        wanted[f"{name}_longest"] = Max("seconds", filter=only, default=0)
    told = newest.aggregate(**wanted)
    of = {name: {key: told[f"{name}_{key}"] for key in ("calls", "seconds", "cost", "longest")}
          for name in DIRECTIONS}  # fmt: skip
    many = sum(each["calls"] for each in of.values())
    capped = many > SUMMED
    chosen = state.filters.get("direction", "")
    used = [of[chosen]] if chosen else list(of.values())
    totals = Totals(
        calls=sum(each["calls"] for each in used),
        seconds=sum(each["seconds"] for each in used),
        cost=sum(each["cost"] for each in used),
        longest=max(each["longest"] for each in used),
        capped=capped,
    )
    more = "+" if capped else ""
    chips = [Chip("All", state.url(direction=""), not chosen, f"{many:,}{more}")]
    chips += [
        Chip(each.label, state.url(direction=name), name == chosen, f"{of[name]['calls']:,}{more}")
        for name, each in DIRECTIONS.items()
        if of[name]["calls"] or name == chosen
    ]
    return totals, tuple(chips)
