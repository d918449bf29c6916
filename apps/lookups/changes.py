"""The two look-ups. Each is charged each time it is asked, and nothing at VoiceTel shows that it
was: so it is sent once, ever, and a lost answer is a question to a person.
"""

from typing import Any, ClassVar

import msgspec

from apps.accounts.roles import Right
from apps.changes.change import Change, Look, Taken, Unclear, change
from apps.lookups import services
from apps.lookups.models import Lookup
from apps.lookups.thing import LOOKUP
from apps.text import shortened
from apps.ui.format import phone, rate
from apps.voicetel.client import Client
from apps.voicetel.client.records.lookups import CallerId, Routing


class LooksUp(Change):
    """Asks VoiceTel about a number, anyone's. subject: ten digits."""

    thing = LOOKUP
    kind: ClassVar[Lookup.Kind]
    unseen = "Look it up again, or close this one?"

    def lane(self) -> str:
        return f"{self.thing.name}:{self.kind}:{self.subject}"

    def price(self) -> int:
        return services.find_price(self.account, self.kind) or 0

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        """No call: nothing shows it, and asking again would be charged."""
        price = services.find_price(self.account, self.kind)
        cost = rate(price) if price else "its price"
        return Unclear(
            f"VoiceTel's answer was lost, so you may have been charged {cost} without getting it.",
            ask=True,
        )

    def keep(self, said: str, answer: Any, ani: str = "") -> None:
        """Write the answer down."""
        told = msgspec.structs.asdict(answer).items()
        found = {name: shortened(str(value), 200) for name, value in told if value}
        services.keep(self.account, self.lane(), self.kind, self.subject, ani, said, found)


@change("cnamLookup", needs=Right.MANAGE)
class LookUpName(LooksUp):
    """The caller name that is registered for a number."""

    kind = Lookup.Kind.NAME

    def describe(self) -> str:
        return f"look up the caller name of {phone(self.subject)}"

    def now_true(self) -> str:
        return f"Looked up the caller name of {phone(self.subject)}"

    def send(self, client: Client, key: str) -> CallerId:
        return client.lookups.cnam(self.subject)

    def done(self, answer: CallerId) -> None:
        self.keep(answer.cnam or services.NO_NAME, answer)

    def summary(self, answer: CallerId) -> dict[str, Any]:
        return {"name": (answer.cnam or "")[:200]}


@change("lrnLookup", needs=Right.MANAGE)
class LookUpCarrier(LooksUp):
    """Which carrier a number lives at, and where it is routed, as seen by a caller. ani: that
    caller's ten digits.
    """

    kind = Lookup.Kind.CARRIER
    ani: str

    def describe(self) -> str:
        return f"look up the carrier of {phone(self.subject)}"

    def now_true(self) -> str:
        return f"Looked up the carrier of {phone(self.subject)}"

    def send(self, client: Client, key: str) -> Routing:
        return client.lookups.lrn(self.subject, self.ani)

    def done(self, answer: Routing) -> None:
        self.keep(answer.lrn.lec or services.NO_CARRIER, answer.lrn, self.ani)

    def summary(self, answer: Routing) -> dict[str, Any]:
        return {"carrier": (answer.lrn.lec or "")[:200]}


KINDS: dict[str, type[LooksUp]] = {each.kind: each for each in (LookUpName, LookUpCarrier)}
