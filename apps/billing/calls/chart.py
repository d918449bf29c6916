"""Calls by hour or by day as bars: a drawing and a table of the same figures."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import Count, F, QuerySet, Sum

from apps.billing.calls import spans
from apps.billing.calls.period import Period, midnight
from apps.billing.calls.spans import Spans
from apps.billing.models import Call
from apps.ui import format  # noqa: A004  the module, by the name it has everywhere

HOUR, DAY = 3600, timedelta(days=1)
QUARTER = 900  # seconds: no zone is apart from UTC by less
WIDTH, HEIGHT, TOP = 960, 160, 8  # of the drawing, in its own units
MOST = 92  # bars


@dataclass(frozen=True, slots=True)
class Bar:
    """An hour or a day. cost: micro-dollars. loaded: our copy has all of it so far. Its place in
    the drawing: x, y, width, height.
    """

    label: str
    calls: int
    cost: int
    loaded: bool
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """by: "hour" or "day". most: the calls of the highest bar."""

    by: str
    bars: list[Bar]
    most: int

    @property
    def title(self) -> str:
        return f"Calls by {self.by}"

    @property
    def marks(self) -> list[tuple[float, str]]:
        """Labels under the axis: (x, text), six at most."""
        step = max(1, -(-len(self.bars) // 6))
        return [(bar.x + bar.width / 2, bar.label) for bar in self.bars[::step]]


def chart_of(
    found: QuerySet[Call], asked: Period, zone: str, now: int, floor: int, held: Spans
) -> Chart | None:
    """The calls of what is found, by hour where a single day is asked for, else by day. One query;
    None without a bar. now, floor: Unix seconds.
    """
    since = max(asked.since if asked.since is not None else floor, floor)
    until = min(asked.until if asked.until is not None else now, now)
    if since >= until:
        return None
    one_day = asked.first is not None and asked.first == asked.last
    edges = _hours(since, until) if one_day else _days(since, until, zone)
    told = (
        found.order_by()
        .filter(at__gte=edges[0], at__lt=edges[-1])
        .annotate(quarter=F("at") / QUARTER)
        .values_list("quarter")
        .annotate(Count("pk"), Sum("cost"))
    )
    calls, cost = Counter[int](), Counter[int]()
    for quarter, many, paid in told:
        calls[quarter * QUARTER] += many
        cost[quarter * QUARTER] += paid or 0
    return _drawn("hour" if one_day else "day", edges, calls, cost, zone, now, held)


def _hours(since: int, until: int) -> list[int]:
    return [*range(since, until, HOUR), -(-(until - since) // HOUR) * HOUR + since]


def _days(since: int, until: int, zone: str) -> list[int]:
    where = format.zone(zone)
    day = datetime.fromtimestamp(since, where).date()
    edges = [midnight(day, zone)]
    while edges[-1] < until:
        day += DAY
        edges.append(midnight(day, zone))
    return edges[-MOST - 1 :]


def _drawn(
    by: str,
    edges: Sequence[int],
    calls: Counter[int],
    cost: Counter[int],
    zone: str,
    now: int,
    held: Spans,
) -> Chart:
    pairs = list(pairwise(edges))
    sums = [
        (
            sum(many for at, many in calls.items() if since <= at < until),
            sum(paid for at, paid in cost.items() if since <= at < until),
        )
        for since, until in pairs
    ]
    most = max((many for many, _ in sums), default=0)
    step = WIDTH / len(pairs)
    bars = []
    for place, ((since, until), (many, paid)) in enumerate(zip(pairs, sums, strict=True)):
        high = (HEIGHT - TOP) * many / most if most else 0
        loaded = not spans.without([(since, min(until, now))], held)
        bars.append(
            Bar(
                label=_label(by, since, zone),
                calls=many,
                cost=paid,
                loaded=loaded,
                x=round(place * step + step * 0.15, 1),
                y=round(HEIGHT - high, 1),
                width=round(step * 0.7, 1),
                height=round(high, 1),
            )
        )
    return Chart(by, bars, most)


def _label(by: str, at: int, zone: str) -> str:
    local = datetime.fromtimestamp(at, format.zone(zone))
    return format.hour(local).replace(":00", "") if by == "hour" else f"{local:%b} {local.day}"
