"""What people did here.

What was sent to the provider is a change's row (apps.changes); the journal shows both.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from apps.tenancy import Scoped
from apps.who import with_address


class Event(models.Model):
    """One thing that a person did, or that happened to their sign-in.

    It never holds a secret, and never changes, except that what can be repeated for ever is counted
    on the day's first one.
    """

    # none: nobody known
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # as it was then; stays when the person goes
    actor_name = models.CharField(max_length=254, blank=True)
    actor_email = models.CharField(max_length=254, blank=True, db_default="")
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, null=True, related_name="+"
    )
    action = models.CharField(max_length=40)  # a word of ACTIONS in services.py
    # kind of the subject, where changes know it; the release before this one writes none
    thing = models.CharField(max_length=20, blank=True, db_default="")
    # what it was done to: a number, a person, an account
    subject = models.CharField(max_length=254, blank=True)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    count = models.PositiveIntegerField(default=1, db_default=1)
    last_at = models.DateTimeField(null=True)  # of the last repetition
    # who, what and on which day, of those that are counted; none: each has a row of its own
    fold = models.CharField(max_length=32, null=True, unique=True)  # noqa: DJ001

    objects = Scoped["Event"]()

    class Meta:
        # the activity page, newest first: all, by person; and by what it was done to
        indexes: ClassVar = [
            models.Index(fields=["account", "at"], name="event_account_at"),
            models.Index(fields=["account", "actor", "at"], name="event_actor"),
            models.Index(fields=["account", "thing", "subject"], name="event_thing"),
        ]
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.actor_name or 'someone'} {self.action} {self.subject}".strip()

    @property
    def who(self) -> str:
        """The person, by name and address of then; "" where nobody was known."""
        return with_address(self.actor_name, self.actor_email)
