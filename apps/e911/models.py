"""Where each number's 911 calls are sent, as VoiceTel tells it, and the account's address book."""

from typing import ClassVar

from django.db import models

from apps.accounts.models import Account
from apps.tenancy import Scoped

E911 = "e911"  # name of the copy (sources.py), and of the thing


class Place(models.Model):
    """The lines of an address, as VoiceTel wrote them."""

    address1 = models.CharField(max_length=200, blank=True)
    address2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=40, blank=True)
    zip = models.CharField(max_length=10, blank=True)

    class Meta:
        abstract = True


class Record(Place):
    """What is known of one number: its record, or that it has none, or neither.

    Written by services and sources only. A row without a record has no address lines.
    """

    class Standing(models.IntegerChoices):
        """In the order of harm, which is the order of the list."""

        NONE = 1, "No address"
        SAID = 2, "Not confirmed"  # a change was accepted, and nothing was read back yet
        UNKNOWN = 3, "Not known"
        PROTECTED = 4, "Protected"  # the list or the record said so after the last change

    class Told(models.TextChoices):
        NOTHING = "", "nothing"
        LISTED = "listed", "the whole list"
        READ = "read", "the record, read alone"
        SAID = "said", "the answer to a change"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.CharField(max_length=10)  # ten digits
    standing = models.PositiveSmallIntegerField(choices=Standing, default=Standing.UNKNOWN)
    caller_name = models.CharField(max_length=100, blank=True)
    told = models.CharField(max_length=6, choices=Told, blank=True)
    # when that was told; of a row that nothing was told of: since when the number is known here
    told_at = models.DateTimeField()
    # what the last change made here asked for, while VoiceTel hasn't shown just that
    wished = models.JSONField(default=dict)
    read_due_at = models.DateTimeField(null=True)  # the record is to be read back then
    touched_at = models.DateTimeField(null=True)  # when a change made here last wrote this row
    # when someone here last said that people are at this address, and who, with their address then
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=254, blank=True)

    objects = Scoped["Record"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "number"], name="one_911_row_a_number")
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "standing", "number"], name="e911_by_standing"),
            models.Index(fields=["account", "city", "address1", "number"], name="e911_by_place"),
            models.Index(
                fields=["read_due_at"],
                name="e911_read_due",
                condition=models.Q(read_due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Address(Place):
    """An address that VoiceTel checked, in the account's own book; `provider_id` protects any
    number of numbers with it.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    provider_id = models.BigIntegerField()  # VoiceTel's addressid, which stays the same
    typed = models.JSONField(default=dict)  # the lines as they were typed last
    checked_at = models.DateTimeField()
    label = models.CharField(max_length=60, blank=True)  # ours: "Main office"

    objects = Scoped["Address"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "address1", "address2", "city", "state", "zip"],
                name="one_entry_an_address",
            )
        ]

    def __str__(self) -> str:
        return self.address1
