"""A carrier's call records and our copy of them, played in memory by the pure rules of asks.py: so
that hundreds of weeks fit into a test.
"""

import random
from dataclasses import dataclass, field, replace

from apps.billing.calls import asks
from apps.billing.calls.asks import DAY, HOUR, Anchor, Ask, Known

START = 1_790_000_000


@dataclass
class Carrier:
    """Calls with their start, the moment from which they show, and a price that may change."""

    dice: random.Random
    days: int
    a_day: float  # calls
    most: int  # rows of an answer
    late: float = 0.05  # one in so many shows hours after its end
    bursts: bool = False  # many calls in one second
    backward: bool = False
    skew: int = 0
    calls: dict[bytes, tuple[int, int]] = field(default_factory=dict)  # record: at, shown at
    price: dict[bytes, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for _ in range(int(self.days * self.a_day)):
            at = START + int(self.dice.random() * self.days * DAY)
            for _ in range(self.dice.randint(1, 3) if self.bursts else 1):
                self._ring(at)

    def _ring(self, at: int) -> None:
        length = int(self.dice.expovariate(1 / 200)) + 1
        if self.dice.random() < 0.01:
            length += 6 * HOUR
        waits = int(self.dice.random() * 8 * HOUR) if self.dice.random() < self.late else 0
        record = self.dice.randbytes(16)
        self.calls[record] = (at, at + length + waits)
        self.price[record] = self.dice.randint(0, 10_000)

    def answer(self, ask: Ask, now: int) -> tuple[list[Anchor], int]:
        """The rows, and up to when they speak. now: by the carrier's clock."""
        newest = now if ask.start is None else ask.start
        rows = [
            Anchor(at, record)
            for record, (at, shown) in self.calls.items()
            if ask.end <= at <= newest and shown <= now
        ]
        rows.sort(reverse=not self.backward)
        return rows[: self.most], now if ask.start is None else ask.start + 1


@dataclass
class OurCopy:
    """Our rows, and what we know of them."""

    known: Known
    rows: dict[bytes, int] = field(default_factory=dict)  # record: at
    price: dict[bytes, int] = field(default_factory=dict)
    asked: int = 0

    def look(self, carrier: Carrier, now: int, *, lost: bool = False, cut: int = 0) -> None:
        """One turn. lost: the answer does not come; cut: this one has so many rows at most."""
        theirs = now + carrier.skew
        known = replace(self.known, now=theirs)
        ask = asks.next_ask(known, self._before, self._count)
        self.asked += 1
        if lost:
            self.known = asks.lost(known, ask)
            return
        rows, until = carrier.answer(ask, theirs)
        rows = rows[:cut] if cut else rows
        found = asks.judge(ask, rows, until, backward=known.backward)
        for at, record in rows:
            self.rows[record], self.price[record] = at, carrier.price[record]
        self.known = asks.learned(known, ask, found, len(rows))

    def _before(self, at: int) -> Anchor | None:
        return max((Anchor(a, r) for r, a in self.rows.items() if a < at), default=None)

    def _count(self, since: int, until: int) -> int:
        return sum(since <= at < until for at in self.rows.values())

    def missed(self, carrier: Carrier) -> list[bytes]:
        """Records of a time that we call settled, and do not have."""
        return [
            record
            for record, (at, _) in carrier.calls.items()
            if any(since <= at < until for since, until in self.known.settled)
            and record not in self.rows
        ]


def play(seed: int, *, turns_a_day: int = 12, **given: object) -> tuple[Carrier, OurCopy]:
    """Some days of a carrier with trouble, and our copy after them, when nothing moves any more."""
    dice = random.Random(seed)
    wanted = {
        "days": dice.randint(3, 8),
        "a_day": dice.choice([0, 0.5, 3, 20, 80]),
        "most": dice.choice([3, 10, 60, 10_000]),
        "bursts": dice.random() < 0.2,
        "backward": dice.random() < 0.15,
        "skew": dice.choice([0, 0, -400, 5000]),
        **given,
    }
    few = (
        [5, 8] if wanted["bursts"] else [2, 5] if wanted["backward"] else [1, 2, 5]
    )  # no second has more calls than an answer
    wanted["most"] = max(int(wanted["most"]), few[0])  # type: ignore[call-overload]
    carrier = Carrier(dice=dice, **wanted)  # type: ignore[arg-type]
    floor = START - DAY
    ours = OurCopy(Known(now=START, floor=floor, held=[], settled=[]))
    now, end = START + DAY, START + carrier.days * DAY
    trouble = dice.random() * 0.3
    while now < end:
        now += int(DAY / turns_a_day * dice.uniform(0.2, 1.8))
        if dice.random() < 0.02:
            now += int(dice.uniform(1, 30) * HOUR)  # nobody asks for a while
        ours.look(
            carrier,
            now,
            lost=dice.random() < trouble,
            cut=dice.choice([0, 0, 0, *few]) if dice.random() < trouble else 0,
        )
        assert ours.missed(carrier) == [], f"seed {seed} at {now - START}"
    for _ in range(0 if carrier.backward else 4000):
        now += HOUR
        ours.look(carrier, now)
        if all_settled(carrier, ours):
            break
    return carrier, ours


def all_settled(carrier: Carrier, ours: OurCopy) -> bool:
    """Whether everything from the floor to the end is settled, in one span."""
    end = START + carrier.days * DAY
    return any(since <= ours.known.floor and until >= end for since, until in ours.known.settled)
