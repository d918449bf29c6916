"""Changes of a number's 911 address."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from django.db import transaction

from apps.accounts.roles import Right
from apps.changes.change import Absent, Change, Found, Look, Step, Taken, Unclear, change
from apps.copies import claims
from apps.e911 import lines, tasks
from apps.e911.models import E911, Address, Record
from apps.e911.services import rows
from apps.e911.thing import ADDRESS
from apps.ui.format import phone
from apps.voicetel.client import Client, errors
from apps.voicetel.client.records.e911 import E911Record

Standing = Record.Standing
NONE = "no 911 address"


def words(told: Mapping[str, Any] | None) -> str:
    """A record in a few words: "HARBOR DENTAL, 411 HACKENSACK AVE, …"."""
    place = lines.on_one_line(told)
    return ", ".join(filter(None, ((told or {}).get("caller_name"), place))) if place else NONE


class OfRecord(Change):
    """Something done to one number's record. subject: ten digits."""

    thing = ADDRESS

    def before(self) -> dict[str, Any]:
        return self.before_many([self])[0]

    @classmethod
    def before_many(cls, changes: Sequence[Self]) -> list[dict[str, Any]]:
        """{"record": its lines}, {} for none; nothing where that isn't known."""
        if not changes:
            return []
        found = Record.objects.of(changes[0].account).filter(
            number__in=[each.subject for each in changes]
        )
        known = {
            row.number: {"record": lines.of_row(row) if row.address1 else {}}
            for row in found
            if row.standing != Standing.UNKNOWN
        }
        return [known.get(each.subject, {}) for each in changes]

    def called(self, name: str) -> str:
        return "911 address"

    def words(self, name: str, value: Any) -> str:
        return words(value)

    def read_again(self) -> None:
        claims.mark_due(self.account, E911)

    def shown(self, client: Client) -> lines.Lines | None:
        """What VoiceTel shows of the number; None for no record.

        Only the whole list proves that: it is asked where the record itself doesn't come. Raises
        what the client raises.
        """
        try:
            record: E911Record | None = client.e911.get(self.subject)
        except (errors.Conflict, errors.Unauthorized):
            listed = client.e911.list()
            record = next((each for each in listed if each.number == self.subject), None)
            if not listed and self._others_have_one():
                raise errors.Unavailable(
                    "VoiceTel's list of 911 records came back empty, which can't be right.",
                    operation="e911QueryAll",
                ) from None
        return None if record is None else lines.of_record(record)

    def _others_have_one(self) -> bool:
        others = Record.objects.of(self.account).exclude(number=self.subject)
        return others.filter(standing=Standing.PROTECTED).exists()


class Protects(OfRecord):
    """Gives a number a record; the answer is the record."""

    # fields of each class: the caller name, and the lines by the columns of models.Place
    caller_name: str
    place: dict[str, str]

    @property
    def whole(self) -> lines.Lines:
        """The record that is asked for."""
        return {"caller_name": self.caller_name, **self.place}

    def is_so(self, before: dict[str, Any]) -> bool:
        return "record" in before and lines.same(before["record"], self.whole)

    def describe(self) -> str:
        return f"send 911 calls from {phone(self.subject)} to {lines.on_one_line(self.place)}"

    def now_true(self) -> str:
        return f"VoiceTel took the 911 address of {phone(self.subject)}"

    @classmethod
    def steps(cls, asked: Sequence[tuple[Self, dict[str, Any]]]) -> list[Step | None]:
        return [
            Step("911 address", words(was["record"]) if "record" in was else "", words(each.whole))
            for each, was in asked
        ]

    def done(self, answer: Any) -> None:
        rows.said(self.account, self.subject, lines.of_record(answer))
        account, number = self.account.pk, self.subject
        transaction.on_commit(lambda: tasks.nudge(account, number))

    def mark(self, by: str) -> None:
        """Whoever sets an address knows that it's right."""
        rows.confirmed(self.account, self.subject, by)

    def summary(self, answer: Any) -> dict[str, Any]:
        return {"record": lines.of_record(answer)}

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        told = self.shown(client)
        was = before.get("record")
        if told is not None and lines.same(told, self.whole):
            return Found(_Answer(told))
        if told is None and not was:
            return Absent(shows=NONE)
        if told is not None and was and lines.same(told, was):
            return Absent(shows=words(told))
        return Unclear(
            "It didn't happen as asked, and the 911 address was changed elsewhere in the meantime.",
            ask=True,
            shows=words(told),
        )

    def undo(self, before: dict[str, Any]) -> Change | None:
        was = before.get("record")
        return bring_back(self, was) if was and not lines.same(was, self.whole) else None


