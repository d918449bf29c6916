"""What a change costs and what is left after it: prices from the account's copied rates, and the
balance as far as it is known between two readings.

Whatever shows a price or a button that charges takes its figures from here, so that no two pages
disagree.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from apps.accounts.models import Account, Profile
from apps.changes.models import Entry
from apps.changes.states import DEADLINE, FINAL, HELD_BY_SENDER, LOOKS, OPEN, State


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

    One query; account.profile should be loaded. A charge that VoiceTel made before the reading was
    asked for is in the reading; one that can have been made later is taken off it.
    """
    profile: Profile | None = getattr(account, "profile", None)
    if profile is None or profile.balance is None or profile.read_at is None:
        return None
    asked = profile.asked_at or profile.read_at
    # no send of ours goes on for longer than that, so what it did is in the reading
    later = Q(tried_at__gt=asked - DEADLINE)
    done = Q(state__in=list(FINAL), settled_at__gt=asked) & later
    unsent = Q(state__in=list(OPEN), sent_at=None)
    in_doubt = [*HELD_BY_SENDER, State.ASK, State.CLOSED]
    unknown = Q(state__in=in_doubt, sent_at__isnull=False, absent__lt=LOOKS) & later
    costs = Entry.objects.of(account).filter(Q(price__gt=0) | Q(charged__gt=0))
    sums = costs.filter(done | unsent | unknown).aggregate(
        charged=Sum(Coalesce(F("charged"), F("price")), filter=done),
        under_way=Sum("price", filter=unsent | unknown),
    )
    return Balance(profile.balance, profile.read_at, sums["charged"] or 0, sums["under_way"] or 0)


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
    """What a press of that price (micro-dollars) means for the account. One query."""
    return Cost(price, balance_about(account))
