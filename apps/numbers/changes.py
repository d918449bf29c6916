"""What is done to a number at the provider."""

from typing import Any

from apps.accounts.roles import Role
from apps.changes.change import Absent, Change, Found, Look, Taken, Unclear, change
from apps.numbers import selectors, services
from apps.numbers.abroad import is_abroad
from apps.numbers.thing import NUMBER
from apps.ui.format import phone
from apps.voicetel.client import Client
from apps.voicetel.client.records.numbers import Forward, Route


def elsewhere(told: str) -> Unclear:
    """Neither what was asked for nor what was before, nor what an earlier change of ours made of
    it: somebody else changed it meanwhile, and sending again would undo what they did. A person
    decides."""
    return Unclear(
        f"It did not happen, and the number was changed elsewhere meanwhile: it is {told} now.",
        ask=True,
    )


@change("numbersForwardSet", needs=Role.MANAGER, again=True)
class SetForward(Change):
    """Forward a number's calls. subject: ten digits; to: ten digits."""

    thing = NUMBER
    to: str

    def wants_fresh(self) -> bool:
        return is_abroad(self.to)

    def fresh_because(self) -> str:
        return (
            f"({self.to[:3]}) isn't a standard US or Canadian number, so forwarded calls are billed"
            " at international or premium rates."
        )

    def describe(self) -> str:
        return f"forward {phone(self.subject)} to {phone(self.to)}"

    def before(self) -> dict[str, Any]:
        return {"to": selectors.forward_of(self.account, self.subject)}

    def send(self, client: Client, key: str) -> Forward:
        return client.numbers.set_forward(self.subject, self.to)

    def done(self, answer: Forward) -> None:
        services.write_forward(self.account, self.subject, answer.forward_to or self.to)

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        told = client.numbers.get(self.subject).forward_to
        if told == self.to:
            return Found(Forward(number=self.subject, forward_to=self.to))
        known = {before.get("to", ""), selectors.forward_of(self.account, self.subject)}
        return (
            Absent()
            if (told or "") in known
            else elsewhere(f"forwarded to {phone(told)}" if told else "not forwarded")
        )

    def words(self, name: str, value: Any) -> str:
        return phone(value) if value else "not forwarded"

    def undo(self, before: dict[str, Any]) -> Change | None:
        was = before.get("to", "")
        if was == self.to:
            return None
        return (
            SetForward(self.account, self.subject, to=was)
            if was
            else StopForward(self.account, self.subject)
        )

    def summary(self, answer: Forward) -> dict[str, Any]:
        return {"to": answer.forward_to or self.to}


@change("numbersForwardDelete", needs=Role.MANAGER, again=True)
class StopForward(Change):
    """Stop forwarding a number's calls. subject: ten digits."""

    thing = NUMBER

    def describe(self) -> str:
        return f"stop forwarding {phone(self.subject)}"

    def before(self) -> dict[str, Any]:
        return {"to": selectors.forward_of(self.account, self.subject)}

    def send(self, client: Client, key: str) -> None:
        client.numbers.stop_forward(self.subject)

    def done(self, answer: None) -> None:
        services.write_forward(self.account, self.subject, "")

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        told = client.numbers.get(self.subject).forward_to
        if not told:
            return Found(None)
        known = {before.get("to", ""), selectors.forward_of(self.account, self.subject)}
        return Absent() if told in known else elsewhere(f"forwarded to {phone(told)}")

    def undo(self, before: dict[str, Any]) -> Change | None:
        return SetForward(self.account, self.subject, to=before["to"]) if before.get("to") else None

    def summary(self, answer: None) -> dict[str, Any]:
        return {"to": ""}


@change("numbersRoute", needs=Role.MANAGER, again=True)
class SetRoute(Change):
    """Send a number's calls to a gateway. subject: ten digits; route: the gateway's id."""

    thing = NUMBER
    route: int

    def describe(self) -> str:
        return (
            f"route {phone(self.subject)} to {selectors.find_route_name(self.account, self.route)}"
        )

    def before(self) -> dict[str, Any]:
        route = selectors.route_of(self.account, self.subject)
        return {"route_id": route, "route": selectors.find_route_name(self.account, route)}

    def send(self, client: Client, key: str) -> Route:
        return client.numbers.route(self.subject, self.route)

    def done(self, answer: Route) -> None:
        services.write_route(
            self.account, self.subject, self.route if answer.route is None else answer.route
        )

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        told = client.numbers.get(self.subject).route
        if told == self.route:
            return Found(Route(number=self.subject, route=self.route))
        known = {before.get("route_id"), selectors.route_of(self.account, self.subject)}
        return (
            Absent()
            if told in known
            else elsewhere(f"routed to {selectors.find_route_name(self.account, told)}")
        )

    def undo(self, before: dict[str, Any]) -> Change | None:
        was = before.get("route_id")
        return (
            SetRoute(self.account, self.subject, route=was)
            if was is not None and was != self.route
            else None
        )

    def summary(self, answer: Route) -> dict[str, Any]:
        return {
            "route": selectors.find_route_name(
                self.account, self.route if answer.route is None else answer.route
            )
        }
