"""What the list offers and how many rows each choice shows: all that follows from the counts and
the URL, remembered by both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.http import QueryDict

from apps.copies.models import Copy
from apps.numbers.facets import NO_ROUTE, Facets, Wanted
from apps.numbers.models import route_shown
from apps.numbers.traits import BITS
from apps.ui.format import phone
from apps.ui.lists.spec import Choice, Column, Filter, ListSpec
from apps.ui.lists.state import Facet, Header, ListState, Menu

PATH = "/numbers/"
UNROUTED = "none"  # the URL's word for numbers without a route
DOTS = ("SMS", "Fax", "Name")
FLAGS = ("SMS", "Fax", "Caller ID name lookup")


class Held(NamedTuple):
    """A row as the database holds it: what a table shows and an export writes of a number."""

    number: str
    label: str
    gateway: str
    route: int | None
    forward_to: str
    sms: bool
    fax: bool
    cnam: bool
    changed_at: datetime | None
    changed_by: str


COLUMNS: tuple[Column[Held], ...] = (
    Column("number", "Number", "number", order=("number",), text=lambda row: phone(row.number)),
    Column("label", "Label", "label", order=("label", "number"), text=lambda row: row.label),
    Column("goes", "Calls go to", "route", order=("gateway", "number")),
    Column(
        "route",
        "Route",
        table=False,
        text=lambda row: "" if row.route is None else route_shown(row.gateway, str(row.route)),
    ),
    Column(
        "forward",
        "Forwards to",
        "forward",
        order=("forward_to", "number"),
        table=False,
        text=lambda row: phone(row.forward_to) if row.forward_to else "",
    ),
    Column("sms", "SMS", dots=True),
    Column("fax", "Fax", dots=True),
    Column("cnam", "Name", dots=True, title="Caller ID name lookup"),
    Column(
        "flags",
        "Services",
        table=False,
        text=lambda row: ", ".join(flags_of(row.sms, row.fax, row.cnam)),
    ),
    Column("changed", "Changed", roomy=True, text=lambda row: row.changed_at),
    Column("changed_by", "Changed by", table=False, text=lambda row: row.changed_by),
)
YES_NO: dict[str, tuple[str, str, str]] = {
    "forwarded": ("Forwarding", "On", "Off"),
    "sms": ("SMS", "On", "Off"),
    "fax": ("Fax", "On", "Off"),
    "cnam": ("Caller ID name lookup", "On", "Off"),
    "labeled": ("Label", "With", "Without"),
}
# What is asked for most, as chips: label, filter, value.
CHIPS = (
    ("Forwarded", "forwarded", "1"),
    ("No label", "labeled", "0"),
    ("No route", "route", UNROUTED),
)
NO_COUNTS = "{}"


@dataclass(frozen=True, eq=False, slots=True)
class Frame:
    """The list around its rows.

    One object for the same counts and address, so that what is drawn from it can be remembered too.
    """

    state: ListState  # on page 1
    held: int  # rows of the account
    matching: int  # rows that pass the filters, before a search
    wanted: Wanted
    route: str | None  # the key of the route asked for; None: any
    menus: tuple[Menu, ...]
    headers: tuple[Header, ...]
    facets: tuple[Facet, ...]
    names: Mapping[str, str]  # of the routes, by key


def list_state(copy: Copy | None, given: QueryDict | Mapping[str, str]) -> ListState:
    """What a URL asks of this account's list."""
    return ListState.parse(_spec(copy.facts if copy else NO_COUNTS), given, PATH)


def frame_of(copy: Copy | None, state: ListState) -> Frame:
    return _frame(copy.facts if copy else NO_COUNTS, state.url(page=1))


@lru_cache(maxsize=128)
def _spec(counts: str) -> ListSpec[Held]:
    """What the list offers to an account with these routes."""
    names = Facets.load(counts).shown
    routes = sorted(
        ((key or UNROUTED, name) for key, name in names.items()), key=lambda each: each[1].lower()
    )
    flags = [
        Filter(name, label, (Choice("1", yes), Choice("0", no)))
        for name, (label, yes, no) in YES_NO.items()
    ]
    route = Filter("route", "Route", tuple(Choice(value, name) for value, name in routes))
    return ListSpec(COLUMNS, "number", (route, *flags), (50, 100, 250), "Number or label")


@lru_cache(maxsize=512)
def _frame(counts: str, address: str) -> Frame:
    """By the counts as they are stored and the address without its page: both say all of it, and
    neither names an account.
    """
    facets = Facets.load(counts)
    state = ListState.parse(_spec(counts), QueryDict(address.partition("?")[2]), PATH)
    wanted = tuple((name, value == "1") for name, value in state.filters.items() if name in BITS)
    route = state.filters.get("route")
    key = NO_ROUTE if route == UNROUTED else route
    shows = facets.counts(wanted, key)
    if NO_ROUTE in shows["route"]:
        shows["route"][UNROUTED] = shows["route"].pop(NO_ROUTE)
    return Frame(
        state=state,
        held=facets.total,
        matching=sum(facets.matching(wanted, key).values()),
        wanted=wanted,
        route=key,
        menus=state.menus(shows),
        headers=state.headers(),
        facets=_chips(facets, state),
        names=facets.shown,
    )


def _chips(facets: Facets, state: ListState) -> tuple[Facet, ...]:
    """The chips: all of the account's numbers, and those that are asked for most. None is offered
    that would show nothing.
    """
    every = facets.counts(())
    none = every["route"].get(NO_ROUTE, 0)
    found = [state.facet("All", {}, facets.total)]
    for label, name, value in CHIPS:
        many = none if name == "route" else every[name][value]
        if many or state.filters.get(name) == value:
            found.append(state.facet(label, {name: value}, many))
    return tuple(found)


def held(copy: Copy) -> int:
    """How many numbers the copy has."""
    return Facets.load(copy.facts).total


def labeled(copy: Copy) -> int:
    """How many of the copy's numbers have a label."""
    return Facets.load(copy.facts).counts(())["labeled"]["1"]


def list_kinds(copy: Copy) -> list[tuple[str, str]]:
    """How many numbers there are of the kinds worth a look, each with its address: ("16 forwarded",
    "/numbers/?forwarded=1").
    """
    shows = Facets.load(copy.facts).counts(())
    kinds = (
        (shows["forwarded"]["1"], "forwarded", "forwarded=1"),
        (shows["sms"]["1"], "with SMS", "sms=1"),
        (shows["route"].get(NO_ROUTE, 0), "without a route", f"route={UNROUTED}"),
    )
    return [(f"{many:,} {words}", f"{PATH}?{asked}") for many, words, asked in kinds if many]


def flags_of(*on: bool) -> list[str]:
    """What is switched on of SMS, fax and caller ID name lookup."""
    return [word for word, yes in zip(FLAGS, on, strict=True) if yes]
