"""Our own copy of what the provider lists: numbers and gateways. Its age: apps.copies."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from apps.accounts.models import Account
from apps.tenancy import Scoped

# names of the copies (sources.py)
NUMBERS, GATEWAYS = "numbers", "gateways"


class Number(models.Model):
    """A number of an account, as `numbersList` last told it, with our own label beside it.

    Written by services only: `traits`, and the counts in the copy's facts, follow from the other
    columns.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.CharField(max_length=10)  # ten digits
    # the same backwards, so that "ends in" is a range of an index
    reversed = models.CharField(max_length=10)
    label = models.CharField(max_length=80, blank=True)  # ours; the provider knows nothing of it
    # the label as searches compare it: text.folded(); sql.py inserts rows without
    folded = models.CharField(max_length=320, blank=True, db_default="")
    route = models.BigIntegerField(null=True)  # a gateway's id
    # that gateway's address, or the name of a system route
    gateway = models.CharField(max_length=255, blank=True)
    forward_to = models.CharField(max_length=32, blank=True)  # empty: calls are not forwarded
    # what the gateway gets as the called number
    translated = models.CharField(max_length=32, blank=True)
    carrier = models.BigIntegerField(null=True)  # outbound messaging carrier, 0 is none
    fax = models.BooleanField(default=False)
    sms = models.BooleanField(default=False)
    cnam = models.BooleanField(default=False)
    # the yes-or-no columns as bits (apps.numbers.traits), one index for all filters
    traits = models.SmallIntegerField(default=0)
    touched_at = models.DateTimeField(null=True)  # when a change made here last wrote this row
    # the last change made here, its label included: when, and who made it, with their address then
    changed_at = models.DateTimeField(null=True)
    changed_by = models.CharField(max_length=254, blank=True, db_default="")
    # where its calls went when an owner said that this may cost more; the same again asks nothing
    cost_seen = models.CharField(max_length=32, blank=True, db_default="")
    # where faxes and inbound messages go, where that is known; targets_at: when it was read
    fax_to = models.CharField(max_length=255, blank=True, db_default="")
    sms_type = models.CharField(max_length=10, blank=True, db_default="")  # email, webhook, sip
    sms_to = models.CharField(max_length=500, blank=True, db_default="")
    targets_at = models.DateTimeField(null=True)
    # the outbound caller name and the PIN can't be read: what was set here, and when
    caller_name = models.CharField(max_length=15, blank=True, db_default="")
    caller_name_at = models.DateTimeField(null=True)
    caller_name_said = models.CharField(max_length=200, blank=True, db_default="")  # the network's
    pin_at = models.DateTimeField(null=True)
    detail_at = models.DateTimeField(null=True)  # when `numbersGet` last told this row alone

    objects = Scoped["Number"]()

    class Meta:
        # One index for each sort offered; the number breaks ties, so every page of every sort has
        # one order.
        indexes: ClassVar = [
            models.Index(fields=["account", "label", "number"], name="numbers_by_label"),
            models.Index(fields=["account", "gateway", "number"], name="numbers_by_gateway"),
            models.Index(fields=["account", "forward_to", "number"], name="numbers_by_forward"),
            models.Index(fields=["account", "traits", "route", "number"], name="numbers_by_traits"),
            models.Index(fields=["account", "reversed"], name="numbers_by_end"),
            models.Index(fields=["account", "changed_at", "number"], name="numbers_by_change"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "number"], name="one_row_a_number")
        ]

    def __str__(self) -> str:
        return self.number


class Gone(models.Model):
    """A number that left the account, with what it was called here."""

    class How(models.TextChoices):
        REMOVED = "removed", "Removed"
        RELEASED = "released", "Released"
        MOVED = "moved", "Moved"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.CharField(max_length=10)
    at = models.DateTimeField()
    how = models.CharField(max_length=8, choices=How)
    label = models.CharField(max_length=80, blank=True)

    objects = Scoped["Gone"]()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["account", "at"], name="numbers_gone_at")]

    def __str__(self) -> str:
        return f"{self.number} {self.how}"


