"""What has happened before the world begins: calls."""

import random

from apps.sandbox import calls
from apps.sandbox.database import insert
from apps.sandbox.models import Acl, Call, Credit, Number, Payment
from apps.sandbox.people import HARBOR, NORTHWIND, QUIET, RATES

HARBOR_CALLS = 40
DAY = 86_400.0


def books(at: float) -> None:
    """A payment and its credit every month; the newest credit of the big company is still unpaid."""
    for person, amount in ((HARBOR, 100_000_000), (NORTHWIND, 1_500_000_000)):
        for month in range(6):
            when = at - (month * 30 + 3) * DAY
            Payment.objects.create(
                account=person.username, at=when, amount=amount, transaction=f"2N0459{person.username[-4:]}R14{month:03d}E"
            )
            Credit.objects.create(account=person.username, at=when, amount=amount, paid=not (person is NORTHWIND and month == 0))
    Credit.objects.create(account=QUIET.username, at=at - 20 * DAY, amount=1_000_000, paid=True)
    Acl.objects.create(account=HARBOR.username, cidr="203.0.113.10/32")
    Acl.objects.create(account=NORTHWIND.username, cidr="198.51.100.0/24")


def seed(seed: int, calls_of_northwind: int, at: float) -> None:
    books(at)
    for person, count in ((HARBOR, min(HARBOR_CALLS, max(calls_of_northwind, 1))), (NORTHWIND, calls_of_northwind)):
        numbers = list(Number.objects.filter(account=person.username).order_by("number").values_list("number", flat=True))
        if not numbers:
            continue
        chance = random.Random(f"{seed} {person.username}")  # noqa: S311 (a repeatable world, not secrecy)
        times = sorted(int(at - chance.random() * calls.DAYS * 86_400) for _ in range(count))
        insert(Call, calls.COLUMNS, calls.make(person.username, numbers, times, f"{seed} {person.username}", RATES["nibble"]))
