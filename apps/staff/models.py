"""What only staff may see of tickets, and what they write there.

Apart from the customers' tables (apps.support), which cannot import these: no forgotten filter
shows a customer a note.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models

from apps.accounts.models import Account


class Desk(models.Model):
    """The copy of the operator's `ticketsList`, everyone's tickets: one row, with its age."""

    read_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField()
    claim_until = models.DateTimeField(null=True)
    took = models.FloatField(default=0)  # seconds that the last answer took
    total = models.PositiveIntegerField(default=0)  # tickets that VoiceTel counts
    cut = models.BooleanField(default=False)  # the list named fewer
    failed = models.CharField(max_length=300, blank=True)  # a sentence; empty: it went well

    def __str__(self) -> str:
        return f"read {self.read_at}"


class InsideTicket(models.Model):
    """A ticket as the operator's key shows it."""

    class Turn(models.TextChoices):
        """In the order of the list."""

        OURS = "1", "Waiting for us"
        THEIRS = "2", "Waiting for the customer"
        CLOSED = "3", "Closed"
        SPAM = "4", "Spam"

    ticket = models.BigIntegerField(unique=True)  # VoiceTel's id
    number = models.CharField(max_length=20)
    subject = models.CharField(max_length=500)
    status = models.CharField(max_length=10)
    turn = models.CharField(max_length=1, choices=Turn)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    last_from = models.CharField(max_length=8, blank=True)  # customer or support
    waiting_since = models.DateTimeField()  # since when one side has to act
    preview = models.CharField(max_length=200, blank=True)
    threads = models.PositiveIntegerField(default=0)  # notes and drafts among them
    newest = models.BigIntegerField(default=0)  # thread id of the customer's last message
    email = models.CharField(max_length=254, blank=True)  # the customer's, as the ticket names it
    name = models.CharField(max_length=254, blank=True)
    company = models.CharField(max_length=120, blank=True)
    assignee = models.CharField(max_length=120, blank=True)
    # whose it is: by the account's own list, or guessed by the one profile with its address
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    guessed = models.BooleanField(default=False)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    read_at = models.DateTimeField()
    missed_at = models.DateTimeField(null=True, db_index=True)  # the list left it out
    missed = models.PositiveSmallIntegerField(default=0)  # reads of it that found nothing

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["turn", "waiting_since", "ticket"], name="inside_turn"),
            models.Index(fields=["updated_at", "ticket"], name="inside_updated"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"


class InsideMessage(models.Model):
    """A thread of any kind. What is unknown today is OTHER, and stays inside with the notes."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer", "Customer"
        SUPPORT = "message", "VoiceTel support"
        NOTE = "note", "Note"
        DRAFT = "draft", "Draft"
        SYSTEM = "system", "System"
        OTHER = "other", "Other"

    ticket = models.ForeignKey(
        InsideTicket, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    thread = models.BigIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    body = models.TextField()
    html = models.TextField()  # what of it may stand on a page (support/clean.py)
    text = models.TextField()
    at = models.DateTimeField()
    author = models.CharField(max_length=254, blank=True)
    reference = models.CharField(max_length=8, blank=True)  # of the portal's Written
    attachments = models.JSONField(default=list)  # [[name, address, bytes or null], ...]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "thread"], name="one_row_an_inside_thread")
        ]
        indexes: ClassVar = [models.Index(fields=["ticket", "at", "thread"], name="inside_at")]

    def __str__(self) -> str:
        return f"{self.kind} {self.thread}"


class Aside(models.Model):
    """A note of ours on a ticket, which VoiceTel's help desk never gets: its API takes none."""

    ticket = models.BigIntegerField()  # VoiceTel's id
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    name = models.CharField(max_length=254)  # of who wrote it, as it was then
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["ticket", "at"], name="aside_at")]

    def __str__(self) -> str:
        return f"on {self.ticket} by {self.name}"


class Writing(models.Model):
    """Somebody of the staff has a reply to a ticket under their hands, and what they have of it."""

    ticket = models.BigIntegerField()  # VoiceTel's id
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    at = models.DateTimeField()  # the last sign of it
    text = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ticket", "user"], name="one_hand_a_ticket")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.ticket}"


class Template(models.Model):
    """An answer to be used again, with {customer}, {account}, {ticket}, {number} and {me} in it."""

    name = models.CharField(max_length=60, unique=True)
    text = models.TextField()
    by_name = models.CharField(max_length=254)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
