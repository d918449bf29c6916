"""What has happened before the world begins: calls."""

import random

from apps.sandbox import calls
from apps.sandbox.database import insert
from apps.sandbox.models import Call, Number
from apps.sandbox.people import HARBOR, NORTHWIND, RATES

HARBOR_CALLS = 40


def seed(seed: int, calls_of_northwind: int, at: float) -> None:
    for person, count in ((HARBOR, min(HARBOR_CALLS, max(calls_of_northwind, 1))), (NORTHWIND, calls_of_northwind)):
        numbers = list(Number.objects.filter(account=person.username).order_by("number").values_list("number", flat=True))
        if not numbers:
            continue
        chance = random.Random(f"{seed} {person.username}")  # noqa: S311 (a repeatable world, not secrecy)
        times = sorted(int(at - chance.random() * calls.DAYS * 86_400) for _ in range(count))
        insert(Call, calls.COLUMNS, calls.make(person.username, numbers, times, f"{seed} {person.username}", RATES["nibble"]))
