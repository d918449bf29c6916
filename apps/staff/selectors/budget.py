"""The provider's hour as staff see it: the calls of the last 24 hours, what is left now, and the
line for it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.conf import settings

from apps.ui.format import clock as short
from apps.ui.format import count, hour, moment
from apps.voicetel import clock
from apps.voicetel.client.operations import ROWS
from apps.voicetel.hour import budget, line
from apps.voicetel.hour.rules import ACCOUNT, BEHIND, HOUR, JOINED, LOOKING, NEWCOMERS, OWNERS
from apps.voicetel.hour.words import OPERATIONS
from apps.voicetel.models import Spent, Wish

CELL = timedelta(minutes=10)
# a day; the strip is eight parts of three hours, which stand in a row or below each other
CELLS, PARTS = 144, 8
LOW = 3  # calls that fill the strip's height at least: most cells hold one or two
SHOWN = 20  # of the line: three hours and more
# calls shown; one pool cannot make more than 150 in a day, four cannot make more than 600
MOST = 1000
CLASS_WORDS = {
    OWNERS.name: "Owner reconnecting",
    LOOKING.name: "Someone looking",
    NEWCOMERS.name: "New customer",
    BEHIND.name: "In the background",
    JOINED.name: "Limited by VoiceTel for now",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call, ready to be shown. `kind`: its color in the strip, a class's name or "lost"."""

    at: datetime  # when it counts
    free_at: datetime | None  # when it counts no more; None: it counts no more already
    when: str
    exact: str
    operation: str
    words: str
    call_class: str
    account: str
    answered: str
    tone: str
    kind: str


@dataclass(frozen=True, slots=True)
class Cell:
    """Ten minutes of the strip."""

    begins: datetime
    calls: tuple[Call, ...]

    @property
    def words(self) -> str:
        """For the pointer: "2:00 PM to 2:10 PM UTC: Balance and profile of 1000000001"."""
        named = [
            f"{call.words} of {call.account}" if call.account else call.words for call in self.calls
        ]
        ends = self.begins + CELL
        return f"{hour(self.begins)} to {hour(ends)} UTC: {', '.join(named) or 'no call'}"


@dataclass(frozen=True, slots=True)
class Part:
    """Three hours of the strip.

    `most`: the highest cell of the whole strip, so that all parts have one measure.
    """

    cells: tuple[Cell, ...]
    most: int
    begins: str  # with the day where a new one begins

    @property
    def words(self) -> str:
        """For who does not see it: "2:00 PM to 5:00 PM UTC: 12 calls: 2 someone looking, 9 in the
        background, 1 not answered".
        """
        kinds = Counter(call.kind for cell in self.cells for call in cell.calls)
        each = ", ".join(
            f"{kinds[kind]} {words.lower()}" for kind, words in _legend().items() if kinds[kind]
        )
        made = f"{count(kinds.total(), 'call')}: {each}" if each else "no call"
        ends = self.cells[-1].begins + CELL
        return f"{short(self.cells[0].begins)} to {hour(ends)} UTC: {made}"


