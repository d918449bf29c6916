"""The activity of an account: what was sent to the provider (entries) and what people did here
(events), newest first, in one list.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import F, IntegerField, Q, QuerySet, Value
from django.db.models.expressions import Combinable

from apps import phones
from apps.accounts.gates import PortalRequest
from apps.accounts.models import Account, Membership
from apps.accounts.roles import JOURNAL_OF_PEOPLE, allows
from apps.audit.models import Event
from apps.audit.services import ACTIONS, VALUES
from apps.changes import selectors
from apps.changes.change import Step
from apps.changes.models import Entry
from apps.changes.states import WORDS
from apps.things import Thing, find_thing
from apps.ui.format import clock, moment
from apps.ui.lists.page import Listing, list_page, list_rows
from apps.ui.lists.plain import Plain
from apps.ui.lists.spec import Choice, Column, Filter, ListSpec
from apps.ui.lists.state import ListState, digits

SENT, PEOPLE = "sent", "people"
PANEL = 20  # entries in the panel of one thing
STATES = tuple(Choice(each.name, each.word) for each in WORDS)


@dataclass(frozen=True, slots=True)
class Row:
    """One activity, ready to be shown.

    thing: what it was done to, with the customer's name for it and its page. setting, was, now:
    the value that it set; does: what was done in words, for one that set none; what: the same with
    the thing. href: its own page. who: with the address; short: for narrow places, without it where
    the name tells.
    """

    on: datetime
    at: str
    exact: str
    what: str
    href: str
    who: str
    short: str
    word: str
    tone: str
    said: str
    state: str = ""  # of a change
    thing: str = ""
    named: str = ""
    page: str = ""
    setting: str = ""
    was: str = ""
    now: str = ""
    does: str = ""

    @property
    def notes(self) -> str:
        """What the row adds to the value that it set: VoiceTel's words where it declined, and for
        what people did besides, in which ticket or why.
        """
        return self.said if self.tone == "bad" or not (self.state or self.setting) else ""


COLUMNS: tuple[Column[Row], ...] = (
    Column("at", "When", sort="at", order=("moment", "key", "source"), text=lambda row: row.on),
    Column("what", "What", table=False, text=lambda row: row.what),
    Column("thing", "Number or person"),
    Column("setting", "Setting"),
    Column("change", "Change"),
    Column("state", "State", text=lambda row: row.word),
    Column("who", "Who", text=lambda row: row.who),
    Column("said", "In words", table=False, text=lambda row: row.said),
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
        """What this member may see: everybody the entries and what was done to things; of what
        people did besides, owners all, others their own.
        """
        events = Event.objects.of(account).order_by()
        if not allows(member.role, JOURNAL_OF_PEOPLE):
            events = events.filter(Q(actor=member.user_id) | ~Q(thing=""))
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
        entries = (
            _sent(Entry.objects.across_accounts())
            .annotate(name_tells=selectors.name_tells("by", "by_name"))
            .in_bulk([key for of, key in keys if of])
        )
        events = (
            _by_people(Event.objects.across_accounts())
            .annotate(name_tells=selectors.name_tells("actor", "actor_name"))
            .in_bulk([key for of, key in keys if not of])
        )
        return [entries[key] if of else events[key] for of, key in keys]

    def _both(self, entries: QuerySet[Any, Any], events: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        both: QuerySet[Any, Any] = entries.union(events, all=True)
        # where one of them is nothing, it is the other: in order and cut already
        return both if both.query.is_sliced else both.order_by(*self.order)


def read(request: PortalRequest) -> Listing[Row]:
    """The page that the URL asks for; it looks again while a change that it shows moves."""
    spec: ListSpec[Any] = spec_of(request)
    found = Lines.of(request.account, request.membership)
    # the models first: what each set is looked up for all of them at once
    listing: Listing[Any] = list_page(
        request, spec, found, narrow=narrow, row=lambda each: each, noun="event"
    )
    rows = rows_of(request.account, listing.rows)
    every = selectors.how_soon(row.state for row in rows)
    return replace(listing, rows=rows, every=every)


def latest(account: Account, member: Membership, most: int) -> list[Row]:
    """The newest activity on numbers, people and other things that this member may see."""
    lines = Lines.of(account, member)
    events = lines.events.exclude(subject="")
    lines = replace(lines, events=events, entries=lines.entries.filter(job=None))
    return rows_of(account, lines.order_by("-moment", "-key", "-source")[:most])


def read_all(request: PortalRequest) -> tuple[ListSpec[Row], Iterator[Row]]:
    """The same, all pages, for an export."""
    spec = spec_of(request)
    zone, found = request.account.zone, Lines.of(request.account, request.membership)

    def row(each: Entry | Event) -> Row:
        return row_of(each, zone) if isinstance(each, Entry) else event_row(each, zone)

    return spec, list_rows(request, spec, found, narrow=narrow, row=row)


def spec_of(request: PortalRequest) -> ListSpec[Row]:
    """What the journal of an account can be searched and filtered by."""
    about = request.GET.get("about", "")[:140]
    people = (
        Membership.objects.filter(account=request.account)
        .select_related("user")
        .order_by("created_at")
    )
    filters = [
        Filter("state", "State", STATES),
        Filter("who", "Who", tuple(_choice_of(each) for each in people)),
        Filter(
            "of",
            "Kind",
            (Choice(SENT, "Changes at VoiceTel"), Choice(PEOPLE, "Done in the portal")),
        ),
    ]
    if job := digits(request.GET.get("job")):
        filters.append(Filter("job", "Job", (Choice(str(job), f"#{job}"),)))
    if about:
        thing, subject = parted(about)
        filters.append(Filter("about", thing.label, (Choice(about, thing.shown(subject)),)))
    return ListSpec(COLUMNS, "-at", tuple(filters), searchable="Search activity")


def _choice_of(member: Membership) -> Choice:
    return Choice(str(member.user_id), member.user.with_address)


def parted(about: str) -> tuple[Thing, str]:
    """The kind and the id that an address names: "number:2015550110". Anything else names none."""
    kind, _, subject = about.partition(":")
    return find_thing(kind), subject


def thing_panel(account: Account, about: str) -> dict[str, Any]:
    """Context of changes/_of_thing.html: {"about", "shown", "rows", "more"}, the newest 20."""
    thing, subject = parted(about)
    lines = Lines(
        _sent(Entry.objects.of(account)), _by_people(Event.objects.of(account).order_by())
    )
    found = narrow_to(lines, thing, subject).order_by("-moment", "-key", "-source")[: PANEL + 1]
    shown = thing.shown(subject) if subject else ""
    rows = rows_of(account, found[:PANEL])
    return {"about": about, "shown": shown, "rows": rows, "more": len(found) > PANEL}


def rows_of(account: Account, found: Sequence[Entry | Event]) -> list[Row]:
    """Activities of the account, ready to be shown: what each set, and what it was set on, by the
    customer's own name for it. A query a kind of thing, and one a class of change, at most.
    """
    steps = selectors.find_steps(account, [each for each in found if isinstance(each, Entry)])
    about: dict[str, set[str]] = {}
    for each in found:
        about.setdefault(each.thing, set()).add(each.subject)
    names = {
        kind: find_thing(kind).named(account, list(ids)) for kind, ids in about.items() if kind
    }
    return [
        replace(
            row_of(each, account.zone, steps.get(each.pk))
            if isinstance(each, Entry)
            else event_row(each, account.zone),
            named=names.get(each.thing, {}).get(each.subject, ""),
        )
        for each in found
    ]


def row_of(entry: Entry, zone: str, step: Step | None = None) -> Row:
    thing = find_thing(entry.thing)
    return Row(
        on=entry.created_at,
        at=clock(entry.created_at, zone),
        exact=moment(entry.created_at, zone),
        what=selectors.capital(entry.what),
        href=f"/changes/{entry.pk}/",
        who=entry.who,
        short=selectors.short_name(entry),
        word=entry.shown.word,
        tone=entry.shown.tone,
        said=entry.said,
        state=entry.state,
        thing=thing.shown(entry.subject),
        page=thing.href(entry.subject),
        setting=step.called if step else "",
        was=selectors.capital(step.was) if step else "",
        now=selectors.capital(step.now) if step else "",
        does=selectors.capital(entry.what),
    )


def narrow(lines: Lines, state: ListState) -> Lines:
    return replace(
        lines, entries=_entries(lines.entries, state), events=_events(lines.events, state)
    )


def narrow_to(lines: Lines, thing: Thing, subject: str) -> Lines:
    """What was done to one thing. So few that they are gathered by their own index and sorted."""
    return replace(
        lines,
        entries=_entries_on(lines.entries, thing, subject),
        events=_events_on(lines.events, thing, subject),
    )


def _entries_on(found: QuerySet[Entry], thing: Thing, subject: str) -> QuerySet[Entry]:
    mine = found.filter(thing=thing.name, subject=subject)
    return mine.annotate(moment=Plain(F("created_at")))


def _events_on(found: QuerySet[Event], thing: Thing, subject: str) -> QuerySet[Event]:
    return found.filter(thing=thing.name, subject=subject).annotate(moment=Plain(F("at")))


def _entries(found: QuerySet[Entry], state: ListState) -> QuerySet[Entry]:
    if state.filters.get("of") == PEOPLE:
        return found.none()
    if job := state.filters.get("job"):
        found = found.filter(job=int(job))
    elif not state.filters.get("about"):
        found = found.filter(job=None)  # a job is one line: the event of its start
    if state.filters.get("state"):
        found = found.filter(selectors.in_state(state.filters["state"]))
    if state.filters.get("who"):
        found = found.filter(by_id=int(state.filters["who"]))
    if state.filters.get("about"):
        found = _entries_on(found, *parted(state.filters["about"]))
    if state.q:
        found = found.filter(selectors.matching(state.q))
    return found


def _events(found: QuerySet[Event], state: ListState) -> QuerySet[Event]:
    if state.filters.get("of") == SENT or state.filters.keys() & {"state", "job"}:
        return found.none()
    if state.filters.get("who"):
        found = found.filter(actor_id=int(state.filters["who"]))
    if state.filters.get("about"):
        found = _events_on(found, *parted(state.filters["about"]))
    if state.q:
        said = [action for action, words in ACTIONS.items() if state.q.lower() in words]
        found = found.filter(
            Q(subject__icontains=phones.sought(state.q)[0] or state.q)
            | Q(actor_name__icontains=state.q)
            | Q(actor_email__icontains=state.q)
            | Q(action__in=said)
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
    thing = find_thing(event.thing) if event.thing else None
    subject = thing.shown(event.subject) if thing else event.subject
    before, after = event.facts.get("before"), event.facts.get("after")
    sets = before is not None and after is not None
    ticket, reason = event.facts.get("ticket"), event.facts.get("reason")
    said = (
        f"Done by the portal's staff in ticket {ticket}."
        if ticket
        else f"Done by the portal's staff. {reason}"
        if reason
        else f"{before or 'none'} → {after or 'none'}"
        if sets
        else ""
    )
    what = selectors.capital(f"{words}: {subject}" if subject else words)
    if event.count > 1 and event.last_at:
        what += f" ({event.count:,} times, last at {clock(event.last_at, zone)})"
    return Row(
        on=event.at,
        at=clock(event.at, zone),
        exact=moment(event.at, zone),
        what=what,
        href=href,
        who=event.who or "Unknown",
        short=selectors.short_name(event) or "Unknown",
        word="Done" if sets else "",
        tone="good" if sets else "neutral",
        said=said,
        thing=subject,
        page=thing.href(event.subject) if thing else "",
        setting=VALUES.get(event.action, "") if sets else "",
        was=str(before or "None") if sets else "",
        now=str(after or "None") if sets else "",
        does=selectors.capital(words),
    )
