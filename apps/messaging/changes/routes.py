"""Where a number's messages come in and go out, by VoiceTel's own ids."""

from typing import Any

from apps.accounts.roles import Right
from apps.changes.change import Absent, Change, Found, Look, Taken, Unclear, change
from apps.messaging.selectors import states as selected
from apps.messaging.services import states
from apps.numbers.thing import NUMBER
from apps.ui.format import phone
from apps.voicetel.client import Client
from apps.voicetel.client.records.messaging import MessagingPatched


@change("numbersMessagingPatch", needs=Right.MANAGE, again=True)
class SetTextRoutes(Change):
    """Set a number's inbound and outbound messaging route. subject: ten digits; inbound: row id of
    an inbound SMS, 0 for none; outbound: a carrier's id; None leaves one as it is.
    """

    thing = NUMBER

    inbound: int | None = None
    outbound: int | None = None

    def wanted(self) -> dict[str, int]:
        asked = {"text_in": self.inbound, "text_out": self.outbound}
        return {name: value for name, value in asked.items() if value is not None}

    def before(self) -> dict[str, Any]:
        state = selected.find_state(self.account, self.subject)
        known = {"text_in": state.route_in, "text_out": state.carrier} if state else {}
        return {name: known.get(name) for name in self.wanted()}

    def describe(self) -> str:
        parts = [f"{self.called(name).lower()} of" for name in self.wanted()]
        return f"set the {' and the '.join(parts)} {phone(self.subject)}".replace(" of and", " and")

    def now_true(self) -> str:
        said = [f"{self.called(name)}: {self.words(name, each)}" for name, each in self._asked()]
        return "; ".join(said)

    def called(self, name: str) -> str:
        return {"text_in": "Inbound message route", "text_out": "Outbound message carrier"}.get(
            name, name
        )

    def words(self, name: str, value: Any) -> str:
        if value is None:
            return "not known"
        return f"route {value}" if value and name == "text_in" else str(value or "none")

    def send(self, client: Client, key: str) -> MessagingPatched:
        return client.messaging.route(self.subject, inbound=self.inbound, outbound=self.outbound)

    def done(self, answer: Any) -> None:
        states.write_routes(self.account, self.subject, self.inbound, self.outbound)

    def read_again(self) -> None:
        states.mark_due(self.account)

    def summary(self, answer: Any) -> dict[str, Any]:
        return dict(self._asked())

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        told = client.messaging.number(self.subject)
        now = {"text_in": told.route_in or 0, "text_out": told.carrier or 0}
        shown = {name: now[name] for name in self.wanted()}
        shows = "; ".join(f"{self.called(name)}: {self.words(name, shown[name])}" for name in shown)
        if shown == self.wanted():
            return Found(None)
        if all(shown[name] in (before.get(name), self.wanted()[name]) for name in shown):
            return Absent(shows=shows)
        return Unclear("It was changed elsewhere in the meantime.", ask=True, shows=shows)

    def undo(self, before: dict[str, Any]) -> Change | None:
        old = {name: before.get(name) for name in self.wanted()}
        if None in old.values() or old == self.wanted():
            return None
        return SetTextRoutes(
            self.account, self.subject, inbound=old.get("text_in"), outbound=old.get("text_out")
        )

    def _asked(self) -> list[tuple[str, int]]:
        return list(self.wanted().items())
