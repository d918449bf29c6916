"""SendMessage: a text or picture message, sent once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.accounts.roles import Right
from apps.changes.change import Absent, Change, Found, Look, Taken, change
from apps.messaging import optouts, segments
from apps.messaging.models import Kind, OptOut
from apps.messaging.rates import rate_of
from apps.messaging.services import history, opting
from apps.messaging.thing import MESSAGE, ends
from apps.money import micro
from apps.numbers.international import dear
from apps.ui.format import phone
from apps.voicetel import clock
from apps.voicetel.client import Client, errors
from apps.voicetel.client.records.messaging import Message as Record
from apps.voicetel.client.records.messaging import SentMessage

PROVED = "history/"  # before a record's id, which is not of the kind that answers have


@dataclass(frozen=True, slots=True)
class Proof:
    """A record of the history that can only be ours. cost: micro-dollars."""

    ident: str
    cost: int | None


@change("messageSend", needs=Right.MANAGE)
class SendMessage(Change):
    """Send a message. subject: thing.pair(own number, far end); text: as segments.clean() gives it;
    media: web addresses of pictures, which make it an MMS. Charges, and is never sent twice.
    """

    thing = MESSAGE

    text: str
    media: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return Kind.MMS if self.media else Kind.SMS

    def price(self) -> int:
        """The most that it can cost."""
        rate = rate_of(self.account, self.kind) or 0
        return rate if self.media else segments.at_most(self.text, rate)

    def wants_fresh(self) -> bool:
        return dear(self._far) is not None

    def fresh_because(self) -> str:
        return "Messages to this number can be billed at international rates."

    def describe(self) -> str:
        number, far = ends(self.subject)
        what = "a picture message" if self.media else "a text"
        return f"send {what} to {phone(far)} from {phone(number)}"

    def now_true(self) -> str:
        return f"Sent to {phone(self._far)}"

    def before(self) -> dict[str, Any]:
        """The moment, taken anew at the sending: the history around it is read after a doubt."""
        return {"since": clock.about_now().isoformat()}

    def send(self, client: Client, key: str) -> SentMessage:
        number, far = ends(self.subject)
        if opting.open_of(self.account, number, far):
            raise errors.Malformed({"to": f"{phone(far)} opted out, so nothing was sent."})
        try:
            return client.messages.send(number, far, self.text, media=self.media)
        except errors.Conflict as error:
            # of a 409's three causes only this one is the far end's
            if optouts.told(error.message):
                opting.stop(self.account, number, far, clock.about_now(), OptOut.How.TOLD)
            raise

    def charged(self, answer: Any) -> int | None:
        if isinstance(answer, Proof):
            return answer.cost
        rate = rate_of(self.account, self.kind)
        if rate is None or (answer.parts is None and not self.media):
            return None
        return rate if self.media else rate * answer.parts

    def binds(self, answer: Any) -> str:
        if isinstance(answer, Proof):
            return f"{PROVED}{answer.ident}"[:120]
        return str(answer.id)[:120]

    def done(self, answer: Any) -> None:
        if isinstance(answer, Proof):
            told: dict[str, Any] = {"cost": answer.cost}
            history.sent(self.account, self.subject, self.binds(answer), answer.ident, **told)
        else:
            told = {"sent_id": str(answer.id)[:64], "parts": _small(answer.parts)}
            history.sent(self.account, self.subject, self.binds(answer), "", **told)

    def summary(self, answer: Any) -> dict[str, Any]:
        return {} if isinstance(answer, Proof) else {"parts": answer.parts}

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        """The sender's history around the moment: a record that no sending of ours accounts for."""
        number, _ = ends(self.subject)
        since = datetime.fromisoformat(before["since"])
        history.adopt(self.account, number)
        told = client.messages.history(
            number, self.kind, since + history.AROUND, since - history.AROUND
        )
        free = history.left_over(
            self.account, self.subject, self.kind, self.text, since, told.messages
        )
        for record in free:
            proof = proof_of(record)
            if not taken(self.binds(proof)):
                return Found(proof)
        return Absent(shows="no such message")

    @property
    def _far(self) -> str:
        return ends(self.subject)[1]


def proof_of(record: Record) -> Proof:
    return Proof(record.id[:64], None if record.cost is None else micro(record.cost))


def _small(number: int | None) -> int | None:
    return number if number is not None and 0 <= number < 2**15 else None
