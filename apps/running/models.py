"""Sweep: who runs each sweep of portal/schedule.py until when, and when it last finished."""

from django.db import models
from django.utils import timezone


class Sweep(models.Model):
    """One sweep by name.

    Two schedulers or workers may ask for it at once; the lease lets one of them run it (leases.py).
    """

    name = models.CharField(max_length=60, unique=True)
    until = models.DateTimeField(default=timezone.now)  # held until then
    # token of the lease; an older release writes none
    holder = models.CharField(max_length=16, blank=True, db_default="")
    finished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        # Its name from when it was apps.home's: a release before this one may run beside it.
        db_table = "home_sweep"

    def __str__(self) -> str:
        return self.name
