"""What must outlive a restart about the provider: the hour, who spent it, whether the provider is down, the demo's clock."""

from typing import ClassVar

from django.db import models


class Window(models.Model):
    """One hourly pool. Its row is the lock under which the hour is counted."""

    name = models.CharField(max_length=80, primary_key=True)  # "account"; with VOICETEL_POOLS=four "account:accountGet"
    shut_until = models.DateTimeField(null=True)  # what a 429 taught
    seen = models.JSONField(default=dict)  # {boot: [database time, seconds since that boot]}: apps/voicetel/steps.py


class Spent(models.Model):
    """One call of a pool. `at` is when it counts: the moment of the answer, and until there is one the latest it can be."""

    pool = models.CharField(max_length=40)  # as the operation's row says: "account"
    operation = models.CharField(max_length=80)
    lane = models.CharField(max_length=16)
    account = models.CharField(max_length=10, blank=True)  # the account's number; empty: nobody's, like a stranger's exchange
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)  # null: on its way, or its process died
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["pool", "-at"], name="spent_of_the_hour")]


class Joined(models.Model):
    """An operation that answered 429 although its row names no pool: it spends the shared hour until a day has passed."""

    operation = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()  # of its last 429


class Breaker(models.Model):
    """How the provider is doing (`name` empty), and when an operation was last tried while it was down (its id)."""

    name = models.CharField(max_length=80, primary_key=True)
    failures = models.PositiveIntegerField(default=0)  # in a row
    failed_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)  # null: closed, calls go through
    tried_at = models.DateTimeField(null=True)


class ClockOffset(models.Model):
    """How far `manage.py clock --advance` has moved the demo's time. One row; production never reads it."""

    seconds = models.FloatField(default=0)