# What the provider's own routes are called, and what each is, as far as it says so.
SYSTEM_ROUTES = {
    "DID": ("VoiceTel default", "Where VoiceTel sends calls unless you choose another route"),
    "USER": ("VoiceTel user", "A SIP user at VoiceTel"),
    "T30": ("Fax (T.30)", "Fax over a regular call"),
    "T38": ("Fax (T.38)", "Fax over the internet"),
    "VOICE_BRIDGE": ("Voice bridge", "VoiceTel's bridge for voice calls"),
    "RTC_BRIDGE": ("WebRTC bridge", "VoiceTel's bridge for calls in a browser"),
    "SDN": ("SDN", "A VoiceTel system route; ask VoiceTel before you use it"),
}


def route_shown(address: str, key: str) -> str:
    """What a route without a name of the customer's own is called: a system route by words, a
    gateway by its address, one that is in no list by its id. key: the id; "" for no route.
    """
    if address in SYSTEM_ROUTES:
        return SYSTEM_ROUTES[address][0]
    return address or (f"Gateway {key}" if key else "No route")


class Gateway(models.Model):
    """A place that calls may be routed to: a system route or one of the account's own gateways, as
    `gatewaysList` told it.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    gateway = models.BigIntegerField()  # the provider's id
    # address[:port], or a system route's name
    address = models.CharField(max_length=255, blank=True)
    system = models.BooleanField(default=False)
    # the customer's own name for it: "Office PBX"; the provider knows nothing of it
    name = models.CharField(max_length=60, blank=True, db_default="")
    # digits that VoiceTel puts before the number it sends there
    prefix = models.CharField(max_length=20, blank=True, db_default="")
    limit = models.IntegerField(null=True)  # calls at once; none: not told, or a system route's

    objects = Scoped["Gateway"]()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "gateway"], name="one_row_a_gateway")
        ]

    def __str__(self) -> str:
        return self.name or route_shown(self.address, str(self.gateway))

    @property
    def about(self) -> str:
        """A line about it: what a system route is, or the address behind a name."""
        if self.address in SYSTEM_ROUTES:
            return SYSTEM_ROUTES[self.address][1]
        return self.address if self.name else ""


class Cart(models.Model):
    """Numbers that a person picked and, once they pressed, ordered: then it is the order. One open
    cart a person and account; everyone on the account sees it.
    """

    class State(models.TextChoices):
        OPEN = "open", "Cart"
        ORDERED = "ordered", "Ordered"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    by_name = models.CharField(max_length=254)  # with their address, as they were called then
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    changed_at = models.DateTimeField()
    token = models.CharField(max_length=120, blank=True)  # of the press that ordered it
    ordered_at = models.DateTimeField(null=True)
    each = models.BigIntegerField(default=0)  # micro-dollars a number, as shown when pressed
    count = models.PositiveIntegerField(default=0)  # numbers that were ordered

    objects = Scoped["Cart"]()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "state", "ordered_at"], name="numbers_cart_orders")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "by"], condition=models.Q(state="open"), name="one_open_cart"
            )
        ]

    def __str__(self) -> str:
        return f"Order {self.pk}"


class CartLine(models.Model):
    """One number of a cart. place: "Jersey City, NJ", as the search told it."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines", db_index=False)
    number = models.CharField(max_length=10)
    place = models.CharField(max_length=120, blank=True)
    rate_center = models.CharField(max_length=40, blank=True)
    lata = models.CharField(max_length=8, blank=True)
    route = models.BigIntegerField(null=True)  # a gateway's id, once ordered
    label = models.CharField(max_length=80, blank=True)  # what it is to be called here

    class Meta:
        indexes: ClassVar = [models.Index(fields=["number"], name="numbers_cart_number")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cart", "number"], name="one_line_a_number")
        ]

    def __str__(self) -> str:
        return self.number


class Asked(models.Model):
    """A question to VoiceTel's inventory and its last answer. VoiceTel keeps one for ten minutes,
    and so do we.

    question: its arguments as a query string in one order: "quantity=1000&tnMask=201".
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    operation = models.CharField(max_length=40)  # inventorySearch, inventoryCoverage
    question = models.CharField(max_length=300)
    asked_at = models.DateTimeField()  # when someone last began to read it
    read_at = models.DateTimeField(null=True)  # when the answer came
    answer = models.JSONField(default=list)  # rows of the answer, as asking.py keeps them
    failed = models.CharField(max_length=300, blank=True)  # why the last try told nothing

    objects = Scoped["Asked"]()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["asked_at"], name="numbers_asked_at")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "operation", "question"], name="one_row_a_question"
            )
        ]

    def __str__(self) -> str:
        return f"{self.operation} {self.question}"
