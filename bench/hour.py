"""hour.simulate.N: how N accounts share the six calls of each hour, by the very rule the line uses
(apps/voicetel/hour/turns.py).

Time is virtual: the sweep looks every ten seconds, a call takes 0 to 20 s and reaches the provider
at any moment of that. What runs behind is due all the time; one account in fifty looks eight times
a day, the rest once in ten days; owners reconnect and newcomers knock now and then. 30 days, and
longer where eleven rounds of turns take longer.
"""

import math
from bisect import bisect_left, insort
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from apps.voicetel.hour import turns
from apps.voicetel.hour.rules import HOUR, LONGEST_CALL, Held

START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS, ROUNDS, SIZES = 30, 11, (10, 100, 1000, 10_000)
SWEEP, YOUNG = timedelta(seconds=10), timedelta(minutes=10)
LONGEST = 20.0  # seconds of a call
# every so manieth wait is compared with the time that was promised, up to so many
ESTIMATED, PROMISES = 20, 500


@dataclass
class Waits:
    """Someone who waits: since when, how many stood before, and when they were told their turn
    comes.
    """

    who: int
    since: datetime
    ahead: int = 0
    promised: datetime | None = None


@dataclass
class Life:
    """One run. Moments are by the provider's and our one clock."""

    accounts: int
    chance: Random
    often: float = 8.0  # looks a day of one account in fifty
    rarely: float = 0.1  # of all others
    owners_a_day: float = 2.0
    newcomers_a_day: float = 5.0
    now: datetime = START
    held: list[Held] = field(default_factory=list)
    # by the provider's count, of the last hour
    arrivals: deque[datetime] = field(default_factory=deque)
    over: int = 0
    lines: dict[str, deque[Waits]] = field(
        default_factory=lambda: {call_class: deque() for call_class in turns.ORDER}
    )
    looking: set[int] = field(default_factory=set)
    read_at: dict[int, datetime] = field(default_factory=dict)
    # account: its last turn, and others' calls until then
    turned: dict[int, tuple[datetime, int]] = field(default_factory=dict)
    had: Counter[int] = field(default_factory=Counter)  # background turns
    calls: Counter[str] = field(default_factory=Counter)
    worst_age: float = 0.0
    waited: list[tuple[float, int]] = field(default_factory=list)  # seconds a looker waited, place
    # seconds promised, seconds it took
    promises: list[tuple[float, float]] = field(default_factory=list)
    second_too_early: int = 0
    round: int = 0  # turns that every account has had
    of_round: int = 0  # accounts that had one more

    def run(self) -> "Life":
        self.lines["behind"].extend(Waits(who, START) for who in range(self.accounts))
        comes = self.people()
        at, call_class = next(comes)
        while not self.over_by():
            while at <= self.now:
                self.enter(call_class, at)
                at, call_class = next(comes)
            found = turns.next(
                self.held, {name: name for name, line in self.lines.items() if line}, self.now
            )
            assert found is not None
            if isinstance(found, str):
                self.call(found)
                continue
            wakes = self.tick(found)
            while at <= wakes:  # who joins a line that waits already changes nothing before
                if self.enter(call_class, at):
                    wakes = self.tick(at)
                at, call_class = next(comes)
            self.now = wakes
        return self

    def over_by(self) -> bool:
        days = self.now - START >= timedelta(days=DAYS)
        return days and self.calls["behind"] >= ROUNDS * self.accounts

    def tick(self, at: datetime) -> datetime:
        """The first sweep at or after a moment."""
        return START + SWEEP * math.ceil((at - START) / SWEEP)

    def people(self) -> Iterator[tuple[datetime, str]]:
        busy = max(1, self.accounts // 50)
        kinds = ("often", "rarely", "owners", "newcomers")
        a_day = list(
            accumulate(
                (
                    busy * self.often,
                    (self.accounts - busy) * self.rarely,
                    self.owners_a_day,
                    self.newcomers_a_day,
                )
            )
        )
        at, total = 0.0, a_day[-1]
        while True:
            at += self.chance.expovariate(total)
            yield (
                START + timedelta(days=at),
                kinds[bisect_left(a_day, self.chance.random() * total)],
            )

    def enter(self, kind: str, at: datetime) -> bool:
        """Whether someone now waits in a class where nobody did."""
        who, call_class = -1, kind
        if kind in {"often", "rarely"}:
            busy, call_class = max(1, self.accounts // 50), "looking"
            who = (
                self.chance.randrange(busy)
                if kind == "often"
                else self.chance.randrange(busy, self.accounts)
            )
            if who in self.looking or at - self.read_at.get(who, START - YOUNG) < YOUNG:
                return False
            self.looking.add(who)
        line = self.lines[call_class]
        comes = Waits(
            who, at, len(line) + (len(self.lines["owners"]) if call_class == "looking" else 0)
        )
        line.append(comes)
        if (
            call_class in turns.URGENT
            and len(self.promises) < PROMISES
            and self.chance.random() * ESTIMATED < 1
        ):
            waiting = {name: len(each) for name, each in self.lines.items()}
            comes.promised = turns.about(self.held, waiting, call_class, len(line) - 1, at)
        return len(line) == 1

    def call(self, call_class: str) -> None:
        """The first of a class has its turn; time goes on to the answer."""
        wish, began = self.lines[call_class].popleft(), self.now
        took = timedelta(seconds=self.chance.uniform(0, LONGEST))
        arrives = began + took * self.chance.random()
        while self.arrivals and self.arrivals[0] <= arrives - HOUR:
            self.arrivals.popleft()
        self.over += len(self.arrivals) >= 6
        insort(self.arrivals, arrives)
        self.calls[call_class] += 1
        self.now = began + took
        assert took <= LONGEST_CALL
        self.held = [*self.held, Held(self.now, call_class)][-6:]
        if call_class == "behind":
            self.turn(wish, began)
            return
        if call_class == "looking":
            self.looking.discard(wish.who)
            self.read_at[wish.who] = self.now
            self.waited.append(((began - wish.since).total_seconds(), wish.ahead + 1))
        if wish.promised:
            self.promises.append(
                ((wish.promised - wish.since).total_seconds(), (began - wish.since).total_seconds())
            )

    def turn(self, wish: Waits, began: datetime) -> None:
        others = sum(self.calls.values()) - self.calls["behind"]
        if wish.who in self.turned:
            last, before = self.turned[wish.who]
            age = (began - last) / HOUR
            # calls an hour that were left to turns meanwhile
            left = (6 * age - (others - before)) / age
            self.worst_age = max(self.worst_age, age / (self.accounts / left))
        self.second_too_early += self.had[wish.who] > self.round
        self.had[wish.who] += 1
        self.of_round += self.had[wish.who] == self.round + 1
        if self.of_round == self.accounts:  # all had one more
            self.round, self.of_round = (
                self.round + 1,
                sum(each > self.round + 1 for each in self.had.values()),
            )
        self.turned[wish.who] = began, others
        self.lines["behind"].append(Waits(wish.who, self.now))

    def figures(self) -> dict[str, float]:
        """What INTERFACES.md asks for.

        Calls that could be: six for every hour that went by, as someone waits all the time.
        """
        hours = (self.now - START) / HOUR
        had = [self.had[who] for who in range(self.accounts)]
        # Of the six, those that lookers can have: what runs behind has two, owners and newcomers
        # what they had.
        an_hour = (
            6 - turns.LEAST["behind"] - (self.calls["owners"] + self.calls["newcomers"]) / hours
        )
        theory = sum(place for _, place in self.waited) / an_hour
        promised, took = (sum(column) for column in zip(*self.promises, strict=True))
        return {
            "": sum(self.calls.values()) / (6 * hours),
            ".over": self.over,
            ".jain": sum(had) ** 2 / (self.accounts * sum(each * each for each in had)),
            ".worst_age_ratio": self.worst_age,
            ".wait_ratio": sum(seconds for seconds, _ in self.waited) / 3600 / theory,
            ".promise_ratio": took / promised,
            ".second_too_early": self.second_too_early,
            ".days": hours / 24,
        }


UNITS = {
    "": "of the calls that could be",
    ".over": "calls that were a seventh of an hour by the provider's count",
    ".jain": "Jain's index of turns behind, after eleven rounds or more",
    ".worst_age_ratio": "of accounts / calls an hour left to turns",
    ".wait_ratio": "of place in line / calls an hour left to lookers",
    ".promise_ratio": "of the wait that was named when it began",
    ".second_too_early": "turns behind that came before all had one more",
    ".days": "virtual days",
}


def bench_of(accounts: int) -> Callable[[], Iterable[dict[str, Any]]]:
    def run() -> Iterable[dict[str, Any]]:
        # a fixed seed is meant
        found = Life(accounts, Random(accounts)).run().figures()  # noqa: S311
        for part, value in found.items():
            yield {
                "name": f"hour.simulate.{accounts}{part}",
                "value": round(value, 5),
                "unit": UNITS[part],
                "against": None,
                "ratio": None,
            }

    return run


BENCHES = {f"hour.simulate.{accounts}": bench_of(accounts) for accounts in SIZES}
