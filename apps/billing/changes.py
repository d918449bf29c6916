"""What billing changes at VoiceTel: when it mails that the balance is low."""

from typing import Any

from apps.accounts import profiles
from apps.accounts.models import Profile
from apps.accounts.roles import Right
from apps.changes.change import Change, Step, change
from apps.changes.kit.account import ACCOUNT, AccountPut
from apps.money import MICRO
from apps.things import Thing
from apps.voicetel.client import Client

BALANCE = Thing("balance", "Low-balance email", lambda _: "Balance", lambda _: "/billing/")
LABEL = "Low-balance email"


def words_of(value: Any) -> str:
    """A notice as entries keep it: whole dollars below which VoiceTel mails; None: it doesn't."""
    return "off" if value is None else f"below ${value:,}"


@change("accountPut", needs=Right.BILLING, again=True)
class SetLowBalance(AccountPut):
    """Have VoiceTel mail the account's own address when its balance falls below an amount, or stop
    it. subject: the account's number; below: whole dollars, None for no email.
    """

    thing = BALANCE
    below: int | None

    def lane(self) -> str:
        """After every other change of the account's own settings: one operation sets them all."""
        return f"{ACCOUNT.name}:{self.subject}"

    def names(self) -> frozenset[str]:
        return frozenset({"notify"} if self.below is None else {"notify", "notifyThreshold"})

    def send(self, client: Client, key: str) -> tuple[str, ...]:
        if self.below is None:
            return client.account.update(notify=False)
        return client.account.update(notify=True, notify_threshold=self.below)

    def before(self) -> dict[str, Any]:
        return {"below": kept(Profile.objects.filter(account=self.account).first())}

    def describe(self) -> str:
        if self.below is None:
            return "turn off VoiceTel's low-balance email"
        return f"have VoiceTel email you {words_of(self.below)}"

    def words(self, name: str, value: Any) -> str:
        return words_of(value)

    def called(self, name: str) -> str:
        return LABEL

    def now_true(self) -> str:
        return f"{LABEL}: {words_of(self.below)}"

    @classmethod
    def steps(cls, asked: Any) -> list[Step | None]:
        return [
            Step(
                LABEL, words_of(before["below"]) if "below" in before else "", words_of(each.below)
            )
            for each, before in asked
        ]

    def summary(self, answer: Any) -> dict[str, Any]:
        return {"below": self.below}

    def done(self, answer: Any) -> None:
        if self.below is None:
            profiles.keep(self.account, notify=False)
        else:
            profiles.keep(self.account, notify=True, threshold=self.below * MICRO)

    def undo(self, before: dict[str, Any]) -> Change | None:
        if "below" not in before or before["below"] == self.below:
            return None
        return SetLowBalance(self.account, self.subject, below=before["below"])


def kept(profile: Profile | None) -> int | None:
    """The notice in our copy, whole dollars; None where it is off or not known."""
    if profile is None or not profile.notify or profile.threshold is None:
        return None
    return int(profile.threshold // MICRO)
