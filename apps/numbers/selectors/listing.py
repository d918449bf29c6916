"""One page of the list: what the URL asks for, as rows ready to be shown.

Two queries, three with a search; one of them asks what is under way on the page's numbers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import F, QuerySet
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from apps.accounts.models import Account
from apps.changes import selectors as changes
from apps.changes.states import State
from apps.copies.models import Copy
from apps.numbers.international import dear
from apps.numbers.models import Number, route_shown
from apps.numbers.search import MOST, Search, hits
from apps.numbers.selectors.frame import DOTS, Frame, Held, frame_of
from apps.numbers.thing import NUMBER
from apps.numbers.traits import BITS, fits
from apps.ui.format import clock, phone
from apps.ui.format import now as ui_now
from apps.ui.lists import page
from apps.ui.lists.plain import Plain
from apps.ui.lists.state import Header, ListState, Menu
from apps.ui.templatetags.ui import badge, icon

# so few rows are gathered by their traits and sorted; more are read in the order of the sort's own
# index
FEW = 1000
SHOWN = Held._fields
# When it was changed here, and who did: the first name, for the width of a phone number.
CHANGED = '<td role="cell" class="roomy-only">{} <span class="muted" title="{}">{}</span></td>'
NOT_CHANGED = SafeString('<td role="cell" class="roomy-only"></td>')
MOVES = '<td role="cell" class="row-status">{}</td>'
TICK = (
    '<td class="tick-cell" role="cell"><label class="tick-hit"><input class="tick" type="checkbox"'
    ' name="numbers" value="{0}" form="numbers-table-selected" aria-label="Select {1}">'
    "</label></td>"
)
ROW = (
    '<tr role="row">{5}<td role="cell"><a href="/numbers/{0}/">{1}</a></td>'
    '<td role="cell" class="label-cell">{2}</td>{3}{4}</tr>\n'
)
ADD = (
    '<a class="add" href="/numbers/{0}/label/" hx-get="/numbers/{0}/label/?cell"'
    ' aria-label="Add label to {1}">Add label</a>'
)
# Yes or no, so that the eye runs down the column; on a phone what is on, in words.
ON = (
    '<td role="cell" class="dot-cell is-on"><i class="dot"></i><span class="sr-only">On</span>'
    '<span class="dot-word">{}</span></td>'
)
OFF = SafeString(
    '<td role="cell" class="dot-cell"><i class="dot dot-off"></i>'
    '<span class="sr-only">Off</span></td>'
)
FORWARDS = icon("phone-arrow-up-right", 16, "Forwarded to")


class Shown(NamedTuple):
    """A row as the table shows it: every text ready."""

    number: str
    phone: str
    label: str
    row: SafeString  # all of it, drawn: a template's loop over 50 rows costs as much as the page


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(page.Listing[Shown]):
    """A page of the list, which is no model for others.

    100,000 rows and a benchmark made it: counts that are kept, plans of its own, cells drawn once.
    A list of thousands calls apps.ui.lists.page.list_page.
    """

    frame: Frame

    @property
    def menus(self) -> tuple[Menu, ...]:
        return self.frame.menus

    @property
    def headers(self) -> tuple[Header, ...]:
        return self.frame.headers


def list_numbers(
    account: Account, copy: Copy | None, state: ListState, *, adds: bool = False
) -> Listing:
    """The rows of one page, and how many match. adds: whether rows can be selected, and
    labels added in them.
    """
    frame = frame_of(copy, state)
    total, capped = frame.matching, False
    rows = Number.objects.of(account)
    if state.q:
        search = Search.of(state.q)
        found = hits(account, search, _allowed(frame), _route_id(frame), frame.route is not None)
        total, capped = min(len(found), MOST), len(found) > MOST
        # Few: by their keys. Many: they lie thick in any order, so the sort's index meets a page of
        # them soon.
        rows = (
            _filtered(rows.filter(search.condition()), frame, by_index=False)
            if capped
            else _by_keys(account, found)
        )
    else:
        rows = _filtered(rows, frame, by_index=total <= FEW)
    state = state.within(total)
    chosen = _page(rows, state, total, sorted_apart=total <= FEW and state.narrowed and not capped)
    moving = changes.find_moving(account, NUMBER.name, [row[0] for row in chosen])
    return Listing(
        frame=frame,
        state=state,
        rows=list(_shown(account, frame, chosen, moving, adds)),
        every=changes.how_soon(moving.values()),
        noun="number",
        total=total,
        capped=capped,
        held=frame.held,
    )


def list_all(account: Account, copy: Copy | None, state: ListState) -> Iterator[Held]:
    """Every row that the list shows on all its pages, for an export; along the sort's index."""
    rows = _filtered(Number.objects.of(account), frame_of(copy, state), by_index=False)
    if state.q:
        rows = rows.filter(Search.of(state.q).condition())
    places = [SHOWN.index(name.removeprefix("-")) for name in state.order]
    found = page.by_key(
        rows.values_list(*SHOWN), state.order, key=lambda row: tuple(row[at] for at in places)
    )
    return map(Held._make, found)


