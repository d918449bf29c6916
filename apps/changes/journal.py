"""The journal: what was sent to the provider (entries) and what people did here (events), newest
first, in one list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast

from apps.accounts.gates import PortalRequest
from apps.accounts.models import Account, Membership
from apps.accounts.roles import JOURNAL_OF_PEOPLE, allows
from apps.audit.models import Event
from apps.audit.services import ACTIONS
from apps.changes import selectors
from apps.changes.models import Entry
from apps.changes.states import State
from apps.changes.things import Thing, find_thing
from apps.ui.format import clock, count, moment
from apps.ui.tables import Choice, Column, Filter, ListSpec, ListState, Menu, Window

SENT, PEOPLE = "sent", "people"
PANEL = 20  # entries in the panel of one thing
COLUMNS = (
    Column("at", "When", sort="at"),
    Column("what", "What"),
    Column("who", "Who"),
    Column("state", "Outcome"),
    Column("said", "In words", narrow=False),
)
STATES = tuple(Choice(state.value, state.label) for state in State)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the journal, ready to be shown."""

    at: str
    exact: str
    what: str
    href: str
    who: str
    word: str
    tone: str
    said: str


@dataclass(frozen=True, slots=True)
class Journal:
    state: ListState
    window: Window
    menus: tuple[Menu, ...]
    rows: list[Row]
    announced: str
    held: bool  # whether there may be anything at all: a search without hits does not tell


def read(request: PortalRequest) -> Journal:
    """What this member may see of it, as the URL asks: everybody the entries, owners all events,
    others their own.
    """
    account, member = request.account, request.membership
    state = ListState.of(spec_of(account, request.GET.get("about", "")[:140]), request)
    entries, events = _entries(account, state), _events(account, member, state)
    total = entries.count() + events.count()
    state = state.within(total)
    sign = "-" if state.sort.startswith("-") else ""
    both = _marked(entries, SENT, "created_at").union(_marked(events, PEOPLE, "at"), all=True)
    keys = list(
        both.order_by(f"{sign}moment", f"{sign}key")[state.offset : state.offset + state.size]
    )
    held = bool(total) or state.narrowed
    return Journal(
        state,
        state.window(total),
        state.menus(),
        _rows(account, keys),
        announced(state, total),
        held,
    )


def spec_of(account: Account, about: str = "") -> ListSpec:
    """What the journal of an account can be searched and filtered by."""
    people = (
        Membership.objects.filter(account=account).select_related("user").order_by("created_at")
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


def announced(state: ListState, total: int) -> str:
    """What the status line says."""
    if not state.narrowed:
        return f"{count(total, 'line')} in the journal"
    return f"{count(total, 'line')} {'matches' if total == 1 else 'match'}"


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
        at=clock(entry.created_at, zone),
        exact=moment(entry.created_at, zone),
        what=selectors.capital(entry.what),
        href=f"/changes/{entry.pk}/",
        who=entry.by_name,
        word=State(entry.state).label,
        tone=selectors.LOOKS[entry.state][1],
        said=entry.said,
    )


def _entries(account: Account, state: ListState) -> QuerySet[Entry]:
    found = Entry.objects.of(account)
    if state.filters.get("of") == PEOPLE:
        return found.none()
    if state.filters.get("state"):
        found = found.filter(state=state.filters["state"])
    if state.filters.get("who"):
        found = found.filter(by_id=int(state.filters["who"]))
    if state.filters.get("about"):
        thing, subject = parted(state.filters["about"])
        found = found.filter(thing=thing.name, subject=subject)
    if state.q:
        asked = (
            Q(what__icontains=state.q) | Q(said__icontains=state.q) | Q(by_name__icontains=state.q)
        )
        digits = "".join(letter for letter in state.q if letter.isdigit())
        number = state.q.lstrip("#")
        asked |= Q(subject__contains=digits) if len(digits) > 2 else Q()
        asked |= (
            Q(pk=int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else Q()
        )
        found = found.filter(asked)
    return found


def _events(account: Account, member: Membership, state: ListState) -> QuerySet[Event]:
    found = Event.objects.of(account)
    if state.filters.get("of") == SENT or state.filters.get("state"):
        return found.none()
    if not allows(member.role, JOURNAL_OF_PEOPLE):
        found = found.filter(actor=member.user_id)
    if state.filters.get("who"):
        found = found.filter(actor_id=int(state.filters["who"]))
    if state.filters.get("about"):
        thing, subject = parted(state.filters["about"])
        found = found.filter(thing=thing.name, subject=subject)
    if state.q:
        said = [action for action, words in ACTIONS.items() if state.q.lower() in words]
        found = found.filter(
            Q(subject__icontains=state.q) | Q(actor_name__icontains=state.q) | Q(action__in=said)
        )
    return found


def _marked(found: QuerySet[Any], source: str, at: str) -> Any:
    """(source, key, moment): the columns in which the two tables can stand in one order."""
    marked = found.order_by().annotate(
        source=Cast(Value(source), CharField()), key=F("pk"), moment=F(at)
    )
    return marked.values_list("source", "key", "moment")


def _rows(account: Account, keys: Iterable[tuple[str, int, Any]]) -> list[Row]:
    keys = list(keys)
    entries = Entry.objects.of(account).in_bulk([key for source, key, _ in keys if source == SENT])
    events = Event.objects.of(account).in_bulk([key for source, key, _ in keys if source == PEOPLE])
    return [
        (
            row_of(entries[key], account.zone)
            if source == SENT
            else event_row(events[key], account.zone)
        )
        for source, key, _ in keys
    ]


def event_row(event: Event, zone: str) -> Row:
    words = ACTIONS.get(event.action, event.action.replace("_", " "))
    entry = event.facts.get("entry")
    href = f"/changes/{entry}/" if isinstance(entry, int) else ""
    subject = find_thing(event.thing).shown(event.subject) if event.thing else event.subject
    what = selectors.capital(f"{words}: {subject}" if subject else words)
    ticket, reason = event.facts.get("ticket"), event.facts.get("reason")
    said = (
        f"Done by the portal's staff in ticket {ticket}."
        if ticket
        else f"Done by the portal's staff. {reason}"
        if reason
        else ""
    )
    return Row(
        clock(event.at, zone),
        moment(event.at, zone),
        what,
        href,
        event.actor_name or "Nobody known",
        "",
        "neutral",
        said,
    )
