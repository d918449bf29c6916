"""What must outlive a restart about the provider: the hour, who spent it, what is limited or broken
and for whom, the demo's clock.
"""

from typing import ClassVar

from django.db import models


class Window(models.Model):
    """One hourly pool. Its row is the lock under which the hour is counted."""

    # "account"; with VOICETEL_POOLS=four "account:accountGet"
    name = models.CharField(max_length=80, primary_key=True)
    shut_until = models.DateTimeField(null=True)  # what a 429 taught
    # {boot: [database time, seconds since that boot]}: apps/voicetel/hour/clock_steps.py
    seen = models.JSONField(default=dict)


class Spent(models.Model):
    """One call of a pool.

    `at` is when it counts: the moment of the answer, and until there is one the latest it can be.
    """

    pool = models.CharField(max_length=40)  # as the operation's row says: "account"
    operation = models.CharField(max_length=80)
    call_class = models.CharField(max_length=16, db_column="lane")
    # the account's number; empty: nobody's, like a stranger's exchange
    account = models.CharField(max_length=10, blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)  # null: on its way, or its process died
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["pool", "-at"], name="spent_of_the_hour")]


class Joined(models.Model):
    """The release before this one reads and writes it; a release later it goes. See Limit."""

    operation = models.CharField(max_length=80, primary_key=True)
    at = models.DateTimeField()  # of its last 429


class Limit(models.Model):
    """What a 429 taught about an operation outside the pool: apps/voicetel/hour/limits.py.

    `account` "*": it holds for everyone, and the operation's calls go in turn.
    """

    operation = models.CharField(max_length=80)
    account = models.CharField(max_length=10)  # the account's number; empty: nobody's
    until = models.DateTimeField(null=True)  # no call before; null: none is waited for
    at = models.DateTimeField()  # of the last 429
    # of an account: no other account's call has worked meanwhile; of everyone: two accounts say so
    proven = models.BooleanField()
    hourly = models.BooleanField(default=False)  # its calls spend the shared hour
    worked = models.PositiveSmallIntegerField(default=0)  # calls in a row since the last 429

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operation", "account"], name="one_limit_each")
        ]


class Turn(models.Model):
    """A call waits until an operation that is limited for everyone has room for it."""

    operation = models.CharField(max_length=80)
    account = models.CharField(max_length=10)
    about = models.BigIntegerField()  # the change's primary key; 0: a read
    since = models.DateTimeField()
    due_at = models.DateTimeField()  # when it was told to come again

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operation", "account", "about"], name="one_turn_each")
        ]


class Breaker(models.Model):
    """An operation that is refused for everyone (`name` is its id), and whether all operations are
    (`name` empty).
    """

    name = models.CharField(max_length=80, primary_key=True)
    # connections in a row that never opened; of the empty name only
    failures = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    # the account that failed last, which does not make the trial; "*": no account in particular
    failed_by = models.CharField(max_length=10, blank=True, db_default="*", default="*")
    opened_at = models.DateTimeField(null=True)  # null: closed, calls go through
    tried_at = models.DateTimeField(null=True)


class Failing(models.Model):
    """How an operation (empty: more than one) fails for one account, and whether it is refused to
    that account.
    """

    operation = models.CharField(max_length=80, blank=True)
    account = models.CharField(max_length=10, blank=True)  # its number; empty: nobody's
    failures = models.PositiveIntegerField(default=0)  # in a row, of this account's own calls
    # those since any call of anybody worked, which speak against the provider
    counted = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)  # null: its calls go through
    tried_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operation", "account"], name="one_failing_each")
        ]


class ClockOffset(models.Model):
    """How far `manage.py clock --advance` has moved the demo's time.

    One row; production never reads it.
    """

    seconds = models.FloatField(default=0)


class Party(models.Model):
    """An account whose wishes run behind, or a newcomer's network: who of them had a turn longest
    ago is next.
    """

    # "behind:1000000001", "newcomers:198.51.100.0/24"
    name = models.CharField(max_length=64, unique=True)
    had_at = models.DateTimeField(null=True)  # its last turn; null: never


class Wish(models.Model):
    """Someone waits for a call of the hour: apps/voicetel/hour/line.py.

    One row for each thing that is to be asked.
    """

    operation = models.CharField(max_length=80)
    # what it is about, in the words of the app that serves it: "profile", "3"
    kind = models.CharField(max_length=20, db_default="")
    about = models.CharField(max_length=43, db_default="")
    # both in one, which the release before this one reads and writes; a release later it goes
    ref = models.CharField(max_length=64)
    # owners, looking, newcomers, behind; a column keeps the name that other releases know
    call_class = models.CharField(max_length=16, db_column="lane")
    # the account's number; empty: nobody's yet
    account = models.CharField(max_length=10, blank=True)
    # newcomers: the /24 or /48 they come from
    network = models.CharField(max_length=43, blank=True)
    # null: owners and lookers
    party = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, related_name="wishes")
    since = models.DateTimeField()  # its place in its class
    due_at = models.DateTimeField()  # not before: pushed on with every try
    tries = models.PositiveSmallIntegerField(default=0)  # in vain

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operation", "ref"], name="one_wish_each"),
            models.UniqueConstraint(
                fields=["operation", "kind", "about"],
                condition=~models.Q(kind=""),
                name="one_wish_of_each",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["call_class", "since"], name="wish_in_line")]
