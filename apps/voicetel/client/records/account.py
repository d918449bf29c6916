"""Answers about the account itself: profile, charges, calls, the key."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from urllib.parse import unquote

from apps.voicetel.client.records.base import Moment, Record, Text, exact

LATEST = 253_402_300_799  # Unix seconds of the year 9999's end: what datetime can hold


class Services(Record, frozen=True):
    """Which services are on."""

    sms: bool = False
    mms: bool = False
    e911: bool = False
    intl: bool = False
    cnam: bool = False
    rcid: bool = False
    dialer: bool = False
    bypass_media: bool = False


class Rates(Record, frozen=True):
    """Dollars: did a month; sms a segment; mms, fax, lrn, cnam each; nibble a minute.

    None where the answer named no rate.
    """

    did: Decimal | None = None
    sms: Decimal | None = None
    mms: Decimal | None = None
    fax: Decimal | None = None
    lrn: Decimal | None = None
    cnam: Decimal | None = None
    nibble: Decimal | None = None
    tf_adj: Decimal | None = None
    intl_max: Decimal | None = None

    def __post_init__(self) -> None:
        exact(
            self.did,
            self.sms,
            self.mms,
            self.fax,
            self.lrn,
            self.cnam,
            self.nibble,
            self.tf_adj,
            self.intl_max,
        )


class Account(Record, frozen=True):
    """accountGet.

    `cash`: the balance in dollars; `notify_threshold`: dollars; `ccs`: calls at once; `timezone`:
    IANA name.
    """

    username: Text
    cash: Decimal
    name: str = ""
    email: str = ""
    caller_id: str | None = None
    timezone: str = "UTC"
    notify: bool = False
    notify_threshold: Decimal = Decimal(0)
    ccs: int = 0
    enabled: bool = True
    auth_type: int | None = None
    created: Moment | None = None
    services: Services = Services()
    rates: Rates = Rates()

    def __post_init__(self) -> None:
        exact(self.cash, self.notify_threshold)


class Charge(Record, frozen=True):
    """One monthly charge, in dollars."""

    amount: Decimal = Decimal(0)
    description: str = ""

    def __post_init__(self) -> None:
        exact(self.amount)


class RecurringCharges(Record, frozen=True):
    """accountRecurringCharges: dollars a month."""

    charges: tuple[Charge, ...]
    total: Decimal

    def __post_init__(self) -> None:
        exact(self.total)


class Credit(Record, frozen=True):
    """One row of accountCredits, in dollars. `paid`: the customer has paid the invoice for it."""

    amount: Decimal
    date: Moment
    paid: bool = False

    def __post_init__(self) -> None:
        exact(self.amount)


class Credits(Record, frozen=True):
    """accountCredits, newest first."""

    credits: list[Credit]


class Payment(Record, frozen=True):
    """One row of accountPayments, in dollars.

    `status`: PayPal's word, such as Completed, Pending, Reversed.
    """

    amount: Decimal
    date: Moment
    status: str
    transaction_id: str | None = None
    payer_email: str | None = None

    def __post_init__(self) -> None:
        exact(self.amount)


class Payments(Record, frozen=True):
    """accountPayments, newest first."""

    payments: list[Payment]


class Registration(Record, frozen=True):
    """accountRegistration: the SIP device that is registered now."""

    uri: str = ""
    agent: str = ""


class Updated(Record, frozen=True):
    """accountPut: the names of the settings that were changed, as the provider calls them."""

    updated: tuple[str, ...] = ()


class Sent(Record, frozen=True):
    """An answer of words alone."""

    message: str = ""


class NewAccount(Record, frozen=True):
    """accountCreate, accountSubaccountCreate.

    The password comes here and never again: show it once, store it nowhere.
    """

    username: Text
    password: str
    name: str = ""
    email: str = ""
    master_account: Text | None = None

    def __repr__(self) -> str:
        # the password stays out of logs and reports
        return f"NewAccount(username={self.username!r})"


class Key(Record, frozen=True):
    """accountApiKey."""

    apikey: str

    def __repr__(self) -> str:
        return "Key()"


class Billed(Record, frozen=True):
    """A call record's `value` as it comes: texts."""

    ip: str = ""
    cn: str = ""
    cid: str = ""
    dst: str = ""
    dur: Decimal = Decimal(0)
    ba: Decimal = Decimal(0)
    nr: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        exact(self.dur, self.ba, self.nr)


class Call(Record, frozen=True):
    """One row of accountCdr.

    There is no direction in it: that follows from which side is a number of the account.
    """

    id: str
    key: tuple[str | int, int]
    value: Billed

    def __post_init__(self) -> None:
        if not 0 <= self.key[1] <= LATEST:
            raise ValueError("a call's start out of range")

    @property
    def account(self) -> str:
        return str(self.key[0])

    @property
    def started(self) -> datetime:
        return datetime.fromtimestamp(self.key[1], UTC)

    @property
    def seconds(self) -> Decimal:
        """Billed seconds."""
        return self.value.dur

    @property
    def cost(self) -> Decimal:
        """Billed dollars."""
        return self.value.ba

    @property
    def rate(self) -> Decimal:
        """Dollars a minute."""
        return self.value.nr

    @property
    def caller(self) -> str:
        return self.value.cid

    @property
    def called(self) -> str:
        return self.value.dst

    @property
    def caller_name(self) -> str:
        return unquote(self.value.cn)

    @property
    def ip(self) -> str:
        return self.value.ip


class Cdr(Record, frozen=True):
    """accountCdr: calls newest first, perhaps cut short.

    `start` and `end` are the provider's echo, in Unix seconds.
    """

    cdr: tuple[Call, ...]
    start: int | None = None
    end: int | None = None

    @property
    def calls(self) -> Sequence[Call]:
        return self.cdr

    @property
    def oldest(self) -> datetime | None:
        """When the oldest call given began: what lies before it is not covered, since long answers
        are cut. None without calls.
        """
        return min(self.cdr, key=lambda call: call.key[1]).started if self.cdr else None
