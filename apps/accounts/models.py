"""People, the VoiceTel accounts they work on, who may do what there, and how people arrive.

Tokens of links are 256 random bits and are kept as a print only (arriving/link_tokens.py); what was
typed is sealed.
"""

from importlib import import_module
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

from apps import emails, who
from apps.accounts import sealed
from apps.accounts.roles import Role
from apps.tenancy import Scoped


class People(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=emails.kept_or_typed(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person, known by e-mail address. The password is the portal's own, never VoiceTel's."""

    class Staff(models.TextChoices):
        NONE = "", "Customer"
        SUPPORT = "support", "Support"
        ADMIN = "admin", "Administrator"

    email = models.EmailField(unique=True)  # in the form of apps/emails.py
    name = models.CharField(max_length=80, blank=True)
    staff = models.CharField(max_length=8, choices=Staff, blank=True, default=Staff.NONE)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    # since when a second factor is set (second.py); none: there is none
    factor_at = models.DateTimeField(null=True)
    # the 30 s step of the last code used: it and those before work no more
    factor_step = models.BigIntegerField(default=0)

    # of the person of a session, as middleware.load() tells them
    joined: "list[Membership]"

    objects = People()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def with_address(self) -> str:
        """The name with the address: who it is, for emails and pages of record."""
        return who.with_address(self.name, self.email)

    @property
    def is_staff(self) -> bool:
        return bool(self.staff)


class Account(models.Model):
    """A VoiceTel account: ten digits. Its API key is sealed, never rendered, never logged."""

    class Key(models.TextChoices):
        LIVE = "live", "Connected"
        DEAD = "dead", "Key refused"  # confirmed by a second, unlimited call
        NONE = "none", "Not connected"

    number = models.CharField(max_length=10, unique=True)  # the provider's `username`
    name = models.CharField(max_length=120, blank=True)
    # IANA; times are shown in it
    zone = models.CharField(max_length=64, default="America/New_York")
    sealed_key = models.BinaryField(null=True)
    key_state = models.CharField(max_length=4, choices=Key, default=Key.NONE)
    key_changed_at = models.DateTimeField(null=True)  # since when it is in that state
    # until when its key is being turned: nothing goes with it, and nobody calls it dead
    turning_until = models.DateTimeField(null=True)
    requires_factor = models.BooleanField(default=False)  # its members need a second factor
    created_at = models.DateTimeField(default=timezone.now)
    # when the first owner came by an exchange; never cleared
    claimed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name or self.number

    @property
    def connected(self) -> bool:
        """Whether VoiceTel takes its key, as far as is known: what else is sent would fail."""
        return self.key_state == self.Key.LIVE

    def set_key(self, key: str) -> None:
        """Seal a key that works (32 hex digits).

        The row must have been saved once; the caller saves.
        """
        self.sealed_key = sealed.seal(self.pk, key)
        self.key_state, self.key_changed_at = self.Key.LIVE, timezone.now()

    def key(self) -> str:
        """The API key. Raises sealed.Unsealable; an account without one has the empty string."""
        return sealed.unseal(self.pk, bytes(self.sealed_key)) if self.sealed_key else ""


class Profile(models.Model):
    """The last answer of `accountGet`, with its age. Money in micro-dollars (1,000,000 = $1)."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="profile")
    balance = models.BigIntegerField(null=True)
    services = models.JSONField(default=dict)  # {"sms": true, ...}
    rates = models.JSONField(default=dict)  # {"did": 500000, ...}: micro-dollars
    # VoiceTel's own words: cut and on one line, but not checked. None where it has not said.
    email = models.CharField(max_length=254, blank=True, db_default="")
    caller_id = models.CharField(max_length=20, blank=True, db_default="")
    notify = models.BooleanField(null=True)  # VoiceTel sends an email when the balance is low
    threshold = models.BigIntegerField(null=True)  # micro-dollars below which it does
    ccs = models.IntegerField(null=True)  # calls at once
    auth_type = models.IntegerField(null=True)  # a code; what it means differs between releases
    enabled = models.BooleanField(null=True)
    created = models.DateTimeField(null=True)  # when VoiceTel opened the account
    # micro-dollars charged since, or under way: kept by apps.changes (engine/spending.py)
    spent = models.BigIntegerField(default=0, db_default=0)
    # when it was asked: a charge that was over by then is in the balance, a later one is not
    asked_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)  # when the provider answered
    # someone is looking: read it as soon as the hour allows
    wanted_at = models.DateTimeField(null=True)

    @property
    def about(self) -> int | None:
        """The balance less what was charged here since and what is under way; None before the first
        reading. No query.
        """
        return None if self.balance is None else self.balance - self.spent


class Membership(models.Model):
    """A person on an account, with one role."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role)
    # micro-dollars that this person may spend in 24 hours; none: the role's own (roles.py)
    day_limit = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "account"], name="one_membership_each")
        ]
        ordering: ClassVar = ["created_at", "pk"]


class KeyExchange(models.Model):
    """An owner's wish to reconnect an account: it waits for its turn in the hour, a day at most.

    The secret that was typed (VoiceTel password or API key) is sealed for the account and erased
    when the wish is settled.
    """

    class Kind(models.TextChoices):
        PASSWORD = "password", "VoiceTel password"  # `accountApiKey` gives the key
        KEY = "key", "API key"  # `accountGet` with it must answer this very account

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Connected"
        REFUSED = "refused", "Refused"
        EXPIRED = "expired", "Not tried within a day"
        CANCELLED = "cancelled", "Withdrawn"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    sealed = models.BinaryField(null=True)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True)  # in words, for the page
    # calls whose outcome is not known: cut, late, nonsense
    tries = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects = Scoped["KeyExchange"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(state="waiting"), name="one_exchange_waits"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "expires_at"], name="exchange_expires")]
        ordering: ClassVar = ["asked_at", "pk"]


class Session(AbstractBaseSession):
    """A signed-in browser, and the session that Django keeps for it (browsers.py): its columns
    repeat what the data says, so that people can list theirs and end them, at no query of its
    own."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, db_constraint=False, related_name="sessions"
    )
    device = models.CharField(max_length=60, blank=True)  # in words: Firefox on Windows
    began = models.DateTimeField(null=True)
    seen = models.DateTimeField(null=True)  # written once a minute at most

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_module(settings.SESSION_ENGINE).SessionStore


