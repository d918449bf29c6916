"""How people arrive: links by mail, an account waiting to be connected, requests to join one that
has owners, invitations.

Tokens of links are 256 random bits and stand here as a print only (tokens.py); what was typed is
sealed.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from apps.accounts.roles import Role
from apps.audit.tenancy import Scoped


class Letter(models.Model):
    """A mail to be sent by a sweep (letters.py), so that no page waits for it, nor tells by its
    time who is known.
    """

    kind = models.CharField(max_length=24)  # of letters.KINDS
    to = models.CharField(max_length=254)  # an e-mail address, lower case
    # what the templates need; ids and numbers, never a secret
    facts = models.JSONField(default=dict)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)


class ConnectLink(models.Model):
    """The link that opens the second step: whoever has it reads that address's mail. Used once."""

    email = models.CharField(max_length=254)  # lower case
    print = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)


class Connection(models.Model):
    """Somebody's wish to connect an account, in line for a call of the hour that newcomers share.

    No foreign key to an account: nothing of any account is theirs before the provider has answered
    for it.
    """

    class Kind(models.TextChoices):
        PASSWORD = "password", "VoiceTel password"  # `accountApiKey` gives the key
        KEY = "key", "API key"  # `accountGet` with it must answer the very number typed

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Connected"
        ASKED = "asked", "Asked to join"  # right, but the account has owners: a JoinRequest
        REFUSED = "refused", "Refused"
        EXPIRED = "expired", "Not tried within a day"
        CANCELLED = "cancelled", "Withdrawn"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=10)  # as typed: ten digits, somebody's or nobody's
    kind = models.CharField(max_length=8, choices=Kind)
    sealed = models.BinaryField(null=True)  # what was typed, until its turn, a day at most
    # the /24 or /48 it came from: newcomers take turns by it
    network = models.CharField(max_length=64)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True)  # in words, for the page and the mail
    # calls whose outcome is not known: cut, late, nonsense
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()  # the place in line (voicetel.Wish)
    expires_at = models.DateTimeField()  # then what was typed is erased
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "number"],
                condition=models.Q(state="waiting"),
                name="one_connection_waits",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "expires_at"], name="connection_due")]
        ordering: ClassVar = ["asked_at", "pk"]


class JoinRequest(models.Model):
    """Somebody proved to know an account's VoiceTel password or key, but it has owners: one of them
    decides, never time.
    """

    class State(models.TextChoices):
        OPEN = "open", "Waiting for an owner"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    was_member = models.BooleanField(default=False)  # somebody removed them before
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = Scoped["JoinRequest"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "user"],
                condition=models.Q(state="open"),
                name="one_join_request_open",
            ),
        ]
        ordering: ClassVar = ["asked_at", "pk"]


class Invitation(models.Model):
    """An owner invites an address to an account, with a role. The link works once, for 72 hours."""

    class State(models.TextChoices):
        OPEN = "open", "Invited"
        ACCEPTED = "accepted", "Accepted"
        WITHDRAWN = "withdrawn", "Withdrawn"

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    email = models.CharField(max_length=254)  # lower case
    role = models.CharField(max_length=8, choices=Role)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    # None until the mail is on its way: unique, so empty strings would clash.
    print = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = Scoped["Invitation"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "email"],
                condition=models.Q(state="open"),
                name="one_invitation_open",
            ),
        ]
        ordering: ClassVar = ["invited_at", "pk"]


class Removal(models.Model):
    """That somebody was taken off an account: kept, so that a request of theirs says so, and no
    exchange makes them an owner again.
    """

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = Scoped["Removal"]()
