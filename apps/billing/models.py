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
