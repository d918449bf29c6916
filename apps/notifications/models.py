"""What people are told: a row for each person and occurrence, shown by the bell and mailed by a
sweep.
"""

from typing import Any, ClassVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from apps.notifications.kinds import Group, owners_kinds
from apps.tenancy import Unscoped


class Notices(models.Manager["Notice"]):
    """Notices of one person, or of all, said aloud; anything else raises Unscoped."""

    use_in_migrations = False

    def of(self, user: Any) -> "models.QuerySet[Notice]":
        """What that person may see now: what is of no account, and what is of accounts whose member
        they are at this moment; what is for owners, of those that they own."""
        member = apps.get_model("accounts", "Membership").objects.filter(
            user=OuterRef("user"), account=OuterRef("account")
        )
        owner = member.filter(role="owner")  # Role.OWNER, which is of a floor above
        may = (
            Q(account=None)
            | (~Q(kind__in=owners_kinds()) & Exists(member))
            | (Q(kind__in=owners_kinds()) & Exists(owner))
        )
        return super().get_queryset().filter(may, user=user)

    def across_people(self) -> "models.QuerySet[Notice]":
        """Everybody's, for sweeps."""
        return super().get_queryset()

    def get_queryset(self) -> "models.QuerySet[Notice]":
        raise Unscoped("Notice.objects: say of(user) or across_people()")


class Notice(models.Model):
    """One thing that one person is told. Never holds a secret."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, null=True, related_name="+"
    )
    kind = models.CharField(max_length=24)  # of kinds.KINDS
    facts = models.JSONField(default=dict)  # what its words need, as it was then
    once = models.CharField(max_length=64)  # names the occurrence: told twice, it is one row
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    # none: mailed, not wanted by mail, or given up
    mail_due_at = models.DateTimeField(null=True, db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)  # of the mail
    mailed_at = models.DateTimeField(null=True)

    objects = Notices()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind", "once"], name="told_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "id"], name="notice_newest"),
            models.Index(fields=["user", "read_at"], name="notice_unread"),
        ]
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} for person {self.user_id}"


class Choice(models.Model):
    """Whether a person wants a group of notices by mail too. No row: as kinds.ON_REQUEST says."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    group = models.CharField(max_length=10, choices=Group)
    mail = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "group"], name="one_choice_each")
        ]
