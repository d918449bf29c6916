"""Changes that bring numbers to the account, for money: an order of up to 100, and one known
number.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import structlog

from apps.accounts.models import Account
from apps.accounts.roles import Right
from apps.changes.change import (
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
from apps.changes.models import Entry, Item
from apps.changes.states import State
from apps.copies import claims
from apps.money import MICRO, micro
from apps.numbers.models import NUMBERS, CartLine, Number
from apps.numbers.services.arriving import Arrival, arrive
from apps.numbers.thing import NUMBER, ORDER
from apps.ui.format import money, phone
from apps.voicetel.client import Client, errors
from apps.voicetel.client.records.inventory import Failed, Order
from apps.voicetel.client.records.numbers import Route

log = structlog.get_logger("numbers")
MOST = 100  # numbers a call
ONE_BY_ONE = 20  # up to so many numbers are looked up one by one, more by the whole list
MANY, DEAR = 50, 50 * MICRO  # numbers, micro-dollars: from there on it asks for a fresh sign-in
NOT_THERE = "VoiceTel doesn't show it on this account."
UNNAMED = "VoiceTel's answer didn't name every number, so we're checking whether they were ordered."


def held_of(account: Account, numbers: Sequence[str]) -> list[str]:
    """Those of the numbers that our copy has on the account, in order."""
    held = Number.objects.of(account).filter(number__in=numbers)
    return sorted(held.values_list("number", flat=True))


def had_of(account: Account, numbers: Sequence[str]) -> list[str]:
    """Those of the numbers that an earlier change brought: where they are not held now, they left
    again, so that change no longer tells whose one is that shows later.
    """
    of = Entry.objects.of(account).filter(kind__in=["PlaceOrder", "AddNumber"])
    items = Item.objects.filter(entry__in=of, subject__in=numbers, state=State.DONE)
    return sorted(set(items.values_list("subject", flat=True)))


class Bringing(Change):
    """Brings numbers to the account. each: micro-dollars a number, as shown when pressed."""

    each: int

    def list_numbers(self) -> list[str]:
        raise NotImplementedError

    def price(self) -> int:
        return self.each * len(self.list_numbers())

    def before(self) -> dict[str, Any]:
        numbers = self.list_numbers()
        return {"held": held_of(self.account, numbers), "had": had_of(self.account, numbers)}

    def is_ours(self, number: str, before: dict[str, Any], taken: Taken) -> bool:
        """Whether a number that VoiceTel shows on the account is there by this change."""
        if number in before["held"]:
            return False
        return number in before["had"] or not taken(number)

    def read_again(self) -> None:
        claims.mark_due(self.account, NUMBERS)


@change("orderCreate", needs=Right.MANAGE, keyed=True)
class PlaceOrder(Bringing):
    """Order up to 100 numbers. subject: the order's id (Cart); numbers: ten digits each; routes:
    gateway ids by number; of: numbers of the whole order, which may take several of these.
    """

    thing = ORDER
    numbers: list[str]
    routes: dict[str, int]
    each: int
    of: int

    def list_numbers(self) -> list[str]:
        return self.numbers

    def lane(self) -> str:
        return "order"

    def wants_fresh(self) -> bool:
        return self.of >= MANY or self.of * self.each >= DEAR

    def fresh_because(self) -> str:
        return "A big order can't be undone, so we ask who it is."

    def describe(self) -> str:
        if self.of > len(self.numbers):
            return f"order {len(self.numbers)} of {self.of:,} numbers"
        if len(self.numbers) == 1:
            return f"order {phone(self.numbers[0])}"
        return f"order {len(self.numbers)} numbers"

    def now_true(self) -> str:
        if len(self.numbers) == 1:
            return f"Ordered {phone(self.numbers[0])}"
        return f"Ordered {len(self.numbers)} numbers"

    def send(self, client: Client, key: str) -> Order:
        return client.orders.create(self.numbers, key=key, routes=self.routes)

    def verdict(self, answer: Any) -> Verdict:
        """Each number by itself; one in neither list is in doubt, and so is the order then."""
        if not isinstance(answer, Order):
            return super().verdict(answer)
        ordered = set(answer.numbers_ordered)
        failed = {each.number: each.reason or "No reason was given." for each in answer.failed}
        results = []
        for number in self.numbers:
            if number in ordered:
                results.append(Result(number, State.DONE))
            elif number in failed:
                results.append(Result(number, State.REFUSED, failed[number]))
            else:
                results.append(Result(number, State.DOUBT))
        states = {each.state for each in results}
        said = "; ".join(f"{phone(r.subject)}: {r.said}" for r in results if r.said)
        if State.DOUBT in states:
            return Verdict(State.DOUBT, UNNAMED, tuple(results))
        if states == {State.REFUSED}:
            # nothing was ordered, and yet it took money: not to be called harmless
            state = State.PARTLY if answer.amount_charged else State.REFUSED
            return Verdict(state, said, tuple(results))
        return Verdict(State.DONE if states == {State.DONE} else State.PARTLY, said, tuple(results))

    def charged(self, answer: Order) -> int:
        return micro(answer.amount_charged)

    def binds(self, answer: Order) -> str:
        """Ids look like seconds, which two orders may share: the first number tells them apart."""
        if not answer.order_id or not answer.numbers_ordered:
            return ""
        return f"{answer.order_id}:{answer.numbers_ordered[0]}"

    def summary(self, answer: Order) -> dict[str, Any]:
        return {"order": answer.order_id, "ordered": len(answer.numbers_ordered)}

    def words(self, name: str, value: Any) -> str:
        return (
            ", ".join(map(phone, value)) if isinstance(value, list) else super().words(name, value)
        )

    def done(self, answer: Order) -> None:
        mine = set(self.numbers) & set(answer.numbers_ordered)
        lines = CartLine.objects.filter(cart__account=self.account, cart=int(self.subject))
        labels = dict(lines.filter(number__in=mine).values_list("number", "label"))
        arrive(
            self.account,
            {
                number: Arrival(self.routes.get(number), labels.get(number, ""))
                for number in self.numbers
                if number in mine
            },
        )
        took, owed = micro(answer.amount_charged), self.each * len(answer.numbers_ordered)
        if took != owed:
            log.error(
                "an order was charged otherwise than shown",
                account=self.account.pk,
                order=self.subject,
                charged=money(took),
                shown=money(owed),
            )

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        """Which of its numbers are on the account now and were not before."""
        there = self._shown(client)
        got = [n for n in self.numbers if n in there and self.is_ours(n, before, taken)]
        if not got:
            return Absent(shows="none of the numbers on this account")
        rest = [n for n in self.numbers if n not in got]
        order = Order(
            numbers_ordered=got,
            amount_charged=_dollars(self.each * len(got)),
            failed=tuple(Failed(number=number, reason=NOT_THERE) for number in rest),
        )
        return Found(order, partial=bool(rest))

    def _shown(self, client: Client) -> set[str]:
        """The order's numbers that VoiceTel has on the account."""
        if len(self.numbers) > ONE_BY_ONE:
            return {each.number for each in client.numbers.list()}
        return {number for number in self.numbers if _find(client, number) is not None}


