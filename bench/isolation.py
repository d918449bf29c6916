"""isolation.*: what one customer's trouble costs a second one, in processes, on both databases.

`.breaker`: calls of the second that were put off or not done while the provider cannot serve the
first, or refuses it; `.limited`: while the provider lets the first wait. Goal: 0. `.seconds`: what
those calls took together. PostgreSQL where BENCH_POSTGRES answers, else its lines are left out.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bench.changes import POSTGRES
from tests.faults.stand import NORTHWIND, Stand, until

FIRST, SECOND = NORTHWIND, "1000000001"
PHASE = 15.0  # seconds of each kind of trouble
APART = 0.5  # seconds between the second customer's changes
LONGEST = 90.0  # seconds until the last of them is settled
EVERY: dict[str, Any] = {"times": None, "account": FIRST}

# (operation, kind of fault, its options), one after the other
BROKEN: list[tuple[str, str, dict[str, Any]]] = [
    ("*", "status", {"status": 502}),
    ("*", "drop_before", {}),
    ("*", "html", {}),
    ("*", "status", {"status": 403}),
]
LIMITED: list[tuple[str, str, dict[str, Any]]] = [
    ("numbersForwardSet", "rate_limit", {"seconds": 20}),
    ("*", "rate_limit", {"seconds": 20}),
    ("*", "rate_limit", {"retry_after": None}),
    ("*", "rate_limit", {"seconds": 3600}),
]


class TwoCustomers(Stand):
    """The stand of the fault tests, whose driver knows two customers."""

    def begin_driver(self) -> None:
        self.start(
            "driver", "-m", "bench._isolation", stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )


def on_both(
    name: str, measure: Callable[[str, str], Iterable[dict[str, Any]]]
) -> Iterable[dict[str, Any]]:
    """The lines of measure(name, database URL) on SQLite, then on PostgreSQL."""
    import psycopg

    yield from measure(name, "")
    try:
        psycopg.connect(POSTGRES.rpartition("/")[0] + "/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        print(f"{name}.postgres: no server answers at BENCH_POSTGRES", file=sys.stderr)
        return
    yield from measure(f"{name}.postgres", POSTGRES)


def lost_beside(
    name: str, database: str, troubles: list[tuple[str, str, dict[str, Any]]]
) -> Iterable[dict[str, Any]]:
    """The second customer's changes, alone and beside each trouble of the first."""
    home = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        with TwoCustomers(home, numbers=100, speed=1, database=database) as stand:
            stand.worker()
            stand.ask("sweep", on=True)
            numbers = stand.ask("numbers_of", number=SECOND)
            alone = press_for(stand, numbers, PHASE)
            beside: list[list[Any]] = []
            for operation, kind, options in troubles:
                stand.provider.fault(operation, kind, **EVERY, **options)
                stand.ask("trouble", number=FIRST, on=True)
                beside += press_for(stand, numbers, PHASE)
                stand.ask("trouble", number=FIRST, on=False)
                stand.provider.clear_faults()
    finally:
        shutil.rmtree(home, ignore_errors=True)
    lost = [seconds for state, tries, seconds in beside if state != "done" or tries != 1]
    alone_took, beside_took = (
        statistics.quantiles([each[2] or LONGEST for each in found], n=20)[18]
        for found in (alone, beside)
    )
    print(
        f"{name}: {len(beside)} changes; p95 {beside_took:.3f} s, alone {alone_took:.3f} s",
        file=sys.stderr,
    )
    seconds = sum(LONGEST if each is None else each for each in lost)
    for suffix, value, unit in (("", len(lost), "calls"), (".seconds", round(seconds, 1), "s")):
        yield {
            "name": name + suffix,
            "value": value,
            "unit": unit,
            "against": len(beside),
            "ratio": round(value / len(beside), 3) if not suffix else None,
        }


def press_for(stand: Stand, numbers: list[str], seconds: float) -> list[list[Any]]:
    """The second customer's changes for so long: (state, tries, seconds until settled) of each."""
    pressed: list[int] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        each = len(pressed)
        to = f"201555{int(time.time() * 10) % 10_000:04}"
        subject = numbers[each % len(numbers)]
        pressed.append(stand.ask("press_as", number=SECOND, subject=subject, to=to)["pk"])
        time.sleep(APART)

    def settled() -> list[list[Any]] | None:
        found = list(stand.ask("ends", pks=pressed).values())
        return found if all(taken is not None for *_, taken in found) else None

    try:
        found: list[list[Any]] = until(settled, LONGEST, "the second customer's are settled")
    except AssertionError:
        found = list(stand.ask("ends", pks=pressed).values())
    return found


def breaker() -> Iterable[dict[str, Any]]:
    yield from on_both("isolation.breaker", lambda name, url: lost_beside(name, url, BROKEN))


def limited() -> Iterable[dict[str, Any]]:
    yield from on_both("isolation.limited", lambda name, url: lost_beside(name, url, LIMITED))


BENCHES: dict[str, Callable[[], Iterable[dict[str, Any]]]] = {
    "isolation.breaker": breaker,
    "isolation.limited": limited,
}
