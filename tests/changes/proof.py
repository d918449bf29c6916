"""Changes against the provider that we play: an order, entries of the access list, a sub-account.

They exist for tests only: the fixture `proof` registers them for one test.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from apps.accounts.roles import Right
from apps.changes.change import (
    REGISTRY,
    Absent,
    Change,
    Found,
    Look,
    Result,
    Taken,
    Unclear,
    Verdict,
    change,
)
from apps.changes.states import State
from apps.things import Thing
from apps.voicetel.client import Client
from apps.voicetel.client.records.account import NewAccount
from apps.voicetel.client.records.inventory import Order

ORDERS, ACCESS = Thing("test_bought", "Order"), Thing("test_access", "Access list")
ACCOUNT = Thing("test_account", "Account")


@dataclass
class Ours:
    """Our copies, which may break, and what was told after a settling."""

    numbers: set[str] = field(default_factory=set)
    access: set[str] = field(default_factory=set)
    breaks: bool = False
    read_again: int = 0


OURS = Ours()


@change("orderCreate", needs=Right.MANAGE, keyed=True)
class Buy(Change):
    """Order numbers. subject: the cart's id; numbers: ten digits each."""

    thing = ORDERS
    numbers: list[str]

    def lane(self) -> str:
        return "order"

    def price(self) -> int:
        return len(self.numbers) * 500_000

    def describe(self) -> str:
        return f"order {len(self.numbers)} numbers"

    def before(self) -> dict[str, Any]:
        return {"held": sorted(OURS.numbers & set(self.numbers))}

    def send(self, client: Client, key: str) -> Order:
        return client.orders.create(self.numbers, key=key)

    def verdict(self, answer: Order) -> Verdict:
        bad = {each.number: each.reason or "" for each in answer.failed}
        results = [Result(number, State.DONE) for number in answer.numbers_ordered]
        results += [Result(number, State.REFUSED, why) for number, why in bad.items()]
        known = {each.subject for each in results}
        results += [Result(number, State.DOUBT) for number in self.numbers if number not in known]
        state = State.DONE if len(answer.numbers_ordered) == len(self.numbers) else State.PARTLY
        said = "; ".join(f"{number}: {why}" for number, why in bad.items())
        refused = not answer.numbers_ordered and len(bad) == len(self.numbers)
        return Verdict(State.REFUSED if refused else state, said, tuple(results))

    def charged(self, answer: Order) -> int:
        return int(answer.amount_charged * 1_000_000)

    def summary(self, answer: Order) -> dict[str, Any]:
        return {"order": answer.order_id}

    def done(self, answer: Order) -> None:
        if OURS.breaks:
            raise RuntimeError("our copy is broken")
        OURS.numbers |= set(answer.numbers_ordered)

    def read_again(self) -> None:
        OURS.read_again += 1

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        there = {each.number for each in client.numbers.list()} - set(before["held"])
        got = [number for number in self.numbers if number in there and not taken(number)]
        if not got:
            return Absent()
        return Found(Order(numbers_ordered=got, amount_charged=Decimal("0.5") * len(got)))


@change("aclCreate", needs=Right.MANAGE)
class Allow(Change):
    """Add entries to the access list. subject: the account's number."""

    thing = ACCESS
    cidrs: list[str]

    def lane(self) -> str:
        return "access"

    def describe(self) -> str:
        return f"allow {', '.join(self.cidrs)}"

    def send(self, client: Client, key: str) -> list[str]:
        return client.acl.add(self.cidrs)

    def done(self, answer: Any) -> None:
        if OURS.breaks:
            raise RuntimeError("our copy is broken")
        added = answer if isinstance(answer, list) else [part["cidr"] for part in answer.done]
        OURS.access |= set(added)

    def read_again(self) -> None:
        OURS.read_again += 1

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        there = set(client.acl.list())
        return Found(self.cidrs) if set(self.cidrs) <= there else Absent()


@change("accountSubaccountCreate", needs=Right.OWN)
class MakeAccount(Change):
    """Make a sub-account. subject: its username, ten digits. Its password is told once."""

    thing = ACCOUNT

    def describe(self) -> str:
        return f"make account {self.subject}"

    def send(self, client: Client, key: str) -> NewAccount:
        return client.account.create_subaccount(self.subject, "Mill House", "mill@demo.test")

    def gives(self, answer: NewAccount) -> dict[str, Any]:
        return {"password": answer.password}

    def done(self, answer: NewAccount) -> None:
        if OURS.breaks:
            raise RuntimeError("our copy is broken")

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        return Unclear("Nothing lists accounts.", ask=True)


KINDS = {each.__name__: REGISTRY.pop(each.__name__) for each in (Buy, Allow, MakeAccount)}
