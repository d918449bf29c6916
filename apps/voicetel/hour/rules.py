"""The rules of a sliding hour, without a database: whether there is room, and how long a 429
counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

HOUR = timedelta(hours=1)
LONGEST_CALL = timedelta(seconds=30)  # the transport's deadline for a whole call


@dataclass(frozen=True, slots=True)
class Pool:
    """Operations that share so many calls of any hour.

    `name` is what their rows in client/operations.py say.
    """

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class CallClass:
    """Who asks, and the most calls of any hour that may go to such."""

    name: str
    most: int


class Held(NamedTuple):
    """A call that counts from `at` on, for an hour."""

    at: datetime
    call_class: str


ACCOUNT = Pool("account", 6)
POOLS = {pool.name: pool for pool in (ACCOUNT,)}

# What no order among those waiting may exceed; the order itself is the line's (turns.py).
OWNERS, LOOKING, BEHIND, NEWCOMERS = (
    CallClass("owners", 6),
    CallClass("looking", 6),
    CallClass("behind", 6),
    CallClass("newcomers", 2),
)
CLASSES = {call_class.name: call_class for call_class in (OWNERS, LOOKING, BEHIND, NEWCOMERS)}
# operations from outside the pool that are limited for everyone, all of them together
JOINED = CallClass("joined", 2)


def full_until(
    held: Iterable[Held], pool: Pool, call_class: CallClass, now: datetime
) -> datetime | None:
    """When there is room for one more call of this class; None: now.

    `held`: the pool's newest `pool.size` calls suffice: with fewer in the hour all are among them,
    and with as many the oldest of them says when the first goes.
    """
    taken = sorted(call for call in held if call.at > now - HOUR)
    rooms = (
        (pool.size, taken),
        (call_class.most, [call for call in taken if call.call_class == call_class.name]),
    )
    return max(
        (calls[-most].at + HOUR for most, calls in rooms if len(calls) >= most), default=None
    )


def room_after(
    held: Iterable[Held], pool: Pool, call_class: CallClass, now: datetime, ahead: int
) -> datetime:
    """When there is room for a call of this class once `ahead` others of it have gone, if nobody
    else has one before; `now` or earlier: now. `held` as for full_until().
    """
    calls, at = list(held), now
    for _ in range(ahead):
        at = max(at, full_until(calls, pool, call_class, at) or at)
        calls.append(Held(at, call_class.name))
    return max(at, full_until(calls, pool, call_class, at) or at)


def obeyed(wait: timedelta | None) -> timedelta:
    """How long a 429 shuts the pool, from what its Retry-After said: within (0, 1 h]; absent, past
    or absurd is the hour.
    """
    return wait if wait is not None and timedelta(0) < wait <= HOUR else HOUR