@change("numbersCreate", needs=Right.MANAGE)
class AddNumber(Bringing):
    """Add one known number to the account. subject: ten digits; route: a gateway's id; label: what
    it's called here. It knows no key: it is never sent twice.
    """

    thing = NUMBER
    route: int
    label: str
    each: int

    def list_numbers(self) -> list[str]:
        return [self.subject]

    def describe(self) -> str:
        return f"add {phone(self.subject)} to this account"

    def now_true(self) -> str:
        return f"Added {phone(self.subject)}"

    def send(self, client: Client, key: str) -> Route:
        return client.numbers.create(self.subject, self.route)

    def verdict(self, answer: Any) -> Verdict:
        if isinstance(answer, errors.Conflict):
            return super().verdict(answer)
        return Verdict(State.DONE, results=(Result(self.subject, State.DONE),))

    def done(self, answer: Route) -> None:
        arrive(self.account, {self.subject: Arrival(self.route, self.label)})

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        there = _find(client, self.subject)
        if there is None:
            return Absent(shows="not on this account")
        if not self.is_ours(self.subject, before, taken):
            return Unclear("It was on this account before.", ask=True, shows="on this account")
        return Found(Route(number=self.subject, route=self.route))


def _find(client: Client, number: str) -> Any:
    """The number as VoiceTel has it on the account; None where it has not."""
    try:
        return client.numbers.get(number)
    except errors.Absent:
        return None


def _dollars(amount: int) -> Decimal:
    """Micro-dollars as the client's records carry money."""
    return Decimal(amount) / MICRO
