"""A provider of three operations, played outside the portal, and the changes that reach it: one of
each kind.

Keep is a PUT (again), Order is keyed, Port is neither and holds a secret. They stand in no release:
the fixture `world` registers them for one test.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.accounts.roles import Right
from apps.changes.change import (
    REGISTRY,
    Absent,
    Change,
    Found,
    Look,
    Taken,
    Unclear,
    change,
    secret,
)
from apps.things import Thing
from apps.voicetel.client import Client, errors


@dataclass
class Kept:
    value: str


@dataclass
class Bought:
    id: str
    numbers: list[str]
    failed: list[str] = field(default_factory=list)


@dataclass
class World:
    """What is so there, what came, and what our copy says."""

    kept: dict[str, str] = field(default_factory=dict)
    bought: dict[str, Bought] = field(default_factory=dict)  # by key
    ports: dict[str, str] = field(default_factory=dict)  # pid: number
    calls: list[tuple[str, str, str]] = field(default_factory=list)  # operation, subject, key
    looks: int = 0
    copy: dict[str, str] = field(default_factory=dict)
    script: list[Callable[[Callable[[], Any]], Any]] = field(default_factory=list)
    blind: bool = False  # looks do not come through
    copy_breaks: bool = False

    def call(self, operation: str, subject: str, key: str, do: Callable[[], Any]) -> Any:
        self.calls.append((operation, subject, key))
        return self.script.pop(0)(do) if self.script else do()

    def on_its_way(self) -> Callable[[], None]:
        """The next call is cut with its request still under way; call what comes back, and it
        arrives.
        """
        late: list[Callable[[], Any]] = []

        def slow(do: Callable[[], Any]) -> Any:
            late.append(do)
            raise errors.OutcomeUnknown("cut")

        self.script.append(slow)
        return lambda: late[0]()

    def look(self) -> None:
        self.looks += 1
        if self.blind:
            raise errors.Unavailable("no answer", status=502)


def lost(do: Callable[[], Any]) -> Any:
    """Done there; the answer is cut."""
    do()
    raise errors.OutcomeUnknown("cut")


def cut(do: Callable[[], Any]) -> Any:
    """Not done; the connection is cut."""
    raise errors.OutcomeUnknown("cut")


def broken(status: int = 502) -> Callable[[Callable[[], Any]], Any]:
    def fail(do: Callable[[], Any]) -> Any:
        raise errors.OutcomeUnknown("nonsense", status=status)

    return fail


def raises(error: Exception) -> Callable[[Callable[[], Any]], Any]:
    def fail(do: Callable[[], Any]) -> Any:
        raise error

    return fail


def in_an_hour() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


WORLD = World()
KEPT = Thing("kept", "Kept", href="/kept/{}/".format)
ORDER, PORT = Thing("test_order", "Order"), Thing("test_port", "Port")


@change("testKeep", needs=Right.MANAGE, again=True)
class Keep(Change):
    thing = KEPT
    value: str

    def wants_fresh(self) -> bool:
        return self.value == "abroad"

    def describe(self) -> str:
        return f"keep {self.value} for {self.subject}"

    def before(self) -> dict[str, Any]:
        return {"value": WORLD.copy.get(self.subject, "")}

    def send(self, client: Client, key: str) -> Kept:
        def do() -> Kept:
            WORLD.kept[self.subject] = self.value
            return Kept(self.value)

        answer: Kept = WORLD.call("testKeep", self.subject, key, do)
        return answer

    def done(self, answer: Kept) -> None:
        if WORLD.copy_breaks:
            raise RuntimeError("the copy is broken")
        WORLD.copy[self.subject] = answer.value

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        WORLD.look()
        there = WORLD.kept.get(self.subject, "")
        if there == self.value:
            return Found(Kept(there))
        return (
            Absent() if there == before["value"] else Unclear("somebody else changed it", ask=True)
        )

    def undo(self, before: dict[str, Any]) -> Change | None:
        return (
            Keep(self.account, self.subject, value=before["value"])
            if before["value"] != self.value
            else None
        )

    def summary(self, answer: Kept) -> dict[str, Any]:
        return {"value": answer.value}


@change("testOrder", needs=Right.BILLING, keyed=True)
class Order(Change):
    thing = ORDER
    numbers: list[str]
    shown: Decimal

    def lane(self) -> str:
        return "order"

    def price(self) -> int:
        return len(self.numbers) * 500_000

    def describe(self) -> str:
        return f"order {len(self.numbers)} numbers"

    def send(self, client: Client, key: str) -> Bought:
        def do() -> Bought:
            return WORLD.bought.setdefault(
                key,
                Bought(
                    f"o{len(WORLD.bought)}",
                    [n for n in self.numbers if n[-2:] != "96"],
                    failed(self.numbers),
                ),
            )

        answer: Bought = WORLD.call("testOrder", self.subject, key, do)
        return answer

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        WORLD.look()
        fit = [
            b
            for b in WORLD.bought.values()
            if set(b.numbers) <= set(self.numbers) and not taken(b.id)
        ]
        return Found(fit[0]) if fit else Absent()

    def binds(self, answer: Bought) -> str:
        return answer.id


def failed(numbers: list[str]) -> list[str]:
    return [number for number in numbers if number[-2:] == "96"]


@change("testPort", needs=Right.BILLING, fresh=True, patience=timedelta(minutes=30))
class Port(Change):
    thing = PORT
    pin: str = secret()

    def lane(self) -> str:
        return "port"

    def describe(self) -> str:
        return f"port {self.subject}"

    def before(self) -> dict[str, Any]:
        return {"pids": sorted(WORLD.ports)}

    def send(self, client: Client, key: str) -> str:
        def do() -> str:
            pid = f"p{len(WORLD.ports)}"
            WORLD.ports[pid] = self.subject
            return pid

        answer: str = WORLD.call("testPort", self.subject, self.pin, do)
        return answer

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        WORLD.look()
        fit = [
            p
            for p, number in WORLD.ports.items()
            if p not in before["pids"] and number == self.subject and not taken(p)
        ]
        if len(fit) > 1:
            return Unclear("several fit", ask=True)
        return Found(fit[0]) if fit else Absent()

    def binds(self, answer: str) -> str:
        return answer


KINDS = {cls.__name__: cls for cls in (Keep, Order, Port)}
for name in KINDS:
    del REGISTRY[name]
