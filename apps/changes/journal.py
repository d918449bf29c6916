"""The journal: what was sent to the provider (entries) and what people did here (events), newest
first, in one list.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import F, IntegerField, Q, QuerySet, Value
from django.db.models.expressions import Combinable

from apps.accounts.gates import PortalRequest
from apps.accounts.models import Account, Membership
from apps.accounts.roles import JOURNAL_OF_PEOPLE, allows
from apps.audit.models import Event
from apps.audit.services import ACTIONS
from apps.changes import selectors
from apps.changes.models import Entry
from apps.changes.states import State
from apps.things import Thing, find_thing
from apps.ui.format import clock, moment
from apps.ui.lists.page import Listing, list_page, list_rows
from apps.ui.lists.plain import Plain
from apps.ui.lists.spec import Choice, Column, Filter, ListSpec
from apps.ui.lists.state import ListState

SENT, PEOPLE = "sent", "people"
PANEL = 20  # entries in the panel of one thing
STATES = tuple(Choice(state.value, state.label) for state in State)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the journal, ready to be shown."""

    on: datetime
    at: str
    exact: str
    what: str
    href: str
    who: str
    word: str
    tone: str
    said: str
    state: str = ""  # of a change


COLUMNS: tuple[Column[Row], ...] = (
    Column("at", "When", sort="at", order=("moment", "key", "source"), text=lambda row: row.on),
    Column("what", "What", text=lambda row: row.what),
    Column("who", "Who", text=lambda row: row.who),
    Column("state", "Outcome", text=lambda row: row.word),
    Column("said", "In words", narrow=False, text=lambda row: row.said),
)


