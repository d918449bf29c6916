"""Messages and what a number needs before it may text: our own rows of what VoiceTel told.

Texts are kept here and in the entries that sent them; they enter no log, email or activity line.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.accounts.models import Account
from apps.changes.models import Entry
from apps.tenancy import Scoped

# names of the copies (sources.py)
STATES, CAMPAIGNS = "texting", "campaigns"


class Kind(models.TextChoices):
    """What `messageHistory` is asked for."""

    SMS = "sms", "Text"
    MMS = "mms", "Picture message"
    DLR = "dlr", "Receipt"


def owner() -> "models.ForeignKey[Account, Account]":
    return models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)


class Message(models.Model):
    """One message as one of the account's numbers sent or received it.

    A row comes from an entry that is done (`entry`), from the number's history (`ident`), or from
    both once the record of that entry was found there.
    """

    account = owner()
    number = models.CharField(max_length=10)  # the account's own number
    far = models.CharField(max_length=15)  # the other party's, digits
    kind = models.CharField(max_length=3, choices=Kind)
    out = models.BooleanField()
    text = models.TextField(blank=True)
    at = models.DateTimeField()
    # the history's record identifier; none until the record was seen there
    ident = models.CharField(max_length=64, null=True)  # noqa: DJ001  NULLs are unequal: no clash
    # the sending's transaction id, which may be another one
    sent_id = models.CharField(max_length=64, blank=True)
    entry = models.ForeignKey(
        Entry, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    parts = models.PositiveSmallIntegerField(null=True)  # segments billed, as the answer said
    cost = models.BigIntegerField(null=True)  # micro-dollars, as the history told it
    media = models.JSONField(default=list)  # web addresses that we sent; never fetched by us
    receipt_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # when the history first told it
    # the text as the history has it, where that is not the one we sent
    sent_as = models.TextField(blank=True)

    objects = Scoped["Message"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "number", "kind", "ident"], name="one_row_a_record"
            ),
            models.UniqueConstraint(fields=["entry"], name="one_message_an_entry"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "number", "far", "at", "id"], name="message_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.far} {self.kind}"


class Conversation(models.Model):
    """All messages between one of the account's numbers and one far end."""

    account = owner()
    number = models.CharField(max_length=10)
    far = models.CharField(max_length=15)
    name = models.CharField(max_length=80, blank=True)  # ours for the far end
    folded = models.CharField(max_length=320, blank=True)  # as searches compare it
    last_at = models.DateTimeField()
    last_in_at = models.DateTimeField(null=True)
    last_out = models.BooleanField(default=False)
    last_text = models.TextField(blank=True)

    objects = Scoped["Conversation"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "number", "far"], name="one_conversation")
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "last_at", "id"], name="conversation_last")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.far}"


class Seat(models.Model):
    """A person at a conversation: how far they have read, and what they typed but did not send."""

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="seats", db_index=False
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(null=True)
    draft = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conversation", "person"], name="one_seat_each")
        ]


class Receipt(models.Model):
    """A delivery receipt: it has no status and names no message. used: a message has it."""

    account = owner()
    number = models.CharField(max_length=10)
    far = models.CharField(max_length=15)
    ident = models.CharField(max_length=64)
    at = models.DateTimeField()
    used = models.BooleanField(default=False)

    objects = Scoped["Receipt"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "number", "ident"], name="one_receipt")
        ]


class OptOut(models.Model):
    """A far end that asked one of our numbers to stop. ended: when it asked to start again."""

    class How(models.TextChoices):
        TEXTED = "texted", "Texted STOP"
        TOLD = "told", "VoiceTel said so"
        BY_HAND = "by_hand", "Recorded by hand"

    account = owner()
    number = models.CharField(max_length=10)
    far = models.CharField(max_length=15)
    since = models.DateTimeField()
    how = models.CharField(max_length=8, choices=How)
    word = models.CharField(max_length=40, blank=True)  # what they texted, or who recorded it
    ended = models.DateTimeField(null=True)

    objects = Scoped["OptOut"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "number", "far"],
                condition=Q(ended=None),
                name="one_open_opt_out",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "number", "far"], name="opt_out_pair"),
        ]


