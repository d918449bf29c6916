"""Answers about messages, brands, campaigns and what numbers may send."""

from datetime import UTC, datetime
from decimal import Decimal

from apps.voicetel.client.records.base import Record, Text, exact
from apps.voicetel.client.records.inventory import Failed

LATEST = 253_402_300_799  # Unix seconds of the year 9999's end


class Campaign(Record, frozen=True):
    """What a number is bound to. `status`: the registry's word; `network`: A or B."""

    id: str = ""
    status: str = ""
    network: str | None = None
    upstream_cnp_id: str | None = None


class MessagingState(Record, frozen=True):
    """numbersMessagingGet and a row of numbersMessagingList.

    `route_in`: row id of its inbound SMS, 0 for none; `enabled`: may send.
    """

    number: str
    enabled: bool = False
    route_in: int | None = None
    resource: str | None = None
    carrier: int | None = None
    network: str | None = None
    campaign: Campaign | None = None
    on_account: bool = True


class MessagingStates(Record, frozen=True):
    """numbersMessagingList: numbers that are not the account's come with `on_account` False."""

    numbers: list[MessagingState]


class MessagingPatched(Record, frozen=True):
    """numbersMessagingPatch. `updated`: which of routeIn and routeOut."""

    number: str = ""
    updated: tuple[str, ...] = ()


class Assigned(Record, frozen=True):
    """numbersMessagingCampaignAssign.

    A later release answers 202 while it goes on in the background.
    """

    number: str = ""
    campaign_id: str = ""
    carrier: int | None = None
    network: str | None = None
    upstream_cnp_id: str | None = None
    previous_network: str | None = None
    previous_network_cleared: bool | None = None


class Unassigned(Record, frozen=True):
    """numbersMessagingCampaignUnassign."""

    number: str = ""
    campaign_id: str = ""
    unassigned: bool = True
    network: str | None = None
    upstream_cnp_id: str | None = None


class BulkUnassigned(Record, frozen=True):
    """numbersMessagingCampaignBulkUnassign: some numbers may have failed."""

    unassigned_numbers: list[str]
    failed: tuple[Failed, ...] = ()
    campaign_id: str = ""
    network: str | None = None
    upstream_cnp_id: str | None = None


class Result(Record, frozen=True):
    status_code: Text = Text("")
    status: str = ""


class Registered(Record, frozen=True):
    """messagingBrandCreate, messagingCampaignCreate: words of the network, and no id of its own."""

    result: Result = Result()


class CampaignStatus(Record, frozen=True):
    """A row of messagingCampaignStatus."""

    id: str
    status: str = ""
    numbers: tuple[str, ...] = ()


class CampaignStatuses(Record, frozen=True):
    """messagingCampaignStatus."""

    campaigns: list[CampaignStatus]


class SentMessage(Record, frozen=True):
    """messageSend. `parts`: segments billed, SMS only; `type`: sms or mms."""

    id: Text
    from_number: str = ""
    to_number: str = ""
    type: str = "sms"
    parts: int | None = None
    subject: str | None = None
    media_urls: list[str] | None = None


class MessageValue(Record, frozen=True):
    """A message record's `value` as it comes: sms and mms have the first four, receipts the last
    two.
    """

    direction: str | None = None
    number: str | int | None = None
    rate: Decimal | None = None
    message: str | None = None
    source_number: str | int | None = None
    destination_number: str | int | None = None

    def __post_init__(self) -> None:
        exact(self.rate)


class Message(Record, frozen=True):
    """One row of messageHistory: a message (in or out), or a receipt, which proves only that one
    was seen.
    """

    id: str
    key: tuple[str | int | None, ...]
    value: MessageValue

    def __post_init__(self) -> None:
        # a key without a moment is refused while the answer is read, not when someone looks
        self.at  # noqa: B018

    @property
    def at(self) -> datetime:
        """The key's last part, in Unix seconds."""
        last = self.key[-1] if len(self.key) > 1 else None
        if isinstance(last, str) and last.isdecimal() and len(last) < 14:
            last = int(last)
        if not isinstance(last, int) or not 0 <= last <= LATEST:
            raise ValueError("a message's moment out of range")
        return datetime.fromtimestamp(last, UTC)

    @property
    def outbound(self) -> bool:
        return self.value.direction == "out"

    @property
    def far_end(self) -> str:
        """The other party's number as text; of a receipt, who the message went to.

        The ends by name come first: a later release fills `number` with a dummy. A US number loses
        the 1 of its country.
        """
        value = self.value
        inbound = value.direction == "in"
        named = value.source_number if inbound else value.destination_number
        number = value.number if named in (None, "") else named
        digits = "" if number is None else str(number).removeprefix("+")
        return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits

    @property
    def cost(self) -> Decimal | None:
        """Dollars; None for receipts."""
        return self.value.rate

    @property
    def text(self) -> str:
        return self.value.message or ""


class History(Record, frozen=True):
    """messageHistory, newest first.

    `from_ts` is the newer end, `to_ts` the older one, both in Unix seconds.
    """

    messages: list[Message]
    number: str = ""
    type: str = "sms"
    from_ts: int | None = None
    to_ts: int | None = None
