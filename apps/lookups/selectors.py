"""What the page of look-ups shows: what one costs, the answers, what asks, the history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest

from apps import phones
from apps.accounts.models import Account, Membership, Profile
from apps.changes.kit.balance import Balance, balance_about
from apps.changes.models import Entry
from apps.changes.selectors import entry_panel, name_tells, short_name
from apps.changes.states import OPEN, State
from apps.lookups import services
from apps.lookups.models import Lookup
from apps.lookups.thing import LOOKUP
from apps.ui.format import day, money, phone, rate
from apps.ui.lists.page import Listing, list_page, list_rows
from apps.ui.lists.spec import Choice, Column, Filter, ListSpec
from apps.ui.lists.state import ListState
from apps.voicetel import clock

PART = "lookups-history"
STRIPS = 5  # changes above the history that ask or move
# VoiceTel's names of what it tells of a carrier, in the words and order of the card
FACTS = (
    ("lec_type", "Type"),
    ("city", "City"),
    ("state", "State"),
    ("rc", "Rate center"),
    ("lata", "LATA"),
    ("lrn", "Routing number (LRN)"),
    ("ocn", "Carrier code (OCN)"),
    ("jurisdiction", "From your number"),
    ("local", "Local call"),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """One kind of look-up as the page offers it. price: micro-dollars. hinders: why it can't be
    had, in a sentence; warns: what may hinder it.
    """

    kind: str
    label: str
    price: int | None
    hinders: str = ""
    warns: str = ""

    @property
    def button(self) -> str:
        return f"Look up {self.label.lower()} for {rate(self.price)}"

    @property
    def again(self) -> str:
        return f"Look up again for {rate(self.price)}"


def offers(account: Account, balance: Balance | None) -> list[Offer]:
    """Both kinds, with the balance about as it is. One query."""
    profile = Profile.objects.filter(account=account).first()
    return [_offer(account, profile, kind, balance) for kind in Lookup.Kind]


def offer_of(account: Account, kind: str) -> Offer:
    """One of them. One query."""
    return _offer(account, Profile.objects.filter(account=account).first(), Lookup.Kind(kind))


def _offer(
    account: Account, profile: Profile | None, kind: Lookup.Kind, balance: Balance | None = None
) -> Offer:
    price = profile.rates.get(services.RATE[kind]) if profile else None
    label = str(kind.label)
    if not account.connected:
        return Offer(kind, label, price, "Lookups need the account's VoiceTel connection.")
    if profile is None or price is None:
        return Offer(
            kind, label, None, "VoiceTel hasn't told us the price yet. It comes with your balance."
        )
    if kind == Lookup.Kind.NAME and profile.services.get("cnam") is False:
        return Offer(
            kind,
            label,
            price,
            "Caller name lookup is off for this account. Ask VoiceTel to turn it on.",
        )
    if balance is not None and balance.about < price:
        warns = (
            f"Your balance, about {money(balance.about)}, seems too low for it. VoiceTel may"
            " decline it; nothing is charged if it does."
        )
        return Offer(kind, label, price, warns=warns)
    return Offer(kind, label, price)


def most_of(account: Account, kind: str, many: int) -> str:
    """What so many look-ups cost at most, in words: "$2.40 at most, at $0.006 each"."""
    price = offer_of(account, kind).price or 0
    balance = balance_about(account)
    said = f"{money(price * many)} at most, at {rate(price)} each"
    if balance is not None and balance.about < price * many:
        said += f"; your balance, about {money(balance.about)}, seems too low for all of them"
    return said


@dataclass(frozen=True, slots=True)
class Card:
    """An answer, in full. free_until: the day until which it is used again, "" once that's over."""

    kind: str
    label: str
    said: str
    facts: list[tuple[str, str]]
    paid: str
    at: datetime
    free_until: str
    ani: str


def cards(account: Account, number: str) -> list[Card]:
    """The newest answer of each kind about a number. Two queries, and one for the days."""
    days = services.days_kept(account)
    found: dict[str, Lookup] = {}
    for each in Lookup.objects.of(account).filter(number=number).order_by("-id")[:50]:
        found.setdefault(each.kind, each)
    return [_card(found[kind], account.zone, days) for kind in Lookup.Kind if kind in found]


