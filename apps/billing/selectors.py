"""What the page of bills shows."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from apps.accounts import profiles
from apps.accounts.models import Account, Profile
from apps.billing.models import Charges
from apps.billing.money.bridge import Bridge, bridge_of
from apps.billing.services import KIND, OPERATION
from apps.changes.kit.balance import balance_about
from apps.money import MICRO
from apps.ui.collected import Figure
from apps.ui.format import clock as clock_of
from apps.ui.format import money, rate
from apps.ui.format import zone as zone_of
from apps.ui.http import LATER, SOON
from apps.voicetel import clock
from apps.voicetel.hour import line

MINUTE = 60
RATES = {
    "did": ("Phone number", "a month"),
    "nibble": ("Calls", "a minute"),
    "tfAdj": ("Inbound toll-free calls, added", "a minute"),
    "intlMax": ("International calls, at most", "a minute"),
    "sms": ("Text message (SMS)", "a part"),
    "mms": ("Picture message (MMS)", "each"),
    "fax": ("Fax to email", "a month"),
    "cnam": ("Caller ID name lookup", "each"),
    "lrn": ("Carrier lookup (LRN)", "each"),
}
SERVICES = {
    "sms": "Text messages",
    "mms": "Picture messages",
    "e911": "911",
    "intl": "International calls",
    "cnam": "Caller ID name lookups",
    "rcid": "Remote caller ID",
    "dialer": "Dialer traffic",
    "bypassMedia": "Media bypass",
}


def find_figure(account: Account) -> Figure | None:
    """The monthly charges as a figure of Home; None until VoiceTel told them. One query."""
    copy = Charges.objects.of(account).first()
    if copy is None or copy.read_at is None:
        return None
    return Figure(
        "Monthly charges", money(copy.total), "", "/billing/#billing-charges", copy.read_at
    )


@dataclass(frozen=True, slots=True)
class Charge:
    """A monthly charge. quantity and price: where VoiceTel's words name both and they make up the
    amount; else its words alone. href: the numbers that it is for.
    """

    what: str
    amount: int
    quantity: int | None = None
    price: int | None = None
    href: str = ""


# "Telephone numbers (24 at 0.5)"
COUNTED = re.compile(
    r"(?P<what>.*\S) \((?P<many>\d{1,7}) (?:at|x|@) \$?(?P<each>\d+(?:\.\d{1,6})?)\)"
)
PAGES = (("fax", "/numbers/?fax=1"), ("number", "/numbers/"))


def charge_of(said: str, amount: int) -> Charge:
    """A charge from VoiceTel's words and amount (micro-dollars)."""
    found = COUNTED.fullmatch(said)
    if found is None:
        return Charge(said, amount)
    many, each = int(found["many"]), int(Decimal(found["each"]) * MICRO)
    if many * each != amount:
        return Charge(said, amount)
    what = found["what"]
    href = next((page for word, page in PAGES if word in what.lower()), "")
    return Charge(what, amount, many, each, href)


def account_page(account: Account, copy: Charges) -> dict[str, Any]:
    """What the page shows besides the charges: {"figures": [Figure], "bridge": of this month, None
    without two readings, "rates": [(name, rate in words)], "services": names of those that are on}.
    """
    month = clock.about_now().astimezone(zone_of(account.zone)).date().replace(day=1)
    profile: Profile | None = getattr(account, "profile", None)
    if profile is None or profile.read_at is None:
        profile = Profile()
    return {
        "figures": list_figures(account, copy, bridge := bridge_of(account, month)),
        "bridge": bridge,
        "month": f"{month:%B}",
        "rates": list_rates(profile.rates),
        "services": [words for name, words in SERVICES.items() if profile.services.get(name)],
        "low": profile.balance is not None and profile.balance < 0,
    }


def list_rates(rates: dict[str, int]) -> list[tuple[str, str]]:
    """The account's rates in words, in the order of their list."""
    return [
        (words, f"{rate(rates[name])} {unit}".strip())
        for name, (words, unit) in RATES.items()
        if rates.get(name) is not None
    ]


def _about(account: Account) -> Figure:
    """The balance about now: VoiceTel's last reading, less what was charged here since."""
    found = balance_about(account)
    if found is None or found.exact:
        return balance_figure(account)
    since = found.charged + found.under_way
    read = f"{money(found.read)} at {clock_of(found.read_at, account.zone)}"
    note = f"{read}, less {money(since)} charged here since"
    return Figure("Balance, about", money(found.about), note, "/billing/")


def list_figures(account: Account, copy: Charges, bridge: Bridge | None) -> list[Figure]:
    """The strip of the page: the balance, the monthly charges once VoiceTel told them, and what was
    spent this month once two balances were read.
    """
    found = [_about(account)]
    if copy.read_at is not None:
        charges = [charge_of(what, amount) for what, amount in copy.rows]
        note = " · ".join(
            f"{each.quantity:,} {each.what.lower()}" for each in charges if each.quantity
        )
        total = money(copy.total)
        found.append(Figure("Monthly charges", total, note, "#billing-charges", copy.read_at))
    if bridge:
        spent = bridge.spent - min(bridge.unexplained, 0)
        calls = next((-line.amount for line in bridge.lines if line.label == "Calls"), 0)
        note = f"{money(calls)} of it for calls" if calls else ""
        found.append(Figure("This month so far", money(spent), note, "/billing/statement/"))
    return found


def balance_figure(account: Account) -> Figure:
    """The balance as VoiceTel told it last; before the first time, when it will be there."""
    profile = getattr(account, "profile", None)
    if profile and profile.balance is not None:
        return Figure("Balance", money(profile.balance), "", "/billing/", profile.read_at)
    if not account.connected:
        return Figure("Balance", "–", "Loads once the account is reconnected", "/billing/")
    place = line.place(profiles.OPERATION, profiles.KIND, account.pk)
    ready = f"Ready about {clock_of(place.about_at, account.zone)}" if place else "Loading"
    return Figure("Balance", "–", ready, "/billing/")


def charges_panel(account: Account, copy: Charges) -> dict[str, Any]:
    """Context of billing/_charges.html: the copy, and its place in line while a newer one is waited
    for.
    """
    place = line.place(OPERATION, KIND, account.pk) if account.connected else None
    soon = place is not None and (place.about_at - clock.about_now()).total_seconds() < MINUTE
    return {
        "copy": copy,
        "charges": [charge_of(what, amount) for what, amount in copy.rows],
        "place": place,
        "soon": soon,
        "every": SOON if soon else LATER,
        "other": copy.total is not None and copy.total != sum(amount for _, amount in copy.rows),
    }