@dataclass(frozen=True, slots=True)
class Left:
    """What one pool has left now. `of`: empty for the shared one. `next_at`: None: now."""

    of: str
    left: int
    size: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One wish of the line. `about_at`: None: it was tried too often and is set aside."""

    place: int
    words: str
    operation: str
    call_class: str
    who: str
    ref: str
    since: str
    since_exact: str
    about_at: datetime | None
    tries: int
    account: str


@dataclass(frozen=True, slots=True)
class Budget:
    now: datetime
    parts: tuple[Part, ...]
    calls: list[Call]  # newest first
    left: list[Left]
    due: list[tuple[str, int]]  # of each class that has any: its words, how many wait
    waiting: list[Waiting]
    parked: list[Waiting]

    @property
    def announced(self) -> str:
        return f"{count(len(self.calls), 'call')} in the last 24 hours"

    @property
    def legend(self) -> list[tuple[str, str]]:
        """What the colors of the strip mean."""
        return list(_legend().items())

    @property
    def counting(self) -> list[Call]:
        """Those that are held against us now."""
        return [call for call in self.calls if call.free_at]

    @property
    def earlier(self) -> list[Call]:
        return [call for call in self.calls if not call.free_at]

    @property
    def held(self) -> int:
        """How many wait in all; the page shows the first of them."""
        return sum(number for _, number in self.due)


def read() -> Budget:
    """Everything on the page.

    It asks our own tables only, and the same number of times however much is in them.
    """
    now = clock.now()
    first = _cell_of(now) - (CELLS - 1) * CELL
    rows = Spent.objects.filter(pool=ACCOUNT.name, at__gte=first).order_by("-at", "-pk")
    calls = [_call(row, now) for row in rows[:MOST]]
    ahead = line.outlook(SHOWN)
    standing = [_waiting(one.wish, place, one.about_at) for place, one in enumerate(ahead.first, 1)]
    return Budget(
        now=now,
        parts=_parts(first, calls),
        calls=calls,
        left=_left(),
        due=[
            (words, ahead.due[call_class])
            for call_class, words in CLASS_WORDS.items()
            if ahead.due.get(call_class)
        ],
        waiting=standing,
        parked=[_waiting(wish, 0, None) for wish in ahead.parked],
    )


def _legend() -> dict[str, str]:
    return {**CLASS_WORDS, "lost": "Not answered"}


def _cell_of(at: datetime) -> datetime:
    return at.replace(minute=at.minute // 10 * 10, second=0, microsecond=0)


def _parts(first: datetime, calls: Iterable[Call]) -> tuple[Part, ...]:
    last = first + (CELLS - 1) * CELL
    oldest_first = sorted(calls, key=lambda call: call.at)
    # A call on its way counts from the latest it can be, which may be past the hour's last cell.
    held = {
        begins: tuple(group)
        for begins, group in groupby(oldest_first, lambda call: min(_cell_of(call.at), last))
    }
    cells = [
        Cell(first + number * CELL, held.get(first + number * CELL, ())) for number in range(CELLS)
    ]
    most = max(LOW, *(len(cell.calls) for cell in cells))
    each = CELLS // PARTS
    parts: list[Part] = []
    for start in range(0, CELLS, each):
        at, before = cells[start].begins, cells[max(0, start - each)].begins
        new = not parts or at.date() != before.date()
        parts.append(
            Part(
                tuple(cells[start : start + each]),
                most,
                f"{short(at) if new else hour(at)} UTC",
            )
        )
    return tuple(parts)


def _call(row: Spent, now: datetime) -> Call:
    on_its_way = row.answered_at is None and row.at > now
    lost = row.answered_at is None and not on_its_way
    answered, tone = (
        ("On its way", "info")
        if on_its_way
        else ("Not answered", "bad")
        if lost
        else ("Answered", "good")
    )
    return Call(
        at=row.at,
        free_at=row.at + HOUR if row.at + HOUR > now else None,
        when=f"{short(row.at, since=now)} UTC",
        exact=moment(row.at),
        operation=row.operation,
        words=words_of(row.operation),
        call_class=CLASS_WORDS.get(row.call_class, row.call_class),
        account=row.account,
        answered=answered,
        tone=tone,
        kind="lost" if lost else row.call_class,
    )


def _left() -> list[Left]:
    """One pool of six; with VOICETEL_POOLS=four one for each operation."""
    names = (
        [""]
        if settings.VOICETEL_POOLS == "one"
        else [row.id for row in ROWS if row.pool == ACCOUNT.name]
    )
    found = [(name, budget.outlook(operation=name)) for name in names]
    return [
        Left(words_of(name) if name else "", one.left, ACCOUNT.size, one.next_at)
        for name, one in found
    ]


def _waiting(wish: Wish, place: int, about_at: datetime | None) -> Waiting:
    return Waiting(
        place=place,
        words=words_of(wish.operation),
        operation=wish.operation,
        call_class=CLASS_WORDS.get(wish.call_class, wish.call_class),
        who=wish.account or wish.network or "no account yet",
        ref=f"{wish.kind} {wish.about}",
        since=f"{short(wish.since)} UTC",
        since_exact=moment(wish.since),
        about_at=about_at,
        tries=wish.tries,
        account=wish.account,
    )


def words_of(operation: str) -> str:
    """An operation in words; one that joined the pool later by its own name."""
    return OPERATIONS.get(operation, operation)
