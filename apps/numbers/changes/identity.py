"""Changes of what others are told about a number. VoiceTel tells neither value again."""

from collections.abc import Sequence
from typing import Any, Self

from apps.accounts.roles import Right
from apps.changes.change import Change, Step, Verdict, change, secret
from apps.changes.states import State
from apps.numbers.changes.value import NumberValue
from apps.numbers.services import rows
from apps.numbers.services.shape import text
from apps.numbers.thing import NUMBER
from apps.ui.format import phone
from apps.voicetel import clock
from apps.voicetel.client import Client
from apps.voicetel.client.records.numbers import CallerName, PortOutPin

LOCKED = "VoiceTel kept the old PIN: it is locked after a recent change."


@change("numbersLidb", needs=Right.MANAGE, again=True)
class SetCallerName(NumberValue):
    """Set the name shown on a number's outbound calls. subject: ten digits; name_shown: 15 letters,
    digits and spaces at most.
    """

    column, label = "caller_name", "Outbound caller name"
    name_shown: str

    look = Change.look  # no read shows it, so a doubt is sent again
    is_so = Change.is_so  # what was set here may have been changed elsewhere

    def describe(self) -> str:
        return f'show "{self.name_shown}" on calls from {phone(self.subject)}'

    def words(self, name: str, value: Any) -> str:
        return value or "not known"

    def send(self, client: Client, key: str) -> CallerName:
        return client.numbers.set_caller_name(self.subject, self.name_shown)

    def verdict(self, answer: Any) -> Verdict:
        """Partly done where the network's part failed: VoiceTel keeps the name all the same."""
        status = getattr(answer, "carrier_status", "")
        if not status or status.casefold().startswith("success"):
            return Verdict(State.DONE)
        return Verdict(State.PARTLY, f'VoiceTel kept the name. The network said: "{status}"')

    def done(self, answer: Any) -> None:
        rows.write(
            self.account,
            self.subject,
            caller_name=text(self._answered(answer), 15),
            caller_name_at=clock.now(),
            caller_name_said=text(getattr(answer, "carrier_status", ""), 200),
        )

    def undo(self, before: dict[str, Any]) -> Change | None:
        return super().undo(before) if before.get(self.name) else None

    def _answered(self, answer: Any) -> Any:
        return getattr(answer, "cnam", "") or self.name_shown


@change("numbersPortOutPinUpdate", needs=Right.MANAGE, again=True, fresh=True)
class SetPin(Change):
    """Set the PIN that another carrier must give to take a number away. subject: ten digits; pin:
    four digits.
    """

    thing = NUMBER
    pin: str = secret()

    def fresh_because(self) -> str:
        return "Anyone who has this PIN can transfer the number to another carrier."

    def describe(self) -> str:
        return f"set the port-out PIN of {phone(self.subject)}"

    @classmethod
    def steps(cls, asked: Sequence[tuple[Self, dict[str, Any]]]) -> list[Step | None]:
        return [Step("Port-out PIN", "", "a new PIN")] * len(asked)

    def send(self, client: Client, key: str) -> PortOutPin:
        return client.numbers.set_port_out_pin(self.subject, self.pin)

    def verdict(self, answer: Any) -> Verdict:
        if getattr(answer, "changed", None) is False:
            return Verdict(State.REFUSED, LOCKED)
        return Verdict(State.DONE)

    def done(self, answer: Any) -> None:
        rows.write(self.account, self.subject, pin_at=clock.now())

    def mark(self, by: str) -> None:
        rows.mark_changed(self.account, self.subject, by)
