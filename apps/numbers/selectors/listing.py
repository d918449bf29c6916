"""One page of the list: what the URL asks for, as rows ready to be shown. One query, two with a search."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db.models import F, Func, QuerySet
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from apps.accounts.models import Account
from apps.numbers.facets import NO_ROUTE, Facets, Wanted
from apps.numbers.models import Copy, Number
from apps.numbers.search import MOST, Search, hits
from apps.numbers.traits import BITS, fits
from apps.ui.format import NOTHING, count, phone
from apps.ui.tables import Choice, Column, Filter, ListSpec, ListState, Menu, Window

PATH = "/numbers/"
UNROUTED = "none"  # the URL's word for numbers without a route
FEW = 1000  # so few rows are gathered by their traits and sorted; more are read in the order of the sort's own index
COLUMNS = (
    Column("number", "Number", sort="number"),
    Column("label", "Label", sort="label"),
    Column("route", "Route", sort="route"),
    Column("forward", "Forwards to", sort="forward"),
    Column("flags", "Services"),
)
SORTS = {"number": ("number",), "label": ("label", "number"), "route": ("gateway", "number"), "forward": ("forward_to", "number")}
YES_NO: dict[str, tuple[str, str, str]] = {
    "forwarded": ("Forwarding", "On", "Off"),
    "sms": ("SMS", "On", "Off"),
    "fax": ("Fax", "On", "Off"),
    "cnam": ("Caller name", "On", "Off"),
    "labeled": ("Label", "With", "Without"),
}
SHOWN = ("number", "label", "gateway", "route", "forward_to", "sms", "fax", "cnam")
FLAGS = ("SMS", "Fax", "Caller name")


class Plain(Func):
    """The column itself, but kept from SQLite's choice of an index: without statistics it takes the wrong one."""

    template = "%(expressions)s"

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s")


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list."""

    state: ListState
    rows: list[dict[str, Any]]
    total: int  # rows that match
    capped: bool  # there are more than total
    held: int  # rows of the account
    window: Window
    menus: tuple[Menu, ...]

    @property
    def held_words(self) -> str:
        return count(self.held, "number")

    @property
    def held_figure(self) -> str:
        return f"{self.held:,}"

    @property
    def here(self) -> str:
        """The address of this very page."""
        return self.state.url()

    @property
    def announced(self) -> str:
        """What the status line says: "All 24 numbers", "3 of 24 numbers", "1,000+ of 100,000 numbers"."""
        if not self.state.narrowed:
            return f"All {self.held_words}" if self.held > 1 else self.held_words
        return f"{self.total:,}{'+' if self.capped else ''} of {self.held_words}"


@lru_cache(maxsize=256)
def _spec(routes: tuple[tuple[str, str], ...]) -> ListSpec:
    """What the list offers to an account with these routes (URL value, name)."""
    flags = tuple(Filter(name, label, (Choice("1", yes), Choice("0", no))) for name, (label, yes, no) in YES_NO.items())
    route = Filter("route", "Route", tuple(Choice(value, name) for value, name in routes))
    return ListSpec(COLUMNS, "number", (route, *flags), (50, 100, 250), "Search numbers and labels")


def list_state(copy: Copy | None, given: QueryDict | Mapping[str, str]) -> ListState:
    """What a URL asks of this account's list."""
    names: dict[str, str] = copy.facets.get("routes", {}) if copy else {}
    routes = tuple(sorted(((key or UNROUTED, _route_name(name, key)) for key, name in names.items()), key=lambda each: each[1].lower()))
    return ListState.parse(_spec(routes), given, PATH)


def _route_name(name: str, key: str) -> str:
    return name or (f"Gateway {key}" if key else "No route")