class Feed(models.Model):
    """How far the history of one number and kind was read, and when it is read next."""

    account = owner()
    number = models.CharField(max_length=10)
    kind = models.CharField(max_length=3, choices=Kind)
    covered_from = models.DateTimeField(null=True)
    covered_to = models.DateTimeField(null=True)
    # when two days were last read whole again, for what comes late
    swept_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)  # none: read only when someone asks
    watched_until = models.DateTimeField(null=True)  # a page shows it
    claim = models.CharField(max_length=32, blank=True)
    claim_until = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    failed = models.CharField(max_length=300, blank=True)  # a sentence

    objects = Scoped["Feed"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "number", "kind"], name="one_feed")
        ]
        indexes: ClassVar = [models.Index(fields=["next_at"], name="feed_due")]

    def __str__(self) -> str:
        return f"{self.number} {self.kind}"


class TextState(models.Model):
    """What `numbersMessagingList` last told of one number, and what that makes of it (`link`)."""

    account = owner()
    number = models.CharField(max_length=10)
    enabled = models.BooleanField(default=False)
    route_in = models.BigIntegerField(default=0)  # row id of its inbound SMS; 0: none
    resource = models.CharField(max_length=500, blank=True)  # where inbound messages go
    carrier = models.BigIntegerField(default=0)
    network = models.CharField(max_length=8, blank=True)  # A or B
    campaign = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=60, blank=True)  # the campaign's word there
    # the first missing link of all but the account's service (verdict.Link); "" where none is
    link = models.CharField(max_length=10, blank=True)
    read_at = models.DateTimeField()

    objects = Scoped["TextState"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "number"], name="one_text_state")
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "link", "number"], name="text_state_link"),
            models.Index(fields=["account", "campaign", "number"], name="text_state_campaign"),
        ]

    def __str__(self) -> str:
        return self.number


class Known(models.TextChoices):
    """How the portal knows a brand or a campaign: VoiceTel lists neither."""

    REGISTERED = "made", "Registered here"
    IMPORTED = "typed", "Added by ID"
    SEEN = "seen", "Seen on a number"


class Brand(models.Model):
    """A brand of the campaign registry that was brought to VoiceTel's network."""

    account = owner()
    brand = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    description = models.TextField(blank=True)
    known = models.CharField(max_length=5, choices=Known)
    at = models.DateTimeField()

    objects = Scoped["Brand"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "brand"], name="one_brand")
        ]

    def __str__(self) -> str:
        return self.name or self.brand


class Campaign(models.Model):
    """A campaign that the portal registered, was told of, or saw on a number."""

    account = owner()
    campaign = models.CharField(max_length=40)
    name = models.CharField(max_length=80, blank=True)  # ours
    brand = models.CharField(max_length=40, blank=True)
    description = models.TextField(blank=True)
    known = models.CharField(max_length=5, choices=Known)
    # the word of messagingCampaignStatus, and the one beside a bound number
    status = models.CharField(max_length=60, blank=True)
    bound_status = models.CharField(max_length=60, blank=True)
    network = models.CharField(max_length=8, blank=True)
    since = models.DateTimeField(null=True)  # when the status was first seen
    read_at = models.DateTimeField(null=True)
    at = models.DateTimeField()  # known since

    objects = Scoped["Campaign"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "campaign"], name="one_campaign")
        ]

    def __str__(self) -> str:
        return self.name or self.campaign


class CampaignEvent(models.Model):
    """A status of a campaign, from when it was seen. before: the last look that told another."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="events")
    status = models.CharField(max_length=60)
    at = models.DateTimeField()
    before = models.DateTimeField(null=True)
