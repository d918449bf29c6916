"""Brands and campaigns brought to VoiceTel's network, and the numbers bound to them."""

from contextlib import suppress
from typing import Any

from apps.accounts.roles import Right
from apps.changes.change import (
    Absent,
    Change,
    Found,
    Look,
    Result,
    Step,
    Taken,
    Unclear,
    Verdict,
    change,
)
from apps.changes.states import State
from apps.messaging.selectors import states as selected
from apps.messaging.services import campaigns, states
from apps.messaging.thing import BRAND, CAMPAIGN
from apps.messaging.verdict import UNKNOWN
from apps.numbers.thing import NUMBER
from apps.ui.format import count, phone
from apps.voicetel.client import Client, errors
from apps.voicetel.client.records.messaging import Assigned, BulkUnassigned, Registered, Unassigned


@change("messagingBrandCreate", needs=Right.MANAGE)
class RegisterBrand(Change):
    """Bring a brand of the campaign registry to VoiceTel's network. subject: the brand's id.

    No read shows brands, so a doubt is a person's to decide.
    """

    thing = BRAND

    name: str
    description: str = ""

    def describe(self) -> str:
        return f"register brand {self.subject}, {self.name}"

    def now_true(self) -> str:
        return f"Brand {self.subject} is registered"

    def send(self, client: Client, key: str) -> Registered:
        return client.messaging.create_brand(self.subject, self.name, self.description or None)

    def done(self, answer: Any) -> None:
        campaigns.keep_brand(self.account, self.subject, self.name, self.description)

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        return Unclear("VoiceTel doesn't show brands, so we can't tell.", ask=True)


@change("messagingCampaignCreate", needs=Right.MANAGE)
class RegisterCampaign(Change):
    """Bring a campaign to the network. subject: its registry id; brand: its brand's id."""

    thing = CAMPAIGN

    brand: str
    description: str

    def describe(self) -> str:
        return f"register campaign {self.subject} of brand {self.brand}"

    def now_true(self) -> str:
        return f"Campaign {self.subject} is registered"

    def send(self, client: Client, key: str) -> Registered:
        return client.messaging.create_campaign(self.subject, self.brand, self.description)

    def done(self, answer: Any) -> None:
        campaigns.keep(self.account, self.subject, self.brand, self.description)

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        told = {each.id: each.status for each in client.messaging.campaigns([self.subject])}
        status = told.get(self.subject, "")
        if not status or status in UNKNOWN:
            return Absent(shows=status or "no such campaign")
        return Found(None)


class Binding(Change):
    """Which campaign a number is bound to. subject: ten digits."""

    thing = NUMBER

    def wanted(self) -> str:
        """The campaign that it is bound to afterwards; "" for none."""
        raise NotImplementedError

    def before(self) -> dict[str, Any]:
        state = selected.find_state(self.account, self.subject)
        return {"campaign": state.campaign if state else None}

    @classmethod
    def steps(cls, asked: Any) -> list[Step | None]:
        return [
            Step(
                "Campaign",
                each.words("campaign", before.get("campaign")),
                each.words("campaign", each.wanted()),
            )
            for each, before in asked
        ]

    def words(self, name: str, value: Any) -> str:
        return "not known" if value is None else value or "none"

    def summary(self, answer: Any) -> dict[str, Any]:
        return {"campaign": self.wanted()}

    def done(self, answer: Any) -> None:
        states.write_campaign(self.account, self.subject, self.wanted(), answer)

    def read_again(self) -> None:
        states.mark_due(self.account)

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        told = client.messaging.number(self.subject).campaign
        bound = told.id if told else ""
        if bound == self.wanted():
            return Found(None)
        if bound == before.get("campaign"):
            return Absent(shows=self.words("campaign", bound))
        return Unclear(
            f"It was bound to another campaign in the meantime: {bound or 'none'}.",
            ask=True,
            shows=self.words("campaign", bound),
        )

    def undo(self, before: dict[str, Any]) -> Change | None:
        was = before.get("campaign")
        if was is None or was == self.wanted():
            return None
        if was:
            return AssignCampaign(self.account, self.subject, campaign=was)
        return UnassignCampaign(self.account, self.subject, campaign=self.wanted())


