"""The lists of VoiceTel's that billing keeps a copy of: payments and credits.

Neither has an id that is promised, so both are compared as multisets: two rows that say the same
are two rows.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from apps.accounts.models import Account
from apps.billing.models import Credit, Payment
from apps.copies import source
from apps.copies.models import Copy
from apps.copies.source import Source, register
from apps.money import micro
from apps.voicetel.client import Client

Told = list[tuple[Any, ...]]  # a row's values in the order of its model's FIELDS
FIELDS: dict[type[Payment | Credit], tuple[str, ...]] = {
    Payment: ("at", "amount", "status", "transaction"),
    Credit: ("at", "amount", "paid"),
}
# VoiceTel's document calls accountPayments free, its own examples call it limited: asked seldom.
EVERY, STALE = timedelta(days=1), timedelta(hours=1)


class Difference(source.Difference):
    """What differs between their rows and ours."""

    model: type[Payment | Credit]

    def __init__(self, account: Account, told: Told) -> None:
        self.account = account
        left = Counter(told)
        self.gone = []
        ours = self.model.objects.of(account).values_list("pk", *FIELDS[self.model])
        self.held = len(ours)
        for pk, *values in ours:
            row = tuple(values)
            if left[row] > 0:
                left[row] -= 1
            else:
                self.gone.append(pk)
        self.new: Iterable[tuple[Any, ...]] = list(left.elements())

    @property
    def any(self) -> bool:
        return bool(self.gone or self.new)

    @property
    def suspect(self) -> bool:
        """A payment that changes its status goes and comes, so only a whole loss is doubted."""
        return bool(self.gone) and not self.new and len(self.gone) == self.held

    def write(self, copy: Copy) -> None:
        self.model.objects.of(self.account).filter(pk__in=self.gone).delete()
        names = FIELDS[self.model]
        rows: list[Any] = [
            self.model(account=self.account, **dict(zip(names, row, strict=True)))
            for row in self.new
        ]
        self.model.objects.of(self.account).bulk_create(rows)


class Payments(Difference):
    model = Payment


class Credits(Difference):
    model = Credit


def ask_payments(client: Client) -> Told:
    """What `accountPayments` tells; the payer's address isn't kept."""
    return [
        (each.date, micro(each.amount), each.status[:40], (each.transaction_id or "")[:80])
        for each in client.account.payments()
    ]


def ask_credits(client: Client) -> Told:
    """What `accountCredits` tells."""
    return [(each.date, micro(each.amount), each.paid) for each in client.account.credits()]


payments = register(
    Source("payments", "payment", ask_payments, Payments, EVERY, STALE, "/billing/payments/")
)
credits = register(  # noqa: A001  the list's own name
    Source("credits", "credit", ask_credits, Credits, EVERY, STALE, "/billing/credits/")
)
