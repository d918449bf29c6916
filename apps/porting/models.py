"""Ports: our copy of what VoiceTel lists, with a history of our own; and the drafts of orders to
come.
"""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from apps.accounts.models import Account
from apps.changes.models import Entry
from apps.porting.rules.stages import Stage
from apps.tenancy import Scoped

PORTS = "ports"  # name of the copy (sources.py)
NO_DATE = date(9999, 12, 31)  # sorts behind every date


class Port(models.Model):
    """An order of an account, as `portList` and `portGet` last told it.

    Rows stay when VoiceTel no longer lists them. `status` and `message` are VoiceTel's own words;
    `stage` is what we are sure of (stages.py).
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    pid = models.CharField(max_length=5)  # what portGet takes
    row = models.CharField(max_length=64, blank=True)  # VoiceTel's other id, 40 hex digits
    status = models.CharField(max_length=200, blank=True)
    message = models.TextField(blank=True)
    foc = models.CharField(max_length=40, blank=True)  # as told
    foc_on = models.DateField(null=True)  # the date that the losing carrier committed to
    wished_on = models.DateField(null=True)  # the date that was asked for
    # the firm date, else the one asked for, else NO_DATE
    sort_on = models.DateField(default=NO_DATE)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.SENT)
    carrier = models.CharField(max_length=200, blank=True)  # the losing one, where we know it
    toll_free = models.BooleanField(default=False)
    ticket = models.BigIntegerField(null=True)
    loa_url = models.CharField(max_length=300, blank=True)
    port_url = models.CharField(max_length=300, blank=True)
    support_url = models.CharField(max_length=300, blank=True)
    # the answer of the order, where it came, told the links; else they are made like its examples
    links_told = models.BooleanField(default=False)
    entry = models.ForeignKey(Entry, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()  # at VoiceTel; when we first saw it where it does not say
    seen_at = models.DateTimeField()  # when a look of ours, or the order's answer, first told it
    changed_at = models.DateTimeField()  # when we last saw something change
    missed_at = models.DateTimeField(null=True)  # since when VoiceTel no longer lists it
    closed_at = models.DateTimeField(null=True)  # complete, or gone
    uploaded_at = models.DateTimeField(null=True)  # the customer says that the letter is uploaded
    # a correction was sent to its ticket, and VoiceTel has not answered since
    corrected_at = models.DateTimeField(null=True)
    # when portGet last told its numbers, and when it is asked next; no date: nothing to ask
    read_at = models.DateTimeField(null=True)
    read_due_at = models.DateTimeField(null=True, db_index=True)
    tries = models.PositiveIntegerField(default=0)  # readings in a row that failed

    objects = Scoped["Port"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "pid"], name="one_port_a_pid")
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "closed_at", "sort_on"], name="ports_open"),
            models.Index(fields=["account", "sort_on", "id"], name="ports_by_date"),
            models.Index(fields=["account", "changed_at", "id"], name="ports_by_change"),
        ]

    def __str__(self) -> str:
        return f"port {self.pk}"

    def own_numbers(self) -> "models.QuerySet[PortNumber]":
        return PortNumber.objects.of(self.account_id).filter(port=self)

    def own_events(self) -> "models.QuerySet[PortEvent]":
        return PortEvent.objects.of(self.account_id).filter(port=self)


def with_numbers(account: Account) -> "models.Prefetch[Any]":
    """For a query of ports: their numbers, in one query more."""
    return models.Prefetch("numbers", PortNumber.objects.of(account))


class PortNumber(models.Model):
    """A number of a port. arrived_at: when our copy of the account's numbers first held it."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    port = models.ForeignKey(Port, on_delete=models.CASCADE, related_name="numbers")
    number = models.CharField(max_length=10)
    arrived_at = models.DateTimeField(null=True)

    objects = Scoped["PortNumber"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["port", "number"], name="one_port_number")
        ]
        indexes: ClassVar = [models.Index(fields=["account", "number"], name="port_numbers")]

    def __str__(self) -> str:
        return self.number


