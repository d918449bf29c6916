"""How far an account's calls are here, and when there will be more."""

from dataclasses import dataclass
from datetime import UTC, datetime

from apps.accounts.models import Account
from apps.billing.calls import coverage
from apps.billing.calls.pull import KIND, OPERATION
from apps.billing.calls.spans import Spans
from apps.billing.models import Books
from apps.ui.http import LATER, SOON
from apps.voicetel import clock
from apps.voicetel.hour import line
from apps.voicetel.hour.line import Position

MINUTE, WEEK = 60, 7


@dataclass(frozen=True, slots=True)
class Status:
    """How far an account's calls are here. until: we have those that began before; None before the
    first answer. place: in line, while newer ones are waited for; soon: within a minute. every:
    seconds between two looks of the part that waits; 0: it waits for nothing. days: newest first.
    """

    books: Books
    until: datetime | None
    place: Position | None
    soon: bool
    every: int
    days: list[coverage.Day]


def status_of(
    account: Account, books: Books, covered: tuple[Spans, Spans], *, days: int = WEEK
) -> Status:
    """covered: what is held, and what is settled (pull.spans_of)."""
    now = clock.about_now()
    held, settled = covered
    place = line.place(OPERATION, KIND, account.pk) if account.connected else None
    soon = place is not None and (place.about_at - now).total_seconds() < MINUTE
    by_theirs = int(now.timestamp()) + books.skew
    floor = by_theirs if books.floor is None else books.floor
    found = coverage.list_days(account.zone, by_theirs, floor, held, settled, days)
    return Status(
        books=books,
        until=datetime.fromtimestamp(held[-1][1] - books.skew, UTC) if held else None,
        place=place,
        soon=soon,
        every=(SOON if soon else LATER) if place else 0,
        days=found if held else [],
    )