@dataclass(frozen=True, slots=True)
class Lines:
    """Entries and events in one order: what the list is made of, as a queryset would be.

    `moment`, `key` and `source` are the columns in which the two tables have one order. Each is
    read by its own index, newest first, for as far as the page needs.
    """

    entries: QuerySet[Entry]
    events: QuerySet[Event]
    order: tuple[str, ...] = ()

    @classmethod
    def of(cls, account: Account, member: Membership) -> "Lines":
        """What this member may see: everybody the entries, owners all events, others their own."""
        events = Event.objects.of(account).order_by()
        if not allows(member.role, JOURNAL_OF_PEOPLE):
            events = events.filter(actor=member.user_id)
        return cls(_sent(Entry.objects.of(account)), _by_people(events))

    def filter(self, condition: Combinable, /) -> "Lines":
        return replace(
            self, entries=self.entries.filter(condition), events=self.events.filter(condition)
        )

    def order_by(self, *names: str) -> "Lines":
        return replace(self, order=names)

    def values(self, *names: str) -> QuerySet[Any, Any]:
        return self._both(self.entries.values(*names), self.events.values(*names))

    def __getitem__(self, wanted: slice, /) -> list[Entry | Event]:
        parts: tuple[Any, ...] = (self.entries, self.events)  # with marks, which no type knows
        each = [part.values("source", "key", "moment") for part in parts]
        # PostgreSQL reads the two by their indexes where each is put in order and cut; SQLite does
        # so anyway, and allows neither within a union.
        if connection.features.supports_slicing_ordering_in_compound:
            each = [part.order_by(*self.order)[: wanted.stop] for part in each]
        keys = [(mark["source"], mark["key"]) for mark in self._both(*each)[wanted]]
        # by key alone, as these are rows of the account: with it too, SQLite reads all it has
        entries = _sent(Entry.objects.across_accounts()).in_bulk([key for of, key in keys if of])
        events = _by_people(Event.objects.across_accounts()).in_bulk(
            [key for of, key in keys if not of]
        )
        return [entries[key] if of else events[key] for of, key in keys]

    def _both(self, entries: QuerySet[Any, Any], events: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        both: QuerySet[Any, Any] = entries.union(events, all=True)
        # where one of them is nothing, it is the other: in order and cut already
        return both if both.query.is_sliced else both.order_by(*self.order)


def read(request: PortalRequest) -> Listing[Row]:
    """The page that the URL asks for; it looks again while a change that it shows moves."""
    listing = list_page(request, spec_of(request), **_list_of(request), noun="event")
    return replace(listing, every=selectors.how_soon(row.state for row in listing.rows))


def read_all(request: PortalRequest) -> tuple[ListSpec[Row], Iterator[Row]]:
    """The same, all pages, for an export."""
    spec = spec_of(request)
    return spec, list_rows(request, spec, **_list_of(request))


def spec_of(request: PortalRequest) -> ListSpec[Row]:
    """What the journal of an account can be searched and filtered by."""
    about = request.GET.get("about", "")[:140]
    people = (
        Membership.objects.filter(account=request.account)
        .select_related("user")
        .order_by("created_at")
    )
    filters = [
        Filter("state", "Outcome", STATES),
        Filter("who", "Who", tuple(Choice(str(each.user_id), str(each.user)) for each in people)),
        Filter(
            "of",
            "Kind",
            (Choice(SENT, "Changes at VoiceTel"), Choice(PEOPLE, "What people did here")),
        ),
    ]
    if about:
        thing, subject = parted(about)
        filters.append(Filter("about", thing.label, (Choice(about, thing.shown(subject)),)))
    return ListSpec(COLUMNS, "-at", tuple(filters), searchable="Search the journal")


def parted(about: str) -> tuple[Thing, str]:
    """The kind and the id that an address names: "number:2015550110". Anything else names none."""
    kind, _, subject = about.partition(":")
    return find_thing(kind), subject


def thing_panel(account: Account, about: str) -> dict[str, Any]:
    """Context of changes/_of_thing.html: {"about", "shown", "rows", "more"}, the newest 20."""
    thing, subject = parted(about)
    found = list(selectors.list_of_thing(account, thing.name, subject)[: PANEL + 1])
    rows = [row_of(entry, account.zone) for entry in found[:PANEL]]
    shown = thing.shown(subject) if subject else ""
    return {"about": about, "shown": shown, "rows": rows, "more": len(found) > PANEL}


def row_of(entry: Entry, zone: str) -> Row:
    return Row(
        on=entry.created_at,
        at=clock(entry.created_at, zone),
        exact=moment(entry.created_at, zone),
        what=selectors.capital(entry.what),
        href=f"/changes/{entry.pk}/",
        who=entry.by_name,
        word=State(entry.state).label,
        tone=selectors.DRAWN_AS[entry.state][1],
        said=entry.said,
        state=entry.state,
    )


def _list_of(request: PortalRequest) -> dict[str, Any]:
    zone = request.account.zone
    return {
        "found": Lines.of(request.account, request.membership),
        "narrow": narrow,
        "row": lambda each: (
            row_of(each, zone) if isinstance(each, Entry) else event_row(each, zone)
        ),
    }


def narrow(lines: Lines, state: ListState) -> Lines:
    return replace(
        lines, entries=_entries(lines.entries, state), events=_events(lines.events, state)
    )


def _entries(found: QuerySet[Entry], state: ListState) -> QuerySet[Entry]:
    if state.filters.get("of") == PEOPLE:
        return found.none()
    if state.filters.get("state"):
        found = found.filter(state=state.filters["state"])
    if state.filters.get("who"):
        found = found.filter(by_id=int(state.filters["who"]))
    if state.filters.get("about"):
        thing, subject = parted(state.filters["about"])
        # so few that they are gathered by their own index and sorted
        found = found.filter(thing=thing.name, subject=subject)
        found = found.annotate(moment=Plain(F("created_at")))
    if state.q:
        found = found.filter(selectors.matching(state.q))
    return found


def _events(found: QuerySet[Event], state: ListState) -> QuerySet[Event]:
    if state.filters.get("of") == SENT or state.filters.get("state"):
        return found.none()
    if state.filters.get("who"):
        found = found.filter(actor_id=int(state.filters["who"]))
    if state.filters.get("about"):
        thing, subject = parted(state.filters["about"])
        found = found.filter(thing=thing.name, subject=subject).annotate(moment=Plain(F("at")))
    if state.q:
        said = [action for action, words in ACTIONS.items() if state.q.lower() in words]
        found = found.filter(
            Q(subject__icontains=state.q) | Q(actor_name__icontains=state.q) | Q(action__in=said)
        )
    return found


def _marked(found: QuerySet[Any], source: int, at: str) -> QuerySet[Any]:
    marked: QuerySet[Any] = found.annotate(
        source=Value(source, IntegerField()), key=F("pk"), moment=F(at)
    )
    return marked


_sent, _by_people = (
    partial(_marked, source=1, at="created_at"),
    partial(_marked, source=0, at="at"),
)


def event_row(event: Event, zone: str) -> Row:
    words = ACTIONS.get(event.action, event.action.replace("_", " "))
    entry = event.facts.get("entry")
    href = f"/changes/{entry}/" if isinstance(entry, int) else ""
    subject = find_thing(event.thing).shown(event.subject) if event.thing else event.subject
    what = selectors.capital(f"{words}: {subject}" if subject else words)
    before, after = event.facts.get("before"), event.facts.get("after")
    ticket, reason = event.facts.get("ticket"), event.facts.get("reason")
    said = (
        f"Done by the portal's staff in ticket {ticket}."
        if ticket
        else f"Done by the portal's staff. {reason}"
        if reason
        else f"{before or 'none'} → {after or 'none'}"
        if before is not None and after is not None
        else ""
    )
    return Row(
        event.at,
        clock(event.at, zone),
        moment(event.at, zone),
        what,
        href,
        event.actor_name or "Nobody known",
        "",
        "neutral",
        said,
    )
