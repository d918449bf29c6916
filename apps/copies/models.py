"""What we know of each copy of a list of the provider's: its age, who reads it, what went wrong."""

from typing import ClassVar

from django.db import models

from apps.accounts.models import Account
from apps.tenancy import Scoped


class Copy(models.Model):
    """How old an account's copy of one list is, when it is read again, and how the last look went.

    The rows of the list are in tables of the app that registered the Source of this name.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=32)  # of the Source
    # when the provider gave the answer that the copy holds
    read_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(db_index=True)  # due: the sweep reads it then
    claim = models.CharField(max_length=32, blank=True)  # who reads it now
    claim_until = models.DateTimeField(null=True)
    version = models.PositiveBigIntegerField(default=0)  # grows with every look that was taken in
    # a sentence; empty when the last look went well
    failed = models.CharField(max_length=300, blank=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    # print of what the last look would have removed, until a second agrees
    doubted = models.CharField(max_length=64, blank=True)
    doubted_count = models.PositiveIntegerField(default=0)
    doubted_at = models.DateTimeField(null=True)
    # when a single row was last written, so that a look need not search for such rows
    touched_at = models.DateTimeField(null=True)
    # JSON of the app's own, such as counts; text, for a page parses it only when it changed
    facts = models.TextField(default="{}")

    objects = Scoped["Copy"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "name"], name="one_copy_a_list")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first(self) -> bool:
        """Whether no look was taken in yet. What the first one finds is no news: nobody is told."""
        return self.version == 0


class Reading(models.Model):
    """One thing of the provider's that an opened page asked for: when, and until when a worker has
    it. singles.py says how often that may be.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=60)  # kind and id: "number:2015550110"
    asked_at = models.DateTimeField()
    until = models.DateTimeField()

    objects = Scoped["Reading"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "name"], name="one_reading_a_thing")
        ]
        indexes: ClassVar = [models.Index(fields=["account", "asked_at"], name="reading_asked")]

    def __str__(self) -> str:
        return self.name
