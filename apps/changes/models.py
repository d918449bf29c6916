"""Entry: one change to one thing at the provider, written before it is sent.

The table is the journal.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Account
from apps.changes.states import OPEN, Shown, State, shown
from apps.tenancy import Scoped
from apps.who import with_address


class Entry(models.Model):
    """A change: what was asked, by whom, how it stands, what the provider said.

    Every write of `state` goes through rows.move(), which carries the state and the claim that the
    writer read.
    """

    # None: a change of staff's that belongs to no customer's account; no customer sees it
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=60)  # class name of the change, key of REGISTRY
    # the kind of what it is done to: Thing.name; the release before this one knew numbers only
    thing = models.CharField(max_length=20, db_default="number")
    subject = models.CharField(max_length=120)  # its id: ten digits, a gateway's number
    lane = models.CharField(max_length=120)  # one at a time, in order
    what = models.CharField(max_length=300)  # describe() at submit: no secrets
    args = models.JSONField(default=dict)  # the change's own fields but the secret ones
    sealed = models.BinaryField(null=True)  # the secret ones; erased when it settles
    print = models.CharField(max_length=64)  # HMAC of the frozen body
    # what our copy said when it was pressed: for the preview, and for which values it names
    before = models.JSONField(default=dict)
    # what our copy said when it was claimed, once everything of its lane before it had settled: for
    # the look and the undo; none where that is the same
    stood = models.JSONField(null=True)
    price = models.BigIntegerField(default=0)  # micro-dollars, as shown when pressed
    # minted with the form; also the Idempotency-Key
    charged = models.BigIntegerField(
        null=True
    )  # micro-dollars that the provider took; none: unknown
    token = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # as it was then; stays when the person goes
    by_name = models.CharField(max_length=254, blank=True)
    by_email = models.CharField(max_length=254, blank=True, db_default="")
    # undoes it, or sends it again
    follows = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    # waits until that one is done; closed when it ends otherwise
    after = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    job = models.BigIntegerField(null=True)  # the job that it is a part of

    state = models.CharField(max_length=8, default=State.READY)
    claim = models.CharField(max_length=32, blank=True)  # who holds it now
    due_at = models.DateTimeField(null=True)  # when a sweep takes it up
    tries = models.PositiveIntegerField(default=0)  # takes and looks; sets the pause
    # how often VoiceTel, or a limit of its, named a later time to send it
    put_off = models.PositiveSmallIntegerField(default=0, db_default=0)
    absent = models.PositiveIntegerField(default=0)  # whole looks that found nothing
    absent_at = models.DateTimeField(null=True)  # the first of them
    # a keyed resend failed too: looking is all that is left
    reads_only = models.BooleanField(default=False)
    said = models.TextField(blank=True)  # the provider's words, or ours where it said nothing
    # the provider's HTTP status; none: these words are ours
    status = models.PositiveSmallIntegerField(null=True)
    # what the provider showed at the last look, in a few words
    shows = models.CharField(max_length=300, blank=True, db_default="")
    answer = models.JSONField(default=dict)  # what pages show of the answer: no secrets
    # a one-time answer (a password, a key), sealed for the account, or for whoever pressed
    given = models.BinaryField(null=True)
    # the provider's id of what this change made
    bound = models.CharField(max_length=120, blank=True)
    # it is so there, but our copy was not brought up to date
    copy_stale = models.BooleanField(default=False)

    created_at = models.DateTimeField(default=timezone.now)
    # since when nothing of its lane stands before it
    first_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)  # first send; none while nothing left us
    tried_at = models.DateTimeField(null=True)  # last send, or try
    looked_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # when it stopped moving by itself

    objects = Scoped["Entry"]()
    # monotonic moment of submit() in this process; wait() counts its second from here
    pressed: float = 0.0
    nudged: bool = False  # whether the message to a worker got out

    class Meta:
        constraints: ClassVar = [
            # The guard of the lanes: on PostgreSQL two claims pass NOT EXISTS together (113 of 300
            # pairs, measured).
            models.UniqueConstraint(
                fields=["account", "lane"],
                condition=Q(state__in=["sending", "doubt"]),
                name="one_in_flight_a_lane",
            ),
            models.UniqueConstraint(
                fields=["account", "bound"], condition=~Q(bound=""), name="bound_once"
            ),
            # NULL is no NULL's equal: staff's changes without an account need guards of their own.
            models.UniqueConstraint(
                fields=["lane"],
                condition=Q(account=None, state__in=["sending", "doubt"]),
                name="one_in_flight_a_staff_lane",
            ),
            models.UniqueConstraint(
                fields=["bound"], condition=Q(account=None) & ~Q(bound=""), name="staff_bound_once"
            ),
        ]
        # Plain ones: SQLite never uses a partial index for a query with parameters.
        indexes: ClassVar = [
            models.Index(fields=["account", "lane", "state"], name="entry_lane"),
            models.Index(fields=["state", "due_at"], name="entry_due"),
            models.Index(fields=["job", "state"], name="entry_job"),
            models.Index(fields=["account", "thing", "subject", "id"], name="entry_thing"),
            # the activity page, newest first: all, by outcome, by person
            models.Index(fields=["account", "created_at"], name="entry_time"),
            # the same without what jobs did, which may be the newest 100,000
            models.Index(fields=["account", "job", "created_at"], name="entry_alone"),
            models.Index(fields=["account", "state", "created_at"], name="entry_state"),
            models.Index(fields=["account", "by", "created_at"], name="entry_by"),
            models.Index(fields=["account", "by", "sent_at"], name="entry_spent"),
            models.Index(fields=["account", "tried_at"], name="entry_tried"),
            # A partial one that SQLite does use, as `after = 5` says that it is not null. A whole
            # one would look worthless to its planner: most rows wait for none.
            models.Index(fields=["after"], condition=Q(after__isnull=False), name="entry_after"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.what}: {self.state}"

    @property
    def who(self) -> str:
        """Who pressed, by name and address of then."""
        return with_address(self.by_name, self.by_email)

    @property
    def was(self) -> dict[str, Any]:
        """What our copy said when it was sent; until then, what it said at the press."""
        found: dict[str, Any] = self.before if self.stood is None else self.stood
        return found

    @property
    def zone(self) -> str:
        """The zone in which people read its times."""
        return self.account.zone if self.account else "UTC"

    @property
    def shown(self) -> Shown:
        """Its state as people read it."""
        return shown(self.state, sent=self.sent_at is not None)

    @property
    def moves(self) -> bool:
        """Whether a page that shows it should look again."""
        return self.state in OPEN


class Item(models.Model):
    """One of several results of one call: a number of an order, ordered or failed.

    Written from the verdict, in the commit that settles the entry.
    """

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="items")
    subject = models.CharField(max_length=120)
    state = models.CharField(max_length=8)
    said = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject"], name="item_subject")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "subject"], name="one_item_a_subject")
        ]


class Hold(models.Model):
    """While it lasts, none of an account's changes is sent: a figure is read, or a key is turned.

    Rows wait, and their 15 minutes do not run. Whoever needs it takes it by engine/holds.py.
    """

    class Over(models.TextChoices):
        EVERYTHING = "all", "Everything"
        CHARGES = "charges", "What costs"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    over = models.CharField(max_length=8, choices=Over)
    why = models.CharField(max_length=120)  # in words, for the page of a change that waits
    token = models.CharField(max_length=32, unique=True)  # of who took it
    taken_at = models.DateTimeField()
    until = models.DateTimeField()  # over by itself then

    objects = Scoped["Hold"]()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "until"], name="hold_until")]
