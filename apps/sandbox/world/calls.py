"""Call records: made from the seed, and going on by the clock, with some that appear late."""

import hashlib
import random
from collections.abc import Iterable, Iterator

from apps.sandbox.database import insert, writing
from apps.sandbox.models import Call, Number, World
from apps.sandbox.people import RATES

DAYS = 90
LATE = 20  # one call in so many appears up to two hours after it ended
AREAS = (201, 212, 312, 415, 503, 617, 720, 808)
NAMES = (
    "WIRELESS%20CALLER",
    "ACME%20SUPPLY",
    "TOLL%20FREE%20CALL",
    "SMITH%20J",
    "RIVER%20CAFE",
    "UNAVAILABLE",
    "CITY%20OF%20NEWARK",
)
EVERY = 7200.0  # seconds between the calls that go on arriving, for each account that has numbers


COLUMNS = ("id", "account", "at", "cid", "dst", "dur", "cost", "rate", "ip", "cn", "shown_at")


def make(
    account: str, numbers: list[str], times: Iterable[int], seed: str, rate: int
) -> Iterator[tuple[str | int, ...]]:
    """One record for each time: half come in, half go out; durations and callers follow from the
    seed.
    """
    chance = random.Random(seed)  # noqa: S311 (a repeatable world, not secrecy)
    pick = chance.random
    for position, at in enumerate(times):
        own = numbers[int(pick() * len(numbers))]
        far = (
            f"{AREAS[int(pick() * len(AREAS))]}{220 + int(pick() * 770)}{int(pick() * 10_000):04d}"
        )
        cid, dst = (far, own) if pick() < 0.5 else (own, far)
        dur = 6 * round(chance.expovariate(1 / 18) + 1)
        late = 60 + int(pick() * 7140) if position % LATE == LATE - 1 else 0
        row_id = hashlib.blake2b(f"{seed} {position} {at}".encode(), digest_size=16).hexdigest()
        ip, cn = f"104.225.13.{2 + int(pick() * 250)}", NAMES[int(pick() * len(NAMES))]
        yield row_id, account, at, cid, dst, dur, dur * rate // 60, rate, ip, cn, at + dur + late


def play_until(at: float) -> None:
    """Let the calls go on up to this moment.

    Nothing to do unless EVERY seconds have passed since.
    """
    rung_until = World.objects.values_list("rung_until", flat=True).get()
    if at - rung_until < EVERY:
        return
    with writing():
        world = World.objects.get()
        since = max(world.rung_until, at - DAYS * 86_400)
        times = [int(since + EVERY * step) for step in range(1, int((at - since) / EVERY) + 1)]
        if not times:
            return
        for account in (
            Number.objects.order_by("account").values_list("account", flat=True).distinct()
        ):
            numbers = list(
                Number.objects.filter(account=account)
                .order_by("number")
                .values_list("number", flat=True)[:500]
            )
            insert(
                Call,
                COLUMNS,
                make(
                    account, numbers, times, f"{world.seed} {account} {times[0]}", RATES["nibble"]
                ),
            )
        world.rung_until = times[-1]
        world.save(update_fields=["rung_until"])
