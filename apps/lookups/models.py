"""What was looked up of numbers anywhere, each answer with what it cost."""

from typing import ClassVar

from django.db import models

from apps.accounts.models import Account
from apps.changes.models import Entry
from apps.tenancy import Scoped

DAYS = 30  # an answer is used again for so long, unless the account chose otherwise


class Lookup(models.Model):
    """One answer that was paid for. price: micro-dollars, as it was shown before the press."""

    class Kind(models.TextChoices):
        NAME = "name", "Caller name"
        CARRIER = "carrier", "Carrier"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=7, choices=Kind)
    number = models.CharField(max_length=10)  # ten digits, anyone's
    # of a carrier: the number that it was asked for from, which the answer depends on
    ani = models.CharField(max_length=10, blank=True)
    said = models.CharField(max_length=200, blank=True)  # the answer in a word or two
    answer = models.JSONField(default=dict)  # the whole, by VoiceTel's names
    asked_at = models.DateTimeField()
    price = models.BigIntegerField()
    entry = models.ForeignKey(
        Entry, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )

    objects = Scoped["Lookup"]()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["account", "kind", "number", "ani", "asked_at"], name="lookup_same"
            ),
            models.Index(fields=["account", "asked_at", "id"], name="lookup_at"),
            models.Index(fields=["account", "number", "id"], name="lookup_number"),
            models.Index(fields=["entry"], name="lookup_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Keeping(models.Model):
    """For how many days an account uses an answer again before it pays for a new one."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="+")
    days = models.PositiveSmallIntegerField(default=DAYS)

    objects = Scoped["Keeping"]()
