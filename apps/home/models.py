"""Sweep: the lease of each sweep of portal/schedule.py, and when it last finished."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone

LEASE = timedelta(seconds=120)  # longer than any sweep may work (50 s); a killed worker's lease runs out by itself


class Sweep(models.Model):
    """One sweep by name. Two schedulers or workers may ask for it at once; the lease lets one of them run it."""

    name = models.CharField(max_length=60, unique=True)
    until = models.DateTimeField(default=timezone.now)  # held until then
    finished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


def take_lease(name: str, now: datetime | None = None) -> datetime | None:
    """Hold the sweep: the end of the lease, which give_back() names; None when somebody else holds it."""
    now = now or timezone.now()
    with transaction.atomic(durable=True):
        Sweep.objects.get_or_create(name=name, defaults={"until": now})
        taken = Sweep.objects.filter(name=name, until__lte=now).update(until=now + LEASE)
    return now + LEASE if taken else None


def give_back(name: str, lease: datetime, *, failed: bool = False) -> None:
    """It ended. A lease that ran out and was taken by another is left alone."""
    now = timezone.now()
    ended = {"failed_at": now} if failed else {"finished_at": now}
    with transaction.atomic(durable=True):
        Sweep.objects.filter(name=name, until=lease).update(until=now, **ended)
