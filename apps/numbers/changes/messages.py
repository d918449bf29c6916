"""Changes of where a number's faxes and inbound messages go."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Self

from apps.accounts.roles import Right
from apps.changes.change import Change, change
from apps.numbers.changes.value import NumberValue
from apps.numbers.selectors import one
from apps.numbers.services import rows
from apps.numbers.services.shape import text
from apps.ui.format import phone
from apps.voicetel import clock
from apps.voicetel.client import Client, errors
from apps.voicetel.client.records.numbers import Fax, Sms

# Removing what isn't there is done: Absent says that there was none, which is what was asked for.


class FaxTarget(NumberValue):
    """Where a number's faxes go: an email address, "" for nowhere, None where it isn't known."""

    column, label, stored_as = "fax_to", "Fax to email", "fax"

    @classmethod
    def kept_many(cls, changes: Sequence[Self]) -> list[Any]:
        kept = one.fax_targets(changes[0].account, [each.subject for each in changes])
        return [kept.get(each.subject) for each in changes]

    def keep(self, value: str) -> None:
        rows.write(
            self.account,
            self.subject,
            fax=bool(value),
            fax_to=text(value, 255),
            targets_at=clock.now(),
        )

    def told(self, client: Client) -> str:
        found = client.numbers.fax(self.subject)
        return found.email if found else ""

    def set_to(self, value: str | None) -> Change | None:
        if value is None:
            return None
        if not value:
            return StopFax(self.account, self.subject)
        return SetFax(self.account, self.subject, email=value)

    def words(self, name: str, value: Any) -> str:
        return "not known" if value is None else value or "off"


@change("numbersFaxSet", needs=Right.MANAGE, again=True)
class SetFax(FaxTarget):
    """Send a number's faxes to an email address. subject: ten digits."""

    email: str

    def describe(self) -> str:
        return f"send faxes to {phone(self.subject)} to {self.email}"

    def send(self, client: Client, key: str) -> Fax:
        return client.numbers.set_fax(self.subject, self.email)

    def _answered(self, answer: Any) -> Any:
        return getattr(answer, "email", "") or self.email


@change("numbersFaxDelete", needs=Right.MANAGE, again=True)
class StopFax(FaxTarget):
    """Send a number's faxes nowhere. subject: ten digits."""

    def wanted(self) -> str:
        return ""

    def describe(self) -> str:
        return f"turn off fax to email for {phone(self.subject)}"

    def send(self, client: Client, key: str) -> None:
        with suppress(errors.Absent):
            client.numbers.stop_fax(self.subject)


class SmsTarget(NumberValue):
    """Where a number's inbound messages go: {"type": email, webhook or sip, "to": its address}; {}
    for nowhere, None where it isn't known.
    """

    column, label, stored_as = "sms_to", "Inbound messages", "texts"

    @classmethod
    def kept_many(cls, changes: Sequence[Self]) -> list[Any]:
        kept = one.sms_targets(changes[0].account, [each.subject for each in changes])
        return [kept.get(each.subject) for each in changes]

    def keep(self, value: dict[str, str]) -> None:
        rows.write(
            self.account,
            self.subject,
            sms=bool(value),
            sms_type=text(value.get("type"), 10),
            sms_to=text(value.get("to"), 500),
            targets_at=clock.now(),
        )

    def told(self, client: Client) -> dict[str, str]:
        return as_value(client.numbers.sms(self.subject))

    def set_to(self, value: dict[str, str] | None) -> Change | None:
        if value is None or value.get("type") == "unknown":
            return None
        if not value:
            return StopSms(self.account, self.subject)
        return SetSms(self.account, self.subject, kind=value["type"], to=value["to"])

    def words(self, name: str, value: Any) -> str:
        if value is None:
            return "not known"
        return one.sms_words(value["type"], value["to"]) if value else "off"


@change("numbersSmsSet", needs=Right.MANAGE, again=True)
class SetSms(SmsTarget):
    """Send a number's inbound messages to an address. subject: ten digits; kind: email, webhook or
    sip.
    """

    kind: str
    to: str

    def wanted(self) -> dict[str, str]:
        return {"type": self.kind, "to": self.to}

    def describe(self) -> str:
        to = one.sms_words(self.kind, self.to)
        return f"send inbound messages for {phone(self.subject)} to {to}"

    def send(self, client: Client, key: str) -> Sms:
        return client.numbers.set_sms(self.subject, self.kind, self.to)

    def _answered(self, answer: Any) -> Any:
        return as_value(answer) or self.wanted()


@change("numbersSmsDelete", needs=Right.MANAGE, again=True)
class StopSms(SmsTarget):
    """Send a number's inbound messages nowhere. subject: ten digits."""

    def wanted(self) -> dict[str, str]:
        return {}

    def describe(self) -> str:
        return f"turn off inbound messages for {phone(self.subject)}"

    def send(self, client: Client, key: str) -> None:
        with suppress(errors.Absent):
            client.numbers.stop_sms(self.subject)

    def _answered(self, answer: Any) -> Any:
        return {}


def as_value(answer: Sms | None) -> dict[str, str]:
    """The provider's answer as a value: {} for none."""
    if answer is None or not answer.resource:
        return {}
    return {"type": answer.type, "to": answer.resource}
