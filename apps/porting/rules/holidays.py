"""Business days, as carriers count them: weekdays but the federal holidays of the United States."""

from datetime import date, timedelta
from functools import lru_cache


@lru_cache(maxsize=16)
def of_year(year: int) -> frozenset[date]:
    """The federal holidays, on the weekday on which they are kept."""
    fixed = [date(year, *each) for each in ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))]
    fixed.append(date(year + 1, 1, 1))
    kept = {
        day - timedelta(days=1)
        if day.weekday() == 5
        else day + timedelta(days=1)
        if day.weekday() == 6
        else day
        for day in fixed
    }
    floating = {
        _nth(year, 1, 0, 3),
        _nth(year, 2, 0, 3),
        _nth(year, 9, 0, 1),
        _nth(year, 10, 0, 2),
        _nth(year, 11, 3, 4),
    }
    last = date(year, 5, 31)
    return frozenset(kept | floating | {last - timedelta(days=last.weekday())})


def _nth(year: int, month: int, weekday: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))


def is_business(day: date) -> bool:
    return day.weekday() < 5 and day not in of_year(day.year)


def business_days(since: date, until: date) -> int:
    """How many business days lie after `since`, up to `until`."""
    span = (until - since).days
    return sum(is_business(since + timedelta(days=each)) for each in range(1, span + 1))
