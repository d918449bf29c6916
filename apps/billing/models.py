"""Our own copy of what the provider bills."""

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
    # somebody is looking: read it as soon as the hour allows
    wanted_at = models.DateTimeField(null=True)

    objects = Scoped["Charges"]()