def _card(row: Lookup, zone: str, days: int) -> Card:
    facts = [(label, str(row.answer[name])) for name, label in FACTS if row.answer.get(name)]
    return Card(
        row.kind,
        str(Lookup.Kind(row.kind).label),
        row.said,
        [(label, _fact(label, value)) for label, value in facts],
        rate(row.price),
        row.asked_at,
        free_until(row, zone, days),
        row.ani,
    )


def _fact(label: str, value: str) -> str:
    if label == "Local call":
        return {"Y": "Yes", "N": "No"}.get(value, value)
    if label == "From your number":
        return {"INTRASTATE": "In-state", "INTERSTATE": "Out-of-state"}.get(value, value)
    if label.startswith("Routing"):
        return phone(value[1:] if len(value) == 11 and value[0] == "1" else value)
    return value


def free_until(row: Lookup, zone: str, days: int) -> str:
    """Dec 30, 2026; "" where it is asked for money again."""
    until = row.asked_at + timedelta(days=days)
    return day(until, zone) if until > clock.about_now() else ""


def strips(account: Account, membership: Membership, wanted: int) -> list[dict[str, Any]]:
    """What the page shows of changes: the one that it was led to, then what asks or moves."""
    mine = Entry.objects.of(account).filter(thing=LOOKUP.name).select_related("account", "follows")
    shows = Q(state__in=[*OPEN, State.ASK, State.ABSENT]) | Q(pk=wanted)
    found = sorted(mine.filter(shows).order_by("-pk")[:STRIPS], key=lambda e: e.pk != wanted)
    return [entry_panel(each, membership) for each in found]


@dataclass(frozen=True, slots=True)
class Row:
    """An answer of the history, ready to be shown."""

    at: datetime
    number: str
    what: str
    said: str
    who: str
    price: str
    free_until: str

    @property
    def phone(self) -> str:
        return phone(self.number)


KIND = Filter("kind", "What", tuple(Choice(each.value, str(each.label)) for each in Lookup.Kind))
SPEC: ListSpec[Row] = ListSpec(
    (
        Column("at", "Asked", "at", order=("asked_at", "id"), text=lambda row: row.at),
        Column("number", "Number", "number", order=("number", "id"), text=lambda row: row.phone),
        Column("what", "What", text=lambda row: row.what),
        Column("said", "Answer", text=lambda row: row.said),
        Column("who", "By", narrow=False, roomy=True, text=lambda row: row.who),
        Column("price", "Price", right=True, text=lambda row: row.price),
        Column("free", "Free until", narrow=False, right=True, text=lambda row: row.free_until),
    ),
    "-at",
    (KIND,),
    searchable="Number or answer",
)


def narrow(found: QuerySet[Lookup], state: ListState) -> QuerySet[Lookup]:
    """What passes the search and the filters of the URL."""
    if kind := state.filters.get("kind"):
        found = found.filter(kind=kind)
    if state.q:
        said = Q(said__icontains=state.q)
        if digits := phones.sought(state.q)[0]:
            said |= Q(number__contains=digits)
        found = found.filter(said)
    return found


def _found(account: Account) -> QuerySet[Lookup]:
    rows = Lookup.objects.of(account).select_related("entry")
    return rows.annotate(name_tells=name_tells("entry__by", "entry__by_name"))


def history(request: HttpRequest, account: Account) -> Listing[Row]:
    """The page of answers that the URL asks for. Three queries."""
    shown = _shows(account)
    return list_page(request, SPEC, _found(account), narrow=narrow, row=shown, noun="lookup")


def all_rows(request: HttpRequest, account: Account) -> Iterator[Row]:
    """Every answer that the URL asks for, for an export."""
    return list_rows(request, SPEC, _found(account), narrow=narrow, row=_shows(account))


def _shows(account: Account) -> Any:
    days, zone = services.days_kept(account), account.zone

    def row(each: Lookup) -> Row:
        entry = each.entry
        if entry is not None:
            entry.name_tells = getattr(each, "name_tells", False)  # type: ignore[attr-defined]
        return Row(
            each.asked_at,
            each.number,
            str(Lookup.Kind(each.kind).label),
            each.said,
            short_name(entry) if entry else "",
            rate(each.price),
            free_until(each, zone, days),
        )

    return row


def spent(account: Account) -> str:
    """What answers of the last 30 days cost: $4.31. One query."""
    since = clock.about_now() - timedelta(days=30)
    total = Lookup.objects.of(account).filter(asked_at__gt=since).aggregate(sum=Sum("price"))
    return money(total["sum"] or 0)