def _allowed(frame: Frame) -> list[int] | None:
    """Every value of `traits` that passes; None when all do."""
    return (
        [traits for traits in range(1 << len(BITS)) if fits(traits, frame.wanted)]
        if frame.wanted
        else None
    )


def _route_id(frame: Frame) -> int | None:
    return int(frame.route) if frame.route else None


def _filtered(rows: QuerySet[Number], frame: Frame, *, by_index: bool) -> QuerySet[Number]:
    """by_index: gather the rows by the index of traits and route; else keep the order of the sort
    and look at each row.
    """
    if not frame.wanted and frame.route is None:
        return rows
    allowed = _allowed(frame) or list(range(1 << len(BITS)))
    rows = (
        rows.filter(traits__in=allowed)
        if by_index
        else rows.alias(each=Plain(F("traits"))).filter(each__in=allowed)
    )
    if frame.route is None:
        return rows
    return rows.filter(route=_route_id(frame))


def _by_keys(account: Account, keys: list[int]) -> QuerySet[Number]:
    """The account's rows of these keys.

    `account` is Plain: SQLite would read all of its rows to find them (10 ms of 100,000).
    """
    return (
        Number.objects.across_accounts()
        .alias(whose=Plain(F("account_id")))
        .filter(whose=account.pk, pk__in=keys)
    )


def _page(
    rows: QuerySet[Number], state: ListState, total: int, *, sorted_apart: bool
) -> list[tuple[Any, ...]]:
    """The rows of one page.

    The far half is read from the end, so that the last page costs what the first does.
    """
    backwards = state.sort.startswith("-")
    first, last = state.offset, min(state.offset + state.size, total)
    from_end = first > total - last
    if from_end:
        first, last = total - last, total - first
    if last <= first:
        return []
    order = [
        Plain(F(name)) if sorted_apart else F(name)
        for name in state.spec.order_of(state.sort.lstrip("-"))
    ]
    flip = backwards != from_end
    found = list(
        rows.order_by(*(each.desc() if flip else each.asc() for each in order)).values_list(*SHOWN)[
            first:last
        ]
    )
    return found[::-1] if from_end else found


def _shown(
    account: Account,
    frame: Frame,
    rows: list[tuple[Any, ...]],
    moving: Mapping[str, State],
    adds: bool,
) -> Iterator[Shown]:
    now, zone, names = ui_now(), account.zone, frame.names
    for number, label, gateway, route, forward_to, sms, fax, cnam, at, by in rows:
        key = "" if route is None else str(route)
        name = names.get(key) or route_shown(gateway, key)
        changed = NOT_CHANGED
        if number in moving:
            changed = format_html(MOVES, badge(*changes.mark_of(moving[number])))
        elif at:
            changed = format_html(CHANGED, clock(at, zone, since=now), by, by.partition(" ")[0])
        cells = _cells(name, route is not None, forward_to, sms, fax, cnam)
        shown = phone(number)
        name = escape(label) if label else ADD.format(number, shown) if adds else ""
        # the number is ten digits, and everything else is escaped already
        tick = TICK.format(number, shown) if adds else ""
        row = SafeString(ROW.format(number, shown, name, cells, changed, tick))
        yield Shown(number, shown, label, row)


@lru_cache(maxsize=4096)
def _cells(name: str, routed: bool, forward_to: str, *on: bool) -> SafeString:
    """The cells that thousands of numbers share: where calls go, and the dots.

    Drawn once for each combination.
    """
    goes = (
        _forward(forward_to)
        if forward_to
        else format_html("{}", name)
        if routed
        else format_html('<span class="muted">{}</span>', name)
    )
    dots = ((format_html(ON, word) if yes else OFF,) for word, yes in zip(DOTS, on, strict=True))
    return format_html(
        '<td role="cell" class="row-second">{}</td>{}', goes, format_html_join("", "{}", dots)
    )


def _forward(to: str) -> SafeString:
    """Where calls go, flagged where they cost more."""
    costs = dear(to)
    flag = format_html(' <span class="flag flag-warn">{}</span>', costs.flag) if costs else ""
    return format_html('<span class="goes">{}{}{}</span>', FORWARDS, phone(to), flag)
