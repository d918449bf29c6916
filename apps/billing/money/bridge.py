"""From one balance to a later one: what moved it, as far as we know, and what nothing explains.

VoiceTel tells a balance, and no list of what was taken from it. So taxes, registry fees and use
elsewhere stand in a line of their own, which is never hidden.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from apps.accounts.models import Account
from apps.billing.calls import shown
from apps.billing.calls.period import midnight
from apps.billing.ledgers import GOOD
from apps.billing.models import Call, Charges, Credit, Payment, Reading
from apps.changes.models import Entry
from apps.changes.states import FINAL
from apps.things import find_thing
from apps.ui import format  # noqa: A004  the module, by the name it has everywhere

TWIN = timedelta(days=1)  # a credit so near to a payment of its amount is that payment
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """What moved the balance. amount: micro-dollars, below zero where it was taken. kind: reading,
    plus, minus or unknown.
    """

    label: str
    note: str
    amount: int
    kind: str
    href: str = ""

    @property
    def signed(self) -> str:
        """With its sign: "+$150.00"."""
        said = format.money(self.amount)
        return f"+{said}" if self.amount > 0 and self.kind != "reading" else said


@dataclass(frozen=True, slots=True)
class Bridge:
    """The first and the last reading of a time, and what lies between them."""

    first: Reading
    last: Reading
    lines: list[Line]
    unexplained: int

    @property
    def spent(self) -> int:
        """What was taken, micro-dollars."""
        return -sum(line.amount for line in self.lines if line.amount < 0)

    @property
    def rows(self) -> list[Line]:
        """All rows of the table, with the readings at both ends."""
        note = "Taxes, registry fees, or use that we don't see"
        return [
            Line("Balance before", "", self.first.balance, "reading"),
            *self.lines,
            Line("Not explained", note, self.unexplained, "unknown"),
            Line("Balance after", "", self.last.balance, "reading"),
        ]


def month_of(typed: str, zone: str, now: datetime) -> date | None:
    """The first day of a month from an address, "2026-11"; None for none, or one to come."""
    try:
        first = date.fromisoformat(f"{typed}-01") if len(typed) == 7 else None
    except ValueError:
        return None
    today = now.astimezone(format.zone(zone)).date()
    return first if first and first.year >= 2000 and first <= today else None


def next_month(first: date) -> date:
    return (first.replace(day=28) + 4 * DAY).replace(day=1)


def bridge_of(account: Account, month: date) -> Bridge | None:
    """The bridge of a calendar month in the account's zone: from the last reading before it, else
    its first, to its last. None without two readings.
    """
    zone = format.zone(account.zone)
    since = datetime.fromtimestamp(midnight(month, account.zone), zone)
    until = datetime.fromtimestamp(midnight(next_month(month), account.zone), zone)
    readings = Reading.objects.of(account).order_by("answered_at")
    within = readings.filter(answered_at__gte=since, answered_at__lt=until)
    first = readings.filter(answered_at__lt=since, answered_at__gte=since - DAY).last()
    first, last = first or within.first(), within.last()
    if first is None or last is None or first.pk == last.pk:
        return None
    lines = [line for line in _lines(account, first, last) if line.amount]
    moved = sum(line.amount for line in lines)
    return Bridge(first, last, lines, last.balance - first.balance - moved)


def _lines(account: Account, first: Reading, last: Reading) -> list[Line]:
    return [
        *_money_in(account, first, last),
        _calls(account, first, last),
        *_charged(account, first, last),
        _monthly(account, first, last),
    ]


def _money_in(account: Account, first: Reading, last: Reading) -> list[Line]:
    """Payments, and credits that are no payment's twin. Which of the two VoiceTel counts isn't
    documented.
    """
    since, until = first.answered_at, last.asked_at
    paid = [
        each
        for each in Payment.objects.of(account).filter(at__gt=since - TWIN, at__lte=until + TWIN)
        if each.status.casefold() in GOOD
    ]
    credits_ = Credit.objects.of(account).filter(at__gt=since, at__lte=until)
    left = list(paid)
    alone = []
    for credit in credits_:
        twin = next(
            (p for p in left if p.amount == credit.amount and abs(p.at - credit.at) <= TWIN), None
        )
        if twin:
            left.remove(twin)
        else:
            alone.append(credit)
    payments = [each for each in paid if since < each.at <= until]
    return [
        Line(
            "Payments",
            format.count(len(payments), "payment"),
            sum(each.amount for each in payments),
            "plus",
            "/billing/payments/",
        ),
        Line(
            "Credits",
            format.count(len(alone), "credit"),
            sum(each.amount for each in alone),
            "plus",
            "/billing/credits/",
        ),
    ]


def _calls(account: Account, first: Reading, last: Reading) -> Line:
    """Calls that ended between the two: VoiceTel bills a call at its end."""
    since, until = int(first.answered_at.timestamp()), int(last.asked_at.timestamp())
    longest = 26 * 3600  # no call is longer: the index narrows by when it began
    ended = Call.objects.of(account).filter(at__gt=since - longest, at__lte=until)
    told = ended.annotate(ended=F("at") + F("seconds")).filter(ended__gt=since, ended__lte=until)
    sums = told.aggregate(many=Count("pk"), cost=Sum("cost"), seconds=Sum("seconds"))
    note = f"{format.count(sums['many'], 'call')}, {shown.duration(sums['seconds'] or 0)}"
    return Line("Calls", note, -(sums["cost"] or 0), "minus", "/billing/calls/")


def _charged(account: Account, first: Reading, last: Reading) -> list[Line]:
    """What changes made here were charged, by what they were done to."""
    made = Entry.objects.of(account).filter(
        Q(price__gt=0) | Q(charged__gt=0),
        state__in=list(FINAL),
        tried_at__gt=first.asked_at,
        tried_at__lte=last.asked_at,
    )
    sums = made.values("thing").annotate(
        many=Count("pk"), cost=Sum(Coalesce(F("charged"), F("price")))
    )
    return [
        Line(
            f"{find_thing(each['thing']).label} charges",
            format.count(each["many"], "change"),
            -(each["cost"] or 0),
            "minus",
            "/settings/audit/",
        )
        for each in sums.order_by("thing")
    ]


def _monthly(account: Account, first: Reading, last: Reading) -> Line:
    """Monthly charges, which VoiceTel takes on the first of a month, as its list has them now."""
    zone = format.zone(account.zone)
    since, until = (each.astimezone(zone).date() for each in (first.answered_at, last.asked_at))
    months = (until.year - since.year) * 12 + until.month - since.month
    total = Charges.objects.of(account).values_list("total", flat=True).first() or 0
    return Line(
        "Monthly charges", format.count(months, "month"), -months * total, "minus", "/billing/"
    )
