"""Our own copy of what the provider bills."""

from typing import ClassVar

from django.db import models

from apps.accounts.models import Account
from apps.tenancy import Scoped


class Charges(models.Model):
    """The last answer of `accountRecurringCharges`, with its age.

    Money in micro-dollars (1,000,000 = $1) a month.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="+")
    # [[what for, micro-dollars], ...] in the provider's order
    rows = models.JSONField(default=list)
    total = models.BigIntegerField(null=True)  # the provider's own sum
    read_at = models.DateTimeField(null=True)  # when the provider answered
    # someone is looking: read it as soon as the hour allows
    wanted_at = models.DateTimeField(null=True)

    objects = Scoped["Charges"]()


class Payment(models.Model):
    """A payment as `accountPayments` told it. amount: micro-dollars; status: PayPal's word."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    amount = models.BigIntegerField()
    status = models.CharField(max_length=40)
    transaction = models.CharField(max_length=80, blank=True)

    objects = Scoped["Payment"]()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "at", "id"], name="payment_at")]

    def __str__(self) -> str:
        return f"{self.transaction} {self.status}"


class Credit(models.Model):
    """A credit as `accountCredits` told it. amount: micro-dollars; paid: its invoice is paid."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()
    amount = models.BigIntegerField()
    paid = models.BooleanField()

    objects = Scoped["Credit"]()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "at", "id"], name="credit_at")]

    def __str__(self) -> str:
        return f"{self.amount} {'paid' if self.paid else 'unpaid'}"


class Books(models.Model):
    """What is known of an account's calls as a whole: one row an account."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField(null=True)  # when VoiceTel last answered
    # someone is looking: read them as soon as the hour allows
    wanted_at = models.DateTimeField(null=True)
    # nothing older is asked for, Unix seconds
    floor = models.BigIntegerField(null=True)
    # rows after which VoiceTel was seen to cut an answer
    most = models.IntegerField(null=True)
    # seconds that an answer may cover, after a longer one was lost
    reach = models.IntegerField(null=True)
    turns = models.IntegerField(default=0)  # answers so far
    cut = models.BooleanField(default=False)  # the last look at the newest calls left a gap
    # a record of ours that was not in the answer that had to have it, and how often
    ghost = models.BinaryField(null=True)
    ghost_at = models.BigIntegerField(null=True)
    short = models.SmallIntegerField(default=0)
    open = models.BooleanField(default=False)  # nothing proved that it left no gap
    backward = models.BooleanField(default=False)  # answers come oldest first
    skew = models.IntegerField(default=0)  # seconds that VoiceTel's clock is ahead of ours
    # how many numbers the account had, or had had, when its calls last got their directions
    numbers = models.IntegerField(default=0)

    objects = Scoped["Books"]()


class Pull(models.Model):
    """One question for calls, written before it is asked. Moments of calls in Unix seconds."""

    class Outcome(models.TextChoices):
        SENT = "sent", "Sent"
        WHOLE = "whole", "Complete"
        CUT = "cut", "Cut short"
        LOST = "lost", "No answer"
        REFUSED = "refused", "Not used"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    start = models.BigIntegerField(null=True)  # the newer end asked for; null: now
    end = models.BigIntegerField()
    anchor = models.BinaryField(null=True)  # the record that had to be in the answer
    echo_start = models.BigIntegerField(null=True)
    echo_end = models.BigIntegerField(null=True)
    rows = models.IntegerField(default=0)
    new = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    late = models.IntegerField(default=0)  # new, of a time that was held already
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.SENT)
    backward = models.BooleanField(default=False)  # it came oldest first

    objects = Scoped["Pull"]()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "sent_at"], name="pull_at")]

    def __str__(self) -> str:
        return f"{self.end} {self.outcome}"


class Span(models.Model):
    """A time of which our copy has the calls: from since to until, not included, Unix seconds.

    settled: an answer so much later covered it that no late record can follow. Spans of a kind
    never touch each other; settled ones lie within those that are not.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    since = models.BigIntegerField()
    until = models.BigIntegerField()
    settled = models.BooleanField()

    objects = Scoped["Span"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "settled", "since"], name="one_span_each")
        ]

    def __str__(self) -> str:
        return f"{self.since} to {self.until}"


class Call(models.Model):
    """A call as `accountCdr` told it. at: Unix seconds of its start; seconds: billed; cost: billed,
    and rate: a minute, in micro-dollars.

    A cost is never computed from length and rate: VoiceTel bills in steps of its own.
    """

    class Direction(models.IntegerChoices):
        IN = 1, "In"
        OUT = 2, "Out"
        WITHIN = 3, "Within"
        UNKNOWN = 0, "Not known"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    # the record's id: 32 hex digits, else the BLAKE2b of it
    record = models.BinaryField(max_length=16)
    at = models.BigIntegerField()
    own = models.CharField(max_length=20)  # the side that is the account's
    far = models.CharField(max_length=20, blank=True)  # the other side; empty: withheld
    direction = models.SmallIntegerField(choices=Direction)
    # of the other side: "201", "toll-free", "+44", "short"; empty: withheld
    area = models.CharField(max_length=9, blank=True)
    seconds = models.IntegerField()
    rate = models.BigIntegerField()
    cost = models.BigIntegerField()
    name = models.CharField(max_length=80, blank=True)  # of the caller
    ip = models.CharField(max_length=45, blank=True)  # VoiceTel's own, what handled the call
    pull = models.BigIntegerField(null=True)  # the Pull that told it last, which goes before it

    objects = Scoped["Call"]()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "own", "at"], name="call_own"),
            models.Index(fields=["account", "far", "at"], name="call_far"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "at", "record"], name="one_row_a_call")
        ]

    def __str__(self) -> str:
        return f"{self.own} {self.far}"


class Reading(models.Model):
    """A balance as `accountGet` told it, micro-dollars. It holds what was charged before it was
    asked for, and nothing that was charged after the answer.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField()
    balance = models.BigIntegerField()

    objects = Scoped["Reading"]()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "answered_at"], name="reading_at")]

    def __str__(self) -> str:
        return f"{self.balance} at {self.answered_at}"
