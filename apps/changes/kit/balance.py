"""What a change costs and what is left after it: prices from the account's copied rates, and the
balance as far as it is known between two readings.

Whatever shows a price or a button that charges takes its figures from here, so that no two pages
disagree.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.accounts.models import Account, Profile
from apps.changes.engine import spending


def rate_of(account: Account, name: str) -> int | None:
    """Micro-dollars of one of VoiceTel's rates (did, sms, mms, fax, lrn, cnam, nibble, tfAdj,
    intlMax) as `accountGet` told it last; None where it has not said.
    """
    profile: Profile | None = getattr(account, "profile", None)
    rate = profile.rates.get(name) if profile else None
    return rate if isinstance(rate, int) and rate >= 0 else None


@dataclass(frozen=True, slots=True)
class Balance:
    """The balance, about: VoiceTel's last reading less what was charged here since, and less what
    is under way. Micro-dollars; may be below zero. Calls, fees and payments since are not in it.
    """

    read: int
    read_at: datetime
    charged: int  # by changes made here after that reading was asked for
    under_way: int  # by changes that may be charged yet, or may have been

    @property
    def about(self) -> int:
        return self.read - self.charged - self.under_way

    @property
    def exact(self) -> bool:
        """Whether it is VoiceTel's own figure."""
        return not (self.charged or self.under_way)


def balance_about(account: Account) -> Balance | None:
    """The account's balance as far as it is known now; None until VoiceTel told it once.

    Two queries; account.profile should be loaded.
    """
    profile: Profile | None = getattr(account, "profile", None)
    if profile is None or profile.balance is None or profile.read_at is None:
        return None
    charged, under_way = spending.since(profile)
    return Balance(profile.balance, profile.read_at, charged, under_way)


def in_header(balance: Balance | None) -> dict[str, Any]:
    """Context that puts this very figure into the header of a page that charges, so that the page
    says one balance. Empty while there is none.
    """
    return {} if balance is None else {"balance": balance.about, "balance_at": balance.read_at}


@dataclass(frozen=True, slots=True)
class Cost:
    """What a press charges, and the balance around it: the context of changes/_cost.html.

    price: micro-dollars. balance: None while VoiceTel has not told it.
    """

    price: int
    balance: Balance | None

    @property
    def after(self) -> int | None:
        """The balance after it, about."""
        return None if self.balance is None else self.balance.about - self.price

    @property
    def low(self) -> bool:
        """Whether the balance seems not to cover it. It is said and locks nothing: VoiceTel may
        bill another account than this one, and decides.
        """
        return self.after is not None and self.after < 0


def cost_of(account: Account, price: int) -> Cost:
    """What a press of that price (micro-dollars) means for the account. Two queries."""
    return Cost(price, balance_about(account))
