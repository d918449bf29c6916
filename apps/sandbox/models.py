"""The provider's state, in its own database.

Money is integer micro-dollars; times are Unix seconds by the provider's clock.
"""

from django.db import models


class World(models.Model):
    """The one row that says how the world was seeded and how far its clock has been moved on."""

    seed = models.IntegerField(default=1)
    numbers = models.IntegerField(default=0)
    calls = models.IntegerField(default=0)
    offset = models.FloatField(default=0)  # seconds that the provider's clock is ahead
    # rows of an accountCdr answer before it is cut
    most_calls = models.IntegerField(default=10_000)
    most_tickets = models.IntegerField(default=50)
    rung_until = models.FloatField(default=0)  # calls have been played up to here


class Account(models.Model):
    """One customer of the provider; services and rates as the document names them (rates in
    micro-dollars).
    """

    username = models.CharField(max_length=20, primary_key=True)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=200, db_index=True)
    password = models.CharField(max_length=100)
    apikey = models.CharField(max_length=32, unique=True)
    cash = models.BigIntegerField(default=0)
    zone = models.CharField(max_length=50, default="America/New_York")
    enabled = models.BooleanField(default=True)
    admin = models.BooleanField(default=False)
    auth_type = models.IntegerField(default=0)
    ccs = models.IntegerField(default=23)
    notify = models.BooleanField(default=True)
    notify_threshold = models.IntegerField(default=10)
    caller_id = models.CharField(max_length=10, default="")
    created = models.FloatField()
    master = models.CharField(max_length=20)
    # of the registered phone; empty: not registered
    agent = models.CharField(max_length=100, default="")
    services = models.JSONField(default=dict)
    rates = models.JSONField(default=dict)


class Number(models.Model):
    """A number that someone holds. What nobody holds is inventory (geography.py) or nothing."""

    number = models.CharField(max_length=10, primary_key=True)
    account = models.CharField(max_length=20, db_index=True)
    route = models.IntegerField(default=4)
    carrier = models.IntegerField(default=0)
    forward_to = models.CharField(max_length=10, default="")
    translated = models.CharField(max_length=10, default="")  # empty: itself
    cnam = models.BooleanField(default=False)
    fax = models.CharField(max_length=200, default="")
    route_in = models.IntegerField(default=0)  # row id of its inbound SMS (SmsRow), 0: none
    lidb = models.CharField(max_length=15, default="")
    pin = models.CharField(max_length=4, default="")
    campaign = models.CharField(max_length=20, default="")
    porting = models.BooleanField(default=False)  # leaving: may be neither removed nor released


class SmsRow(models.Model):
    """Where inbound messages go. Another number of the account may be pointed at the same row."""

    account = models.CharField(max_length=20)
    number = models.CharField(max_length=10, db_index=True)
    type = models.CharField(max_length=10)
    resource = models.CharField(max_length=500)


class Stock(models.Model):
    """An exception to the inventory that geography.py makes: free False: no longer there; True:
    there besides.
    """

    number = models.CharField(max_length=10, primary_key=True)
    free = models.BooleanField()


class Acl(models.Model):
    account = models.CharField(max_length=20, db_index=True)
    cidr = models.CharField(max_length=18)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "cidr"), name="one_acl_entry"),)


class Credit(models.Model):
    account = models.CharField(max_length=20, db_index=True)
    at = models.FloatField()
    amount = models.BigIntegerField()
    paid = models.BooleanField()


class Payment(models.Model):
    account = models.CharField(max_length=20, db_index=True)
    at = models.FloatField()
    amount = models.BigIntegerField()
    transaction = models.CharField(max_length=20)
    status = models.CharField(max_length=20, default="Completed")


class Kept(models.Model):
    """The answer to an Idempotency-Key, given again for 24 hours."""

    account = models.CharField(max_length=20)
    key = models.CharField(max_length=128)
    at = models.FloatField()
    data = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("account", "key"), name="one_kept_answer"),)


class Gateway(models.Model):
    """A customer's own gateway; ids begin at 1000 (the system's routes lie below)."""

    account = models.CharField(max_length=20, db_index=True)
    gateway = models.CharField(max_length=255)
    prefix = models.CharField(max_length=20, default="")
    limit = models.IntegerField(default=23)


class Call(models.Model):
    """A call detail record. at: when it began; shown_at: when the record appears (late ones come
    after).
    """

    id = models.CharField(max_length=32, primary_key=True)
    account = models.CharField(max_length=20)
    at = models.IntegerField()
    cid = models.CharField(max_length=10)
    dst = models.CharField(max_length=10)
    dur = models.IntegerField()
    cost = models.BigIntegerField()
    rate = models.BigIntegerField()
    ip = models.CharField(max_length=15)
    cn = models.CharField(max_length=100)
    shown_at = models.IntegerField()

    class Meta:
        indexes = (models.Index(fields=("account", "at")),)


