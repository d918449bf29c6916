"""What people did here. What was sent to the provider is a change's row (apps.changes); the journal shows both."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class Unscoped(RuntimeError):
    """A query of events said neither `of(account)` nor `across_accounts()`."""


class Events(models.Manager["Event"]):
    """Events of one account, or of all, said aloud. Its own because this floor stands below the accounts' tenancy.py."""

    use_in_migrations = False

    def of(self, account: Any) -> "models.QuerySet[Event]":
        return super().get_queryset().filter(account=account)

    def across_accounts(self) -> "models.QuerySet[Event]":
        return super().get_queryset()

    def get_queryset(self) -> "models.QuerySet[Event]":
        raise Unscoped("Event.objects: say of(account) or across_accounts()")


class Event(models.Model):
    """One thing that a person did, or that happened to their sign-in. Never changed, never holds a secret."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")  # none: nobody known
    actor_name = models.CharField(max_length=254, blank=True)  # as it was then; stays when the person goes
    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, null=True, related_name="+")
    action = models.CharField(max_length=40)  # a word of ACTIONS in services.py
    subject = models.CharField(max_length=254, blank=True)  # what it was done to: a number, a person, an account
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    objects = Events()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "at"], name="event_account_at")]
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.actor_name or 'somebody'} {self.action} {self.subject}".strip()
