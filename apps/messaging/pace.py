"""How often a number's history is read. Pure; all times in one table.

| number | sms | mms | dlr |
|---|---|---|---|
| watched: a page asked in the last 30 s | 15 s | 60 s | 15 s while a new text lacks a receipt |
| a text in 24 h | 5 min | 20 min | 2, 10, 60 min, 6, 24 h after one that lacks a receipt |
| in 30 days | 1 h | 4 h | - |
| can text | a day | a day | - |
"""

import random
from datetime import datetime, timedelta

from apps.messaging.models import Kind

WATCHED = timedelta(seconds=30)  # after a page asked
NEW = timedelta(minutes=10)  # a text that may get its receipt any moment
OVERLAP = timedelta(minutes=5)  # each look with the last one
LATE = timedelta(hours=48)  # overlap of one look a day, for records that come late
SWEPT = timedelta(hours=24)
SPAN = timedelta(days=7)  # of one call at most
FIRST = timedelta(days=30)  # read back that far without being asked
HELD = timedelta(seconds=90)  # a claim outlives the longest call
FIRST_WAIT, WORST_WAIT = timedelta(minutes=1), timedelta(hours=1)
AFTER_TEXT = tuple(
    timedelta(minutes=minutes) for minutes in (2, 10, 60, 6 * 60, 24 * 60)
)  # looks for a receipt
WHILE_WATCHED = {
    Kind.SMS: timedelta(seconds=15),
    Kind.MMS: timedelta(seconds=60),
    Kind.DLR: timedelta(seconds=15),
}
ACTIVE = {Kind.SMS: timedelta(minutes=5), Kind.MMS: timedelta(minutes=20)}
USED = {Kind.SMS: timedelta(hours=1), Kind.MMS: timedelta(hours=4)}
QUIET = timedelta(days=1)

WATCHED_AT_ONCE = 10  # feeds of an account
CALLS_A_MINUTE = 40  # of an account
A_DAY, A_DAY_EACH, A_DAY_MOST = 2_000, 50, 20_000  # calls besides the watched ones


def interval(
    kind: str,
    now: datetime,
    *,
    watched: bool,
    last_at: datetime | None,
    waiting: datetime | None,
) -> timedelta | None:
    """How long until the next look; None: only when someone asks.

    last_at: of the number's last message; waiting: of its newest sent one that lacks a receipt.
    """
    each = Kind(kind)
    if each is Kind.DLR:
        return _receipts(now, watched=watched, waiting=waiting)
    if watched:
        return WHILE_WATCHED[each]
    age = now - last_at if last_at else None
    if age is not None and age <= timedelta(days=1):
        return ACTIVE[each]
    return USED[each] if age is not None and age <= FIRST else QUIET


def _receipts(now: datetime, *, watched: bool, waiting: datetime | None) -> timedelta | None:
    if waiting is None:
        return None
    age = now - waiting
    if watched and age <= NEW:
        return WHILE_WATCHED[Kind.DLR]
    coming = next((after for after in AFTER_TEXT if after > age), None)
    return None if coming is None else max(coming - age, timedelta(seconds=15))


def jittered(span: timedelta) -> timedelta:
    """Ten percent more or less, so that a thousand numbers don't come at once."""
    seconds: float = span.total_seconds() * random.uniform(0.9, 1.1)  # noqa: S311  no secret
    return timedelta(seconds=seconds)


def stretch(calls_a_day: float, texting: int) -> float:
    """How much longer every interval becomes so that an account's calls stay below its ceiling."""
    ceiling = min(A_DAY + A_DAY_EACH * texting, A_DAY_MOST)
    return max(calls_a_day / ceiling, 1.0)


def failed(failures: int) -> timedelta:
    """How long to wait after so many failures in a row."""
    doubled: int = 1 << min(max(failures - 1, 0), 6)
    return min(FIRST_WAIT * doubled, WORST_WAIT)
