"""Job: one press that makes many changes. Each of them is an Entry that names the job."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property

from apps.accounts.models import Account
from apps.jobs.choosers import CHOOSERS
from apps.jobs.states import OPEN, SHOWN, Shown, State
from apps.tenancy import Scoped
from apps.who import with_address


class Job(models.Model):
    """What was asked, by whom, for which things, and how it stands.

    Every write of `state` goes through services.move(). How many changes are done is counted from
    the entries.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    by_name = models.CharField(max_length=254, blank=True)
    by_email = models.CharField(max_length=254, blank=True)
    # Kind.name; "" while it is not chosen yet what to do with what was selected
    kind = models.CharField(max_length=40, blank=True)
    thing = models.CharField(max_length=20)  # the kind of its items: Thing.name
    what = models.CharField(max_length=200)  # in words: "Change forwarding of 12 numbers"
    about = models.CharField(max_length=300, blank=True)  # a line more: "To (917) 555-0142"
    state = models.CharField(max_length=10, default=State.DRAFT)
    token = models.CharField(max_length=40, unique=True)  # of its rows' tokens
    print = models.CharField(max_length=64, blank=True)  # of what the preview showed
    plan = models.TextField(blank=True)  # its items, a line each, frozen at the preview
    args = models.JSONField(default=dict)  # the kind's own, no secrets
    sealed = models.BinaryField(null=True)  # the kind's secrets; erased once the rows are written
    total = models.PositiveIntegerField(default=0)  # items of the plan
    # items of the selection that the preview left out, by reason: [["already so", 3], ...]
    left_out = models.JSONField(default=list)
    written = models.PositiveIntegerField(default=0)  # items of the plan that have been made rows
    # items that needed no row any more when their turn came
    unneeded = models.PositiveIntegerField(default=0)
    undoes = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    retries = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True)  # why it waits, is paused, or stopped
    created_at = models.DateTimeField(default=timezone.now)
    begun_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)  # when a row of it last moved, or it got its turn
    due_at = models.DateTimeField(null=True)  # when a runner takes it up
    ended_at = models.DateTimeField(null=True)
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)

    objects = Scoped["Job"]()

    class Meta:
        # Plain ones: SQLite never uses a partial index for a query with parameters.
        indexes: ClassVar = [
            models.Index(fields=["account", "id"], name="jobs_of_account"),
            models.Index(fields=["state", "due_at"], name="jobs_due"),
        ]

    def __str__(self) -> str:
        return f"job {self.pk}: {self.what}"

    @cached_property
    def items(self) -> list[str]:
        """What it changes, in the order of the preview."""
        return self.plan.split("\n") if self.plan else []

    @property
    def who(self) -> str:
        """Who started it, by name and address of then."""
        return with_address(self.by_name, self.by_email)

    @property
    def shown(self) -> Shown:
        """Its state as people read it."""
        return SHOWN[State(self.state)]

    @property
    def open(self) -> bool:
        """Whether it goes on without anybody."""
        return self.state in OPEN

    @property
    def unchanged(self) -> int:
        """Selected things that the preview left out."""
        return sum(many for _, many in self.left_out)

    @property
    def href(self) -> str:
        """Its page; of a mere selection, the page where people choose what to do with it."""
        if not self.kind and self.thing in CHOOSERS:
            return CHOOSERS[self.thing].format(self.pk)
        return f"/jobs/{self.pk}/"
