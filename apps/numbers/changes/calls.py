"""Changes of where a number's calls go."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Self

from apps.accounts.roles import Right
from apps.changes.change import Change, Step, change
from apps.numbers.changes.value import NumberValue
from apps.numbers.international import dear, shown
from apps.numbers.selectors import one
from apps.numbers.services import rows
from apps.ui.format import phone
from apps.voicetel.client import Client
from apps.voicetel.client.records.numbers import Cnam, Forward, Route, Translation


class Forwarding(NumberValue):
    """Where a number's calls are forwarded: ten digits, or "" for nowhere."""

    column, label, stored_as = "forward_to", "Forwarding", "to"

    @classmethod
    def kept_many(cls, changes: Sequence[Self]) -> list[Any]:
        return [value or "" for value in super().kept_many(changes)]

    def set_to(self, value: str) -> Change:
        if not value:
            return StopForward(self.account, self.subject)
        return SetForward(self.account, self.subject, to=value)

    def words(self, name: str, value: Any) -> str:
        return shown(value) if value else "not forwarded"

    def now_true(self) -> str:
        to = self.wanted()
        return f"Forwarding to {phone(to)}" if to else "Forwarding is off"

    def stands(self, value: str) -> str:
        return f"it is forwarded to {shown(value)}" if value else "it is not forwarded"


@change("numbersForwardSet", needs=Right.MANAGE, again=True)
class SetForward(Forwarding):
    """Forward a number's calls. subject: ten digits; to: ten digits."""

    unfit = "a number can't forward to itself"
    to: str

    def for_subject(self, subject: str) -> Change | None:
        return None if subject == self.to else super().for_subject(subject)

    def wants_fresh(self) -> bool:
        return dear(self.to) is not None

    def fresh_because(self) -> str:
        costs = dear(self.to)
        return costs.why if costs else ""

    def describe(self) -> str:
        return f"forward {phone(self.subject)} to {shown(self.to)}"

    def send(self, client: Client, key: str) -> Forward:
        return client.numbers.set_forward(self.subject, self.to)


@change("numbersForwardDelete", needs=Right.MANAGE, again=True)
class StopForward(Forwarding):
    """Stop forwarding a number's calls. subject: ten digits."""

    def wanted(self) -> str:
        return ""

    def describe(self) -> str:
        return f"stop forwarding {phone(self.subject)}"

    def send(self, client: Client, key: str) -> None:
        client.numbers.stop_forward(self.subject)


@change("numbersRoute", needs=Right.MANAGE, again=True)
class SetRoute(NumberValue):
    """Send a number's calls to a gateway. subject: ten digits; route: the gateway's id."""

    column, label, stored_as = "route", "Route", "route_id"
    route: int

    def describe(self) -> str:
        return f"route {phone(self.subject)} to {self._named(self.route)}"

    @classmethod
    def steps(cls, asked: Sequence[tuple[Self, dict[str, Any]]]) -> list[Step | None]:
        names = one.list_route_names(asked[0][0].account) if asked else {}
        return [
            Step(
                cls.label,
                one.route_words(names, before["route_id"]) if "route_id" in before else "",
                one.route_words(names, each.route),
            )
            for each, before in asked
        ]

    def stands(self, value: int | None) -> str:
        return f"it is routed to {self.words(self.name, value)}"

    def send(self, client: Client, key: str) -> Route:
        return client.numbers.route(self.subject, self.route)

    def keep(self, value: int) -> None:
        rows.write_route(self.account, self.subject, value)

    def words(self, name: str, value: Any) -> str:
        if name == self.name:
            return self._named(value)
        return one.find_route_by_address(self.account, value) if name == "route" else ""

    def stored(self, value: int | None) -> dict[str, Any]:
        """With the address beside the id: names are the customer's, who may change them."""
        return super().stored(value) | {"route": one.find_address(self.account, value)}

    def summary(self, answer: Route | None) -> dict[str, Any]:
        return {"route": one.find_address(self.account, self._answered(answer))}

    def _named(self, route: int | None) -> str:
        return one.find_route_name(self.account, route)


@change("numbersCnam", needs=Right.MANAGE, again=True)
class SetCnam(NumberValue):
    """Look up the names of a number's callers, or stop it. subject: ten digits."""

    column, label = "cnam", "Caller ID name lookup"
    enabled: bool

    def describe(self) -> str:
        turn = self.words(self.name, self.enabled)
        return f"turn {turn} caller ID name lookup for {phone(self.subject)}"

    def send(self, client: Client, key: str) -> Cnam:
        return client.numbers.set_cnam(self.subject, self.enabled)


@change("numbersTranslation", needs=Right.MANAGE, again=True)
class SetTranslation(NumberValue):
    """Send other digits as the called number. subject, to: ten digits; the number's own undo it."""

    column, label, stored_as = "translated", "Number sent to your system", "sent_as"
    to: str

    def for_subject(self, subject: str) -> Change:
        """Without digits of its own each number is sent as dialed."""
        return replace(self, subject=subject, to=self.to or subject)

    @classmethod
    def kept_many(cls, changes: Sequence[Self]) -> list[Any]:
        kept = super().kept_many(changes)
        return [value or each.subject for each, value in zip(changes, kept, strict=True)]

    def told(self, client: Client) -> str:
        return super().told(client) or self.subject

    def words(self, name: str, value: Any) -> str:
        return "as dialed" if value == self.subject else phone(value)

    def describe(self) -> str:
        return f"send {self.words(self.name, self.to)} to your system for {phone(self.subject)}"

    def send(self, client: Client, key: str) -> Translation:
        return client.numbers.translate(self.subject, self.to)

    def _answered(self, answer: Any) -> Any:
        return getattr(answer, "translation", "") or self.to
