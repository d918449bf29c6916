"""What is changed at VoiceTel about the account itself."""

from typing import Any

from apps.accounts import profiles
from apps.accounts.models import Profile
from apps.accounts.roles import Right
from apps.changes.change import Change, Step, change
from apps.changes.kit.account import AccountPut
from apps.team.account.zones import words_of
from apps.ui.format import phone
from apps.voicetel.client import Client


class AccountValue(AccountPut):
    """Sets one value of the account. A subclass has one argument, to, and says how it is kept."""

    label = ""

    @property
    def value(self) -> str:
        raise NotImplementedError

    def words(self, name: str, value: Any) -> str:
        return str(value) if value else "not set"

    def called(self, name: str) -> str:
        return self.label

    def summary(self, answer: Any) -> dict[str, Any]:
        return {"to": self.value}

    @classmethod
    def steps(cls, asked: Any) -> list[Step | None]:
        return [
            Step(
                each.label,
                each.words("to", before["to"]) if "to" in before else "",
                each.words("to", each.value),
            )
            for each, before in asked
        ]

    def now_true(self) -> str:
        return f"{self.label}: {self.words('to', self.value)}"


@change("accountPut", needs=Right.MANAGE, again=True)
class SetTimeZone(AccountValue):
    """Set the account's time zone. to: an IANA name."""

    to: str
    label = "Time zone"

    @property
    def value(self) -> str:
        return self.to

    def names(self) -> frozenset[str]:
        return frozenset({"timezone"})

    def send(self, client: Client, key: str) -> tuple[str, ...]:
        return client.account.update(timezone=self.to)

    def before(self) -> dict[str, Any]:
        return {"to": self.account.zone}

    def words(self, name: str, value: Any) -> str:
        return words_of(value) if value else "not set"

    def describe(self) -> str:
        return f"set the time zone to {words_of(self.to)}"

    def done(self, answer: Any) -> None:
        profiles.keep(self.account, zone=self.to)

    def undo(self, before: dict[str, Any]) -> Change | None:
        return SetTimeZone(self.account, self.subject, to=before["to"])


@change("accountPut", needs=Right.MANAGE, again=True)
class SetDefaultCallerId(AccountValue):
    """Set the number that calls show unless a call brings its own. to: ten digits."""

    to: str
    label = "Default caller ID"

    @property
    def value(self) -> str:
        return self.to

    def names(self) -> frozenset[str]:
        return frozenset({"callerId"})

    def send(self, client: Client, key: str) -> tuple[str, ...]:
        return client.account.update(caller_id=self.to)

    def before(self) -> dict[str, Any]:
        known = Profile.objects.filter(account=self.account).values_list("caller_id", flat=True)
        return {"to": known.first() or ""}

    def words(self, name: str, value: Any) -> str:
        return phone(value) if value else "not set"

    def describe(self) -> str:
        return f"set the default caller ID to {phone(self.to)}"

    def done(self, answer: Any) -> None:
        profiles.keep(self.account, caller_id=self.to)

    def undo(self, before: dict[str, Any]) -> Change | None:
        if not before.get("to"):
            return None
        return SetDefaultCallerId(self.account, self.subject, to=before["to"])
