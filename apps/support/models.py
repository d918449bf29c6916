"""Our own copy of an account's tickets, and what its members write.

Only what a customer may see is ever written here: notes, drafts, system threads and whatever type
is unknown today are the staff's alone, in tables of apps.staff, which this app cannot import.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models

from apps.accounts.models import Account
from apps.tenancy import Scoped

TICKETS = "tickets"  # the name of the copy (sources.py)


class Ticket(models.Model):
    """A ticket as the account's own `ticketsList` told it.

    VoiceTel's tickets name no account: two accounts with one email address each have a row of it.
    """

    class Turn(models.TextChoices):
        """Who has to act, as people read a ticket's status. Descending, it's the list's order."""

        CLOSED = "1", "Closed"
        THEIRS = "2", "With VoiceTel"
        YOURS = "3", "Your turn"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    ticket = models.BigIntegerField()  # VoiceTel's id
    number = models.CharField(max_length=20)  # what people call it
    subject = models.CharField(max_length=500)
    status = models.CharField(max_length=10)  # active, pending, closed or spam
    turn = models.CharField(max_length=1, choices=Turn)  # what follows from status and last_from
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    last_from = models.CharField(max_length=8, blank=True)  # customer or support
    waiting_since = models.DateTimeField(null=True)  # since when nobody but one side has to act
    messages = models.PositiveIntegerField(default=0)  # those that a customer may see
    newest = models.BigIntegerField(default=0)  # thread id of the last of them from support
    # up to which of them nothing is news: those that the account's first look found
    old = models.BigIntegerField(default=0)
    preview = models.CharField(max_length=200, blank=True)  # the last message's first words
    preview_by = models.CharField(max_length=80, blank=True)  # and who wrote it, where that's known
    read_at = models.DateTimeField()  # when VoiceTel last told of it
    # a list did not name it since then: it is read by itself before it counts as gone
    missed_at = models.DateTimeField(null=True)
    missed = models.PositiveSmallIntegerField(default=0)  # reads of it that found nothing

    objects = Scoped["Ticket"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "ticket"], name="one_row_a_ticket")
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "turn", "updated_at", "ticket"], name="ticket_turn"),
            models.Index(fields=["account", "updated_at", "ticket"], name="ticket_updated"),
            models.Index(fields=["account", "missed_at"], name="ticket_missed"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"


class Message(models.Model):
    """A thread that a customer may see (`Thread.public`), cleaned when it was written.

    body: as it came; html: what of it may stand on a page (clean.py); text: its words, for search.
    """

    class Kind(models.TextChoices):
        CUSTOMER = "customer", "Customer"
        SUPPORT = "message", "VoiceTel support"

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)
    thread = models.BigIntegerField()  # VoiceTel's id
    kind = models.CharField(max_length=8, choices=Kind)
    body = models.TextField()
    html = models.TextField()
    html_version = models.PositiveSmallIntegerField()
    text = models.TextField()
    at = models.DateTimeField()
    # who wrote it: a member's name, an agent's first name; empty where VoiceTel doesn't say
    author = models.CharField(max_length=254, blank=True)
    # of the portal's Written, where it was sent from here
    reference = models.CharField(max_length=8, blank=True)
    attachments = models.JSONField(default=list)  # [[name, address, bytes or null], ...]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "thread"], name="one_row_a_thread")
        ]
        indexes: ClassVar = [models.Index(fields=["ticket", "at", "thread"], name="message_at")]

    def __str__(self) -> str:
        return f"{self.kind} {self.thread}"


class Link(models.Model):
    """What a ticket is about: a thing of the account's (apps/things.py) that it was opened from."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    ticket = models.BigIntegerField()  # VoiceTel's id
    kind = models.CharField(max_length=20)  # Thing.name
    ref = models.CharField(max_length=120)  # its id

    objects = Scoped["Link"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "kind", "ref", "ticket"], name="linked_once")
        ]
        indexes: ClassVar = [models.Index(fields=["account", "ticket"], name="link_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket} is about {self.kind}:{self.ref}"


class Watch(models.Model):
    """When an open page last asked for a ticket's messages: one look for all who watch it."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.asked_at}"


class Seen(models.Model):
    """Up to which of support's messages a member has read a ticket."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    thread = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "ticket"], name="seen_once_a_member")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} up to {self.thread}"


class Draft(models.Model):
    """What a member is writing and has not sent: one for a new ticket, one for each ticket's reply.

    ticket: VoiceTel's id; 0 for a new one. Kept when a form is refused, and while it is typed.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    ticket = models.BigIntegerField(default=0)
    subject = models.CharField(max_length=500, blank=True)
    body = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    objects = Scoped["Draft"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "user", "ticket"], name="one_draft_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.ticket}"


class Written(models.Model):
    """A text that was sent from here, by the reference that is its last line at VoiceTel.

    The entry's own text is erased when it settles: this keeps it until VoiceTel shows the message.
    account: none for what staff wrote.
    """

    reference = models.CharField(max_length=8, unique=True)
    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    name = models.CharField(max_length=254)  # of who wrote it, as it was then
    staff = models.BooleanField(default=False)
    ticket = models.BigIntegerField(default=0)  # VoiceTel's id; 0 while a new one has none yet
    subject = models.CharField(max_length=500, blank=True)
    body = models.TextField()  # empty once it is seen
    entry = models.BigIntegerField(null=True)  # the change that sends it
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)  # when VoiceTel first showed it

    objects = Scoped["Written"]()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "seen_at", "ticket"], name="written_unseen"),
        ]

    def __str__(self) -> str:
        return self.reference