class Attempt(models.Model):
    """One counted try of a throttle (throttle.py); a sweep removes those that count no more."""

    key = models.CharField(max_length=64)  # HMAC of limit and whom
    at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key", "at"], name="attempt_key_at")]


class RecoveryAsk(models.Model):
    """Someone asked for a new portal password, or a new VoiceTel password.

    The same row for known and unknown; a sweep sends the mail, if there is whom to, or asks
    VoiceTel to send its own.
    """

    typed = models.CharField(max_length=254)
    voicetel = models.BooleanField(default=False, db_default=False)  # VoiceTel's password
    # throttle.known_people() of the browser that asked
    known = models.CharField(max_length=300, blank=True, db_default="")
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)


class Letter(models.Model):
    """A mail to be sent by a sweep (letters.py), so that no page waits for it, nor tells by its
    time who is known.
    """

    kind = models.CharField(max_length=24)  # of letters.KINDS
    to = models.CharField(max_length=254)  # an email address in its kept form
    # what the templates need; ids and numbers, never a secret
    facts = models.JSONField(default=dict)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)


class ConnectLink(models.Model):
    """The link that opens the second step: whoever has it reads that address's mail. Used once."""

    email = models.CharField(max_length=254)  # in its kept form
    print = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)


class Connection(models.Model):
    """Someone's wish to connect an account, in line for a call of the hour that newcomers share.

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
    number = models.CharField(max_length=10)  # as typed: ten digits, someone's or nobody's
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
    """Someone proved to know an account's VoiceTel password or key, but it has owners: one of them
    decides, never time.
    """

    class State(models.TextChoices):
        OPEN = "open", "Waiting for an owner"
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    was_member = models.BooleanField(default=False)  # someone removed them before
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
    email = models.CharField(max_length=254)  # in its kept form
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
    """That someone was taken off an account: kept, so that a request of theirs says so, and no
    exchange makes them an owner again.
    """

    account = models.ForeignKey("accounts.Account", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = Scoped["Removal"]()