def list_numbers(account: Account, copy: Copy | None, state: ListState) -> Listing:
    """The rows of one page, how many match, and the filter row with counts."""
    facets = Facets.load(copy.facets if copy else {})
    wanted, route = _asked(state)
    total, capped = sum(facets.matching(wanted, route).values()), False
    rows = Number.objects.of(account)
    if state.q:
        search = Search.of(state.q)
        found = hits(account, search, _allowed(wanted), _route_id(route), route is not None)
        total, capped = min(len(found), MOST), len(found) > MOST
        # Few: by their keys. Many: they lie thick in any order, so the sort's index meets a page of them soon.
        rows = _filtered(rows.filter(search.condition()), wanted, route, by_index=False) if capped else rows.filter(pk__in=found)
    else:
        rows = _filtered(rows, wanted, route, by_index=total <= FEW)
    state = state.within(total)
    return Listing(
        state=state,
        rows=[_shown(row) for row in _page(rows, state, total, sorted_apart=total <= FEW and state.narrowed and not capped)],
        total=total,
        capped=capped,
        held=facets.total,
        window=state.window(total),
        menus=_menus(state, facets.counts(wanted, route)),
    )


def _asked(state: ListState) -> tuple[Wanted, str | None]:
    """The filters as (name, yes or no), and the route's key; None: any route."""
    wanted = tuple((name, value == "1") for name, value in state.filters.items() if name in BITS)
    route = state.filters.get("route")
    return wanted, NO_ROUTE if route == UNROUTED else route


def _allowed(wanted: Wanted) -> list[int] | None:
    """Every value of `traits` that passes; None when all do."""
    return [traits for traits in range(1 << len(BITS)) if fits(traits, wanted)] if wanted else None


def _route_id(route: str | None) -> int | None:
    return int(route) if route else None


def _filtered(rows: QuerySet[Number], wanted: Wanted, route: str | None, *, by_index: bool) -> QuerySet[Number]:
    """by_index: gather the rows by the index of traits and route; else keep the order of the sort and look at each row."""
    if not wanted and route is None:
        return rows
    allowed = _allowed(wanted) or list(range(1 << len(BITS)))
    rows = rows.filter(traits__in=allowed) if by_index else rows.alias(each=Plain(F("traits"))).filter(each__in=allowed)
    if route is None:
        return rows
    return rows.filter(route=_route_id(route))


def _page(rows: QuerySet[Number], state: ListState, total: int, *, sorted_apart: bool) -> list[tuple[Any, ...]]:
    """The rows of one page. The far half is read from the end, so that the last page costs what the first does."""
    backwards = state.sort.startswith("-")
    first, last = state.offset, min(state.offset + state.size, total)
    from_end = first > total - last
    if from_end:
        first, last = total - last, total - first
    if last <= first:
        return []
    order = [Plain(F(name)) if sorted_apart else F(name) for name in SORTS[state.sort.lstrip("-")]]
    flip = backwards != from_end
    page = list(rows.order_by(*(each.desc() if flip else each.asc() for each in order)).values_list(*SHOWN)[first:last])
    return page[::-1] if from_end else page


def _shown(row: tuple[Any, ...]) -> dict[str, Any]:
    number, label, gateway, route, forward_to, sms, fax, cnam = row
    return {
        "number": number,
        "phone": phone(number),
        "label": label,
        "route": _route_name(gateway, str(route)) if route is not None else NOTHING,
        "forward": f"→ {phone(forward_to)}" if forward_to else "",
        "flags": _flags(sms, fax, cnam),
    }


@cache
def _flags(*on: bool) -> SafeString:
    """The services of a row as chips. Remembered: there are eight, and they stand in every row."""
    return format_html_join(" ", '<span class="flag">{}</span>', ((word,) for word, yes in zip(FLAGS, on, strict=True) if yes))


def _menus(state: ListState, counts: dict[str, dict[str, int]]) -> tuple[Menu, ...]:
    """The filter row, each choice with how many rows it would show."""
    if NO_ROUTE in counts["route"]:
        counts["route"][UNROUTED] = counts["route"].pop(NO_ROUTE)
    return state.menus(counts)