@change("numbersMessagingCampaignAssign", needs=Right.MANAGE, again=True)
class AssignCampaign(Binding):
    """Bind a number to a campaign; a binding elsewhere is cleared."""

    campaign: str

    def wanted(self) -> str:
        return self.campaign

    def describe(self) -> str:
        return f"assign {phone(self.subject)} to campaign {self.campaign}"

    def now_true(self) -> str:
        return f"{phone(self.subject)} is assigned to campaign {self.campaign}"

    def send(self, client: Client, key: str) -> Assigned:
        return client.messaging.assign(self.subject, self.campaign)

    def summary(self, answer: Any) -> dict[str, Any]:
        cleared = bool(getattr(answer, "previous_network_cleared", False))
        return super().summary(answer) | ({"cleared": True} if cleared else {})


@change("numbersMessagingCampaignUnassign", needs=Right.MANAGE, again=True)
class UnassignCampaign(Binding):
    """Take a number off its campaign; it can't text until it has another."""

    campaign: str

    def wanted(self) -> str:
        return ""

    def describe(self) -> str:
        return f"take {phone(self.subject)} off campaign {self.campaign}"

    def now_true(self) -> str:
        return f"{phone(self.subject)} has no campaign"

    def send(self, client: Client, key: str) -> Unassigned | None:
        with suppress(errors.Absent):  # it isn't bound to it, which is what was asked for
            return client.messaging.unassign(self.subject, self.campaign)
        return None


@change("numbersMessagingCampaignBulkUnassign", needs=Right.MANAGE, again=True)
class UnassignNumbers(Change):
    """Take several numbers off one campaign in one call. subject: the campaign's id; numbers: 300
    at most.
    """

    thing = CAMPAIGN

    numbers: tuple[str, ...]

    def describe(self) -> str:
        return f"take {count(len(self.numbers), 'number')} off campaign {self.subject}"

    def now_true(self) -> str:
        return f"{count(len(self.numbers), 'number')} taken off campaign {self.subject}"

    def send(self, client: Client, key: str) -> BulkUnassigned:
        return client.messaging.unassign_many(self.numbers, self.subject)

    def verdict(self, answer: Any) -> Verdict:
        if not isinstance(answer, BulkUnassigned):
            return super().verdict(answer)
        failed = {each.number: each.reason or "not done" for each in answer.failed}
        gone = set(answer.unassigned_numbers)
        results = tuple(
            Result(
                number,
                State.DONE if number in gone else State.REFUSED,
                "" if number in gone else failed.get(number, "VoiceTel doesn't say"),
            )
            for number in self.numbers
        )
        missing = len(self.numbers) - len(gone & set(self.numbers))
        if not missing:
            return Verdict(State.DONE, "", results)
        state = State.PARTLY if gone else State.REFUSED
        return Verdict(state, f"{count(missing, 'number')} stayed.", results)

    def done(self, answer: Any) -> None:
        for number in answer.unassigned_numbers:
            if number in self.numbers:
                states.write_campaign(self.account, number, "", None)

    def read_again(self) -> None:
        states.mark_due(self.account)

    def summary(self, answer: Any) -> dict[str, Any]:
        return {"taken off": len(answer.unassigned_numbers)}

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        """Which of them are still bound to it: all is absent, some is for the repeat to end."""
        told = {each.number: each.campaign for each in client.messaging.numbers(self.numbers)}
        bound = [
            n for n in self.numbers if (at := told.get(n)) is not None and at.id == self.subject
        ]
        if bound:
            return Absent(shows=f"{count(len(bound), 'number')} still assigned")
        return Found(BulkUnassigned(unassigned_numbers=list(self.numbers)))
