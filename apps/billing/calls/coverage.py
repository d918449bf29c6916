"""Of which hours our copy has the calls: a row a day in the account's zone, a cell an hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from apps.billing.calls import spans
from apps.billing.calls.asks import HOUR
from apps.billing.calls.period import midnight
from apps.billing.calls.spans import Span, Spans
from apps.ui import format  # noqa: A004  the module, by the name it has everywhere

DAY = timedelta(days=1)


class State(StrEnum):
    """What we have of an hour."""

    SETTLED = "settled"  # all of it
    HELD = "held"  # all so far: long calls appear late
    WAITING = "waiting"  # nothing yet, or a part
    BEFORE = "before"  # never asked for


@dataclass(frozen=True, slots=True)
class Cell:
    """An hour. since: Unix seconds; label: when it begins, "7 PM"."""

    since: int
    label: str
    state: State


@dataclass(frozen=True, slots=True)
class Day:
    """A day with as many hours as it has there: 23 or 25 when the clocks change."""

    day: date
    zone: str
    cells: tuple[Cell, ...]

    @property
    def asked(self) -> int:
        return sum(cell.state is not State.BEFORE for cell in self.cells)

    @property
    def held(self) -> int:
        return sum(cell.state in (State.SETTLED, State.HELD) for cell in self.cells)

    @property
    def words(self) -> str:
        """ "All 24 hours", "19 of 21 hours"."""
        if not self.asked:
            return "Not asked for"
        if self.held == self.asked:
            return f"All {format.count(self.asked, 'hour')}" if self.asked > 1 else "1 hour"
        return f"{self.held} of {format.count(self.asked, 'hour')}"

    @property
    def note(self) -> str:
        """What is missing, or may still come."""
        missing = [cell for cell in self.cells if cell.state is State.WAITING]
        if missing and len(missing) == self.asked:
            return "Not loaded yet"
        if missing:
            parts = spans.merged((cell.since, cell.since + HOUR) for cell in missing)
            said = " and ".join(_hours(part, self.zone) for part in parts[:2])
            more = ", and more" if len(parts) > 2 else ""
            return f"{said}{more} not loaded yet"
        late = sum(cell.state is State.HELD for cell in self.cells)
        return f"{late} may still get late calls" if late else ""

    @property
    def label(self) -> str:
        return f"{self.day:%a}, {self.day:%b} {self.day.day}"


def list_days(zone: str, now: int, floor: int, held: Spans, settled: Spans, many: int) -> list[Day]:
    """The newest days, today first. now and floor: Unix seconds."""
    today = datetime.fromtimestamp(now, format.zone(zone)).date()
    first = datetime.fromtimestamp(floor, format.zone(zone)).date()
    days = [today - each * DAY for each in range(many)]
    return [_day(day, zone, now, floor, held, settled) for day in days if day >= first]


def _day(day: date, zone: str, now: int, floor: int, held: Spans, settled: Spans) -> Day:
    start, end = midnight(day, zone), midnight(day + DAY, zone)
    held, settled = spans.within(held, start, end), spans.within(settled, start, end)
    # a zone of half an hour has whole hours of its own
    hours = [(since, min(since + HOUR, end)) for since in range(start, min(end, now), HOUR)]
    cells = [
        Cell(hour[0], _hour(hour[0], zone), _state(hour, now, floor, held, settled))
        for hour in hours
    ]
    return Day(day, zone, tuple(cells))


def _state(
    hour: Span, now: int, floor: int, held: Sequence[Span], settled: Sequence[Span]
) -> State:
    since, until = hour
    if until <= floor:
        return State.BEFORE
    gone_by = [(max(since, floor), until)]
    if not spans.without(gone_by, settled):
        return State.SETTLED
    if until <= now and not spans.without(gone_by, held):
        return State.HELD
    return State.WAITING


def _hour(at: int, zone: str) -> str:
    local = datetime.fromtimestamp(at, format.zone(zone))
    whole = format.hour(local)
    return whole.replace(":00", "")


def _hours(span: Span, zone: str) -> str:
    return f"{_hour(span[0], zone)} to {_hour(span[1], zone)}"