class PortEvent(models.Model):
    """Something that we saw happen to a port, or that a member said. Appended, never edited.

    at: when we saw it; before_at: the look before, which did not show it yet; was, now: VoiceTel's
    words or dates; by: whose word it is, empty for VoiceTel's.
    """

    class Kind(models.TextChoices):
        ORDERED = "ordered", "Order sent"
        SEEN = "seen", "First seen"
        STATUS = "status", "New status"
        MESSAGE = "message", "New message"
        DATE = "date", "Date"
        NUMBERS = "numbers", "Numbers"
        ARRIVED = "arrived", "Numbers arrived"
        GONE = "gone", "No longer listed"
        BACK = "back", "Listed again"
        NOTED = "noted", "Said by a member"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    port = models.ForeignKey(Port, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)
    was = models.TextField(blank=True)
    now = models.TextField(blank=True)
    by = models.CharField(max_length=254, blank=True)
    # the stage that it led to; empty where it led to none
    stage = models.CharField(max_length=10, blank=True)
    unknown = models.BooleanField(default=False)  # a status that the table of phrases lacks

    objects = Scoped["PortEvent"]()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["port", "at", "id"], name="port_events")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class Draft(models.Model):
    """An order that is being prepared by a team: numbers, and a Group for each bill.

    version: grows with every change, so that a page that shows an older one is told.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    by_name = models.CharField(max_length=254, blank=True)
    changed_by = models.CharField(max_length=254, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    objects = Scoped["Draft"]()

    def __str__(self) -> str:
        return self.title or f"Draft {self.pk}"


class Group(models.Model):
    """One order to come: the numbers of one losing carrier and one bill, with what stands on it.

    bill: the fields of forms.bill.BillForm but the PIN, which is sealed for the account. token: the
    token of its order, so that however often it is pressed, one order is made.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="groups")
    carrier = models.CharField(max_length=200, blank=True)  # empty: VoiceTel does not know it
    toll_free = models.BooleanField(default=False)
    bill = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=254, blank=True)
    sealed_pin = models.BinaryField(null=True)
    pin_at = models.DateTimeField(null=True)  # when it was typed
    token = models.CharField(max_length=200)
    # primary key of the order that surely failed, in whose stead the token makes another
    token_after = models.BigIntegerField(null=True)

    objects = Scoped["Group"]()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["draft", "id"], name="port_groups")]

    def __str__(self) -> str:
        return f"group {self.pk}"


class DraftNumber(models.Model):
    """A number of a draft. group: none while it is being checked, or where it is left out."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="numbers")
    number = models.CharField(max_length=10)
    group = models.ForeignKey(
        Group, on_delete=models.SET_NULL, null=True, related_name="numbers", db_index=True
    )
    left_out = models.CharField(max_length=300, blank=True)  # why, in words
    # what is to be set once it is here, by the names of the numbers' settings
    plan = models.JSONField(default=dict)

    objects = Scoped["DraftNumber"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "number"], name="once_in_a_draft")
        ]
        indexes: ClassVar = [models.Index(fields=["account", "number"], name="draft_numbers")]

    def __str__(self) -> str:
        return self.number


class Check(models.Model):
    """What `portAvailability` last said of a number, for all drafts of an account.

    at: when it answered. A yes lets VoiceTel take an order for an hour. due_at: when it is asked
    (again); none: nobody wants to know. until: while a worker asks.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.CharField(max_length=10)
    at = models.DateTimeField(null=True)
    portable = models.BooleanField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    carrier = models.CharField(max_length=200, blank=True)
    tier = models.CharField(max_length=20, blank=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    until = models.DateTimeField(null=True)
    failed = models.CharField(max_length=300, blank=True)  # why the last try told nothing
    tries = models.PositiveSmallIntegerField(default=0)

    objects = Scoped["Check"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "number"], name="one_check_a_number")
        ]
        indexes: ClassVar = [models.Index(fields=["until"], name="checks_under_way")]

    def __str__(self) -> str:
        return self.number


class CalendarLink(models.Model):
    """A link by which a person's calendar program reads the dates of an account's ports. Only the
    hash of its secret is kept. It ends with the person's membership.

    used_at: the last reading; since, reads: how many since then, at most pace.CALENDAR_READS an
    hour.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    since = models.DateTimeField(null=True)
    reads = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    objects = Scoped["CalendarLink"]()

    def __str__(self) -> str:
        return f"calendar link {self.pk}"
