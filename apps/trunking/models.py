"""What we keep of an account's trunk: how it signs in, its access list, and who is registered."""

from typing import ClassVar

from django.db import models

from apps.accounts.models import Account, User
from apps.tenancy import Scoped

# names of the copies (sources.py)
AUTHENTICATION, ACCESS = "authentication", "access"


class Trunk(models.Model):
    """An account's trunk: the authentication that `authGet` told, and the device that
    `accountRegistration` told. Each has its own age.
    """

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="+")
    # a code, and VoiceTel's words for it; the words say what is in force
    auth_type = models.IntegerField(null=True)
    auth_words = models.CharField(max_length=200, blank=True)
    # the type that was last set here; words that don't fit it are shown in red
    chosen = models.IntegerField(null=True)
    # the device that is registered; empty: none was when it was read
    uri = models.CharField(max_length=255, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    registration_at = models.DateTimeField(null=True)  # when VoiceTel was last asked
    registration_failed = models.CharField(max_length=200, blank=True)  # a sentence; "" if it went
    registered_at = models.DateTimeField(null=True)  # when a device was last seen registered
    # the SIP password can't be read: when it was set here, and who did
    password_at = models.DateTimeField(null=True)
    password_by = models.CharField(max_length=254, blank=True)

    objects = Scoped["Trunk"]()

    def __str__(self) -> str:
        return self.auth_words or "not read yet"


class AclEntry(models.Model):
    """A range of the access list, as `aclList` told it. first, last: its addresses as numbers."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    cidr = models.CharField(max_length=43)
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    note = models.CharField(max_length=60, blank=True)  # ours; VoiceTel knows nothing of it
    seen_at = models.DateTimeField()  # when it first stood in VoiceTel's list

    objects = Scoped["AclEntry"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "cidr"], name="one_row_a_range")
        ]

    def __str__(self) -> str:
        return self.cidr


class AuthWord(models.Model):
    """What VoiceTel calls a type of authentication, as any account's `authGet` last put it. The
    numbers mean other things in other releases of theirs.
    """

    number = models.IntegerField(unique=True)
    words = models.CharField(max_length=200)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number}: {self.words}"


class KeyTurn(models.Model):
    """An owner's wish for a new SIP password. It waits in the line for the hour's calls, as the new
    password ends the API key, and the exchange for a new one costs such a call (turning.py).
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"  # nothing was sent
        TURNING = "turning", "Being changed"  # it may be changed there; the new key isn't here yet
        DONE = "done", "Changed"
        REFUSED = "refused", "Not changed"
        LOST = "lost", "Disconnected"  # neither the new password nor the old key works
        EXPIRED = "expired", "Not tried within a day"
        CANCELED = "canceled", "Canceled"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    sealed = models.BinaryField(null=True)  # the new password; erased with the outcome
    token = models.CharField(max_length=200)  # of the form: its change is made once
    at_once = models.BooleanField(default=False)  # it leaked: sent before the exchange has its turn
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    entry = models.BigIntegerField(null=True)  # its change, by primary key
    hold = models.CharField(max_length=32, blank=True)  # token of the hold on the other changes
    claim_until = models.DateTimeField(null=True)  # a process is at it
    tries = models.PositiveSmallIntegerField(default=0)  # exchanges whose answer told nothing
    reason = models.CharField(max_length=300, blank=True)  # in words, for the page
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects = Scoped["KeyTurn"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(state__in=["waiting", "turning"]),
                name="one_turn_waits",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "expires_at"], name="turn_expires")]

    def __str__(self) -> str:
        return self.state


class GatewayReading(models.Model):
    """What VoiceTel said of one gateway when it was last read alone, by `gatewaysGet` and
    `gatewaysNumbers`.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    gateway = models.BigIntegerField()  # the provider's id
    read_at = models.DateTimeField()
    held = models.IntegerField(default=0)  # numbers that route to it
    first = models.JSONField(default=list)  # the first of them, ten digits each
    failed = models.CharField(max_length=200, blank=True)  # a sentence; "" if it went well

    objects = Scoped["GatewayReading"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "gateway"], name="one_reading_a_gateway")
        ]

    def __str__(self) -> str:
        return f"{self.gateway}: {self.held}"