class Charge(models.Model):
    """What the provider took, exactly."""

    account = models.CharField(max_length=20, db_index=True)
    operation = models.CharField(max_length=60)
    amount = models.BigIntegerField()
    at = models.FloatField()
    subject = models.CharField(max_length=200)


class Arrival(models.Model):
    """The log: every request of an operation, refused ones included. status 0: not answered (yet,
    or cut).
    """

    operation = models.CharField(max_length=60, db_index=True)
    account = models.CharField(max_length=20, default="")
    status = models.IntegerField(default=0)
    at = models.FloatField()
    idempotency_key = models.CharField(max_length=200, default="")
    peer = models.CharField(max_length=45)
    # non-empty: it spent a call of this hour's pool
    pool = models.CharField(max_length=30, default="")

    class Meta:
        indexes = (models.Index(fields=("peer", "pool", "at")),)


class Fault(models.Model):
    """How answers are spoilt. left: how many more, null for without end. options: what only its
    kind knows.
    """

    operation = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    left = models.IntegerField(null=True)
    probability = models.FloatField(default=1.0)
    options = models.JSONField(default=dict)


class Address(models.Model):
    """A validated e911 address; its id is what provisioning takes."""

    address1 = models.CharField(max_length=200)
    address2 = models.CharField(max_length=200, default="")
    city = models.CharField(max_length=100)
    state = models.CharField(max_length=2)
    zip = models.CharField(max_length=10)


class E911(models.Model):
    number = models.CharField(max_length=10, primary_key=True)
    caller_name = models.CharField(max_length=100)
    address = models.ForeignKey(Address, on_delete=models.PROTECT)


class Brand(models.Model):
    account = models.CharField(max_length=20)
    brand = models.CharField(max_length=50, unique=True)
    name = models.CharField(max_length=200)
    description = models.CharField(max_length=2000, default="")


class Campaign(models.Model):
    """at: when it was registered; its review takes a step a day. word: a status set by hand, empty:
    as the clock says.
    """

    campaign = models.CharField(max_length=50, primary_key=True)
    account = models.CharField(max_length=20, db_index=True)
    brand = models.CharField(max_length=50)
    description = models.CharField(max_length=2000)
    at = models.FloatField()
    word = models.CharField(max_length=40, default="")


class Message(models.Model):
    """One message as one account's number sees it. receipt_at: when its receipt shows, 0: never."""

    id = models.CharField(max_length=40, primary_key=True)
    account = models.CharField(max_length=20)
    number = models.CharField(max_length=10)
    far = models.CharField(max_length=15)
    direction = models.CharField(max_length=3)
    type = models.CharField(max_length=3)
    text = models.TextField()
    rate = models.BigIntegerField()
    at = models.IntegerField()
    receipt_at = models.IntegerField(default=0)

    class Meta:
        indexes = (models.Index(fields=("number", "type", "at")),)


class Portable(models.Model):
    """A number found portable by an account; good for an hour."""

    account = models.CharField(max_length=20)
    number = models.CharField(max_length=10)
    at = models.FloatField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("account", "number"), name="one_portability_answer"),
        )


class Port(models.Model):
    """A port-in order. signed_at: when the letter was signed (0: not); done_at: when its numbers
    come, or came; 0: never.

    said: words under which it stands still until a customer signs or writes; mendable: a rejection
    is over once a customer writes in its ticket (mended_at); moves: its date moves once.
    """

    id = models.CharField(max_length=40, primary_key=True)
    pid = models.CharField(max_length=5, unique=True)
    account = models.CharField(max_length=20, db_index=True)
    at = models.FloatField()
    signed_at = models.FloatField(default=0)
    done_at = models.FloatField(default=0, db_index=True)
    arrived = models.BooleanField(default=False)
    rejected = models.BooleanField(default=False)
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=200)
    numbers = models.JSONField(default=list)
    features = models.JSONField(default=dict)
    ticket = models.IntegerField(default=0)
    said = models.JSONField(default=dict)
    mendable = models.BooleanField(default=False)
    mended_at = models.FloatField(default=0)
    moves = models.BooleanField(default=False)


class Ticket(models.Model):
    account = models.CharField(max_length=20, db_index=True)
    email = models.CharField(max_length=200)
    subject = models.CharField(max_length=500)
    status = models.CharField(max_length=10, default="active")
    at = models.FloatField()
    updated_at = models.FloatField()
    closed_at = models.FloatField(default=0)


class Thread(models.Model):
    """type: customer, message (an agent's, HTML) or note (inside, plain text); draft:
    not sent yet.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="threads")
    type = models.CharField(max_length=10)
    body = models.TextField()
    at = models.FloatField()
    draft = models.BooleanField(default=False)
    attached = models.BooleanField(default=False)
