"""Whose turn is next in the hour: PRODUCT.md, "The line", as pure functions. Rows: line.py; why so:
docs/decisions/0006.

First owners reconnecting, then whoever is looking, then newcomers, then what runs behind. Newcomers
have two calls of any hour at most and one at least; what runs behind has two at least; either only
as long as someone of them waits, so nothing is kept for nobody. Both are paced: a call of theirs
keeps a distance from the one before, whoever made that, so that the hour's calls come free one by
one, and an owner who comes finds the next one ten minutes off and not an hour. Of any hour three
owners do not even wait for what is owed to what runs behind.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from apps.voicetel.hour.rules import (
    ACCOUNT,
    BEHIND,
    CLASSES,
    HOUR,
    LOOKING,
    NEWCOMERS,
    OWNERS,
    Held,
    Pool,
)


class Waiting(Protocol):
    """A call that waits for an operation that is limited for everyone (models.Turn)."""

    account: str
    about: int  # the change's primary key; 0: a read
    since: datetime


W = TypeVar("W")
C = TypeVar("C", bound=Waiting)

ORDER = (OWNERS.name, LOOKING.name, NEWCOMERS.name, BEHIND.name)
LEAST = {NEWCOMERS.name: 1, BEHIND.name: 2}  # calls of any hour, as long as one of the class waits
# calls of any hour for which an owner does not wait for what runs behind, which has its own a
# little later
FIRST = 3
URGENT = frozenset({OWNERS.name, LOOKING.name})
# A sixth of the hour less half a minute: a distance of the whole sixth would, with calls that take
# their time, leave a part of each hour unused.
PACE = timedelta(minutes=9, seconds=30)
ANSWER = timedelta(seconds=2)  # what a projected call takes
STEPS = 200  # calls that are projected one by one


def next(  # noqa: A001 - turns.next() is its name in the design
    spent: Iterable[Held],
    heads: Mapping[str, W],
    now: datetime,
    *,
    pool: Pool = ACCOUNT,
    paced: bool = True,
) -> W | datetime | None:
    """The wish to serve now; else when to ask again; None: nobody waits.

    spent: the pool's calls, in any order. heads: of each class with someone due, who is first
    there: who waits longest among owners and lookers; of newcomers and of what runs behind, the
    longest waiting of the network or account whose last turn is longest ago.
    """
    held = sorted(call for call in spent if call.at > now - HOUR)
    opens = {
        call_class: _opens(call_class, held, heads.keys(), now, pool, paced)
        for call_class in ORDER
        if call_class in heads
    }
    first = [call_class for call_class, at in opens.items() if at <= now][:1]
    return heads[first[0]] if first else min(opens.values(), default=None)


def _opens(
    call_class: str,
    held: list[Held],
    waiting: Collection[str],
    now: datetime,
    pool: Pool,
    paced: bool,
) -> datetime:
    """When the class may have a call, if nobody has one before."""
    gone = 0  # calls whose hour is over by then
    while not _has_room(call_class, held[gone:], waiting, pool):
        gone += 1
    at = held[gone - 1].at + HOUR if gone else now
    # With an owner or a looker waiting, the call is kept from them for this class: to pace it would
    # leave it to nobody.
    if paced and held and call_class not in URGENT and URGENT.isdisjoint(waiting):
        at = max(at, held[-1].at + PACE)
    return at


def _has_room(call_class: str, held: list[Held], waiting: Collection[str], pool: Pool) -> bool:
    if len(held) >= pool.size:
        return False
    had = Counter(call.call_class for call in held)
    if had[call_class] >= CLASSES[call_class].most:
        return False
    owed = 0
    for other, least in LEAST.items():
        first = call_class == OWNERS.name and other == BEHIND.name and had[call_class] < FIRST
        if other != call_class and other in waiting and had[other] < least and not first:
            owed += least - had[other]
    if call_class == BEHIND.name and had[call_class] < LEAST[call_class]:
        # each waiting for the other's least would leave the call to nobody: this one goes first
        owed = 0
    return len(held) + owed < pool.size


def project(
    spent: Iterable[Held], waiting: Mapping[str, int], now: datetime, *, pool: Pool = ACCOUNT
) -> Iterator[tuple[str, datetime]]:
    """Which class is served when, if nobody else comes. waiting: how many are due in each class."""
    held, left = (
        sorted(spent),
        {call_class: count for call_class, count in waiting.items() if count},
    )
    while left:
        found = next(held, {call_class: call_class for call_class in left}, now, pool=pool)
        if isinstance(found, datetime):
            now = found
            continue
        assert found is not None
        yield found, now
        now += ANSWER
        held = sorted([*held, Held(now, found)])[-pool.size :]
        left[found] -= 1
        if not left[found]:
            del left[found]


def about(
    spent: Iterable[Held],
    waiting: Mapping[str, int],
    call_class: str,
    ahead: int,
    now: datetime,
    *,
    pool: Pool = ACCOUNT,
) -> datetime:
    """About when a class's wish has its turn, with `ahead` before it in the class; `waiting` counts
    it too.

    Exact as long as nobody else comes, for STEPS calls; beyond, as many an hour as in those.
    """
    served, at = 0, now
    for step, (of, at) in enumerate(project(spent, waiting, now, pool=pool)):
        if of == call_class:
            if served == ahead:
                return at
            served += 1
        if step >= STEPS:
            break
    hours = max(at - now, HOUR)
    return now + hours * ((ahead + 1) / max(served, 1))


def latest(call_class: str, ahead: int, now: datetime) -> datetime | None:
    """When a newcomer has its turn at the latest, however many of other classes come meanwhile: one
    call of any hour is kept for them, and may be a pace and some answers late. None for the other
    classes, to whom no time is kept.
    """
    return now + (ahead + 1) * (HOUR + HOUR / 6) if call_class == NEWCOMERS.name else None


def by_account(waiting: Iterable[C], had_at: Mapping[str, datetime]) -> list[C]:
    """All calls that wait for an operation that is limited for everyone, in the order in which they
    go: one of each account, then the second of each. First is the account whose last call is
    longest ago (had_at); of one account, the change that was pressed first, and reads last.
    """
    accounts: dict[str, list[C]] = {}
    for turn in sorted(waiting, key=lambda turn: (not turn.about, turn.about, turn.since)):
        accounts.setdefault(turn.account, []).append(turn)

    def place(account: str) -> tuple[bool, datetime, datetime, str]:
        since = min(turn.since for turn in accounts[account])
        return account in had_at, had_at.get(account, since), since, account

    return [
        turn
        for _, _, turn in sorted(
            (
                (round_, place(account), turn)
                for account, turns in accounts.items()
                for round_, turn in enumerate(turns)
            ),
            key=lambda each: each[:2],
        )
    ]
