"""A time in an account's zone, as the address of a list asks for it, in Unix seconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.ui import format  # noqa: A004  the module, by the name it has everywhere
from apps.ui.lists.spec import Choice, Filter

CHOICES = (
    Choice("today", "Today"),
    Choice("yesterday", "Yesterday"),
    Choice("7d", "Last 7 days"),
    Choice("30d", "Last 30 days"),
    Choice("month", "This month"),
    Choice("last-month", "Last month"),
)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in a zone: the first and the last, either of which may be missing."""

    first: date | None
    last: date | None
    zone: str

    @property
    def since(self) -> int | None:
        return midnight(self.first, self.zone) if self.first else None

    @property
    def until(self) -> int | None:
        """Not included."""
        return midnight(self.last + DAY, self.zone) if self.last else None

    @property
    def words(self) -> str:
        """ "Nov 30, 2026", "Nov 1, 2026 to Nov 30, 2026", "Since Nov 1, 2026"; empty for all."""
        first = format.day(self.first) if self.first else ""
        last = format.day(self.last) if self.last else ""
        if first and last:
            return first if first == last else f"{first} to {last}"
        if first:
            return f"Since {first}"
        return f"Until {last}" if last else ""


class DayFilter(Filter):
    """A day, as a date field sends it."""

    __slots__ = ()

    def label_of(self, value: str) -> str:
        found = day_of(value)
        return format.day(found) if found else ""


FILTERS = (
    Filter("period", "Period", CHOICES),
    DayFilter("from", "From", ()),
    DayFilter("to", "To", ()),
)


def midnight(day: date, zone: str) -> int:
    """When a day begins there. Where the clocks skip midnight, the first moment after it."""
    start = datetime(day.year, day.month, day.day, tzinfo=format.zone(zone))
    return int(start.timestamp())


def day_of(typed: str) -> date | None:
    """A date of the years 2000 to 2099; None for any other text."""
    try:
        found = date.fromisoformat(typed) if len(typed) == 10 else None
    except ValueError:
        return None
    return found if found and 2000 <= found.year <= 2099 else None


def asked(filters: Mapping[str, str], zone: str, now: datetime) -> Period:
    """The period that the filters of an address name. Typed days go before a choice."""
    first, last = day_of(filters.get("from", "")), day_of(filters.get("to", ""))
    if first or last:
        if first and last and last < first:
            first, last = last, first
        return Period(first, last, zone)
    today = now.astimezone(format.zone(zone)).date()
    month = today.replace(day=1)
    before = (month - DAY).replace(day=1)
    first, last = {
        "today": (today, today),
        "yesterday": (today - DAY, today - DAY),
        "7d": (today - 6 * DAY, today),
        "30d": (today - 29 * DAY, today),
        "month": (month, today),
        "last-month": (before, month - DAY),
    }.get(filters.get("period", ""), (None, None))
    return Period(first, last, zone)