class _Answer:
    """A record that a look found, in the shape of VoiceTel's answer."""

    def __init__(self, told: lines.Lines) -> None:
        self.callername = told["caller_name"]
        for name in lines.PLACE:
            setattr(self, name, told[name])


def bring_back(now: Change, was: lines.Lines) -> Change:
    """The change that gives the number of another change its old record: by the id of our book
    where that has the address, else from its lines.
    """
    place, name = {name: was[name] for name in lines.PLACE}, was["caller_name"]
    entry = Address.objects.of(now.account).filter(**place).first()
    if entry is None:
        return CreateRecord(now.account, now.subject, caller_name=name, place=place)
    return ProvisionAddress(
        now.account, now.subject, caller_name=name, place=place, address_id=entry.provider_id
    )


@change("e911ProvisionAddress", needs=Right.MANAGE, again=True)
class ProvisionAddress(Protects):
    """Protect a number with an address that VoiceTel checked. address_id: VoiceTel's id of it;
    place: its lines as VoiceTel corrected them.
    """

    caller_name: str
    place: dict[str, str]
    address_id: int

    def send(self, client: Client, key: str) -> E911Record:
        return client.e911.provision(self.subject, self.address_id, self.caller_name)


@change("e911Create", needs=Right.MANAGE)
class CreateRecord(Protects):
    """Protect a number at once: VoiceTel checks the address and takes it. place: its lines as they
    were typed. Never sent twice: it makes something.
    """

    caller_name: str
    place: dict[str, str]

    def send(self, client: Client, key: str) -> E911Record:
        place = dict(self.place)
        return client.e911.create(
            self.subject, caller_name=self.caller_name, zip_code=place.pop("zip"), **place
        )

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        """What was typed is corrected there, so a record that is new since is this change's if it
        has its caller name and ZIP code.
        """
        told, was = self.shown(client), before.get("record")
        if told is None:
            return Absent(shows=NONE) if not was else self._elsewhere(None)
        if was and lines.same(told, was) and not lines.same(told, self.whole):
            return Absent(shows=words(told))
        alike = ("caller_name", "zip")
        mine = all(told[name][:5].casefold() == self.whole[name][:5].casefold() for name in alike)
        return Found(_Answer(told)) if mine else self._elsewhere(told)

    def _elsewhere(self, told: lines.Lines | None) -> Unclear:
        return Unclear(
            "It isn't the address that was asked for. It may have been changed elsewhere.",
            ask=True,
            shows=words(told),
        )


@change("e911RecordDelete", needs=Right.MANAGE, again=True)
class RemoveRecord(OfRecord):
    """Take a number's record away: a 911 call from it shows no address then."""

    def describe(self) -> str:
        return f"remove the 911 address of {phone(self.subject)}"

    def now_true(self) -> str:
        return f"{phone(self.subject)} has no 911 address"

    @classmethod
    def steps(cls, asked: Sequence[tuple[Self, dict[str, Any]]]) -> list[Step | None]:
        return [
            Step("911 address", words(was["record"]) if "record" in was else "", NONE)
            for _, was in asked
        ]

    def send(self, client: Client, key: str) -> None:
        client.e911.delete(self.subject)

    def done(self, answer: Any) -> None:
        rows.removed(self.account, self.subject)

    def summary(self, answer: Any) -> dict[str, Any]:
        return {"record": {}}

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        told = self.shown(client)
        return Found(None) if told is None else Absent(shows=words(told))

    def undo(self, before: dict[str, Any]) -> Change | None:
        was = before.get("record")
        return bring_back(self, was) if was else None
