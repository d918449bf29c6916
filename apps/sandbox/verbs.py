"""What a test or an operator may ask of the sandbox itself; control.py and /_sandbox/ are two doors
to these.
"""

import os
from typing import Any

from django.db.models import Count

from apps.sandbox import clock, faults, seed
from apps.sandbox.database import writing
from apps.sandbox.models import Account, Arrival, Charge, World
from apps.sandbox.world import porting

MOST_NUMBERS, MOST_CALLS = 1_000_000, 5_000_000


def reset(number: int = 1, numbers: int | None = None, calls: int | None = None) -> None:
    """Begin anew with seed `number`; sizes of the big company come from the environment when not
    said. Raises ValueError.
    """
    numbers = int(os.environ.get("SANDBOX_NUMBERS") or 2000) if numbers is None else numbers
    calls = int(os.environ.get("SANDBOX_CALLS") or 20_000) if calls is None else calls
    if not 0 <= numbers <= MOST_NUMBERS or not 0 <= calls <= MOST_CALLS:
        raise ValueError(f"numbers may be 0 to {MOST_NUMBERS}, calls 0 to {MOST_CALLS}")
    seed.seed(number, numbers, calls)


def check_environment() -> str:
    """What is wrong with the sandbox's environment, in one line; empty when nothing is."""
    for name, most in (("SANDBOX_NUMBERS", MOST_NUMBERS), ("SANDBOX_CALLS", MOST_CALLS)):
        raw = os.environ.get(name, "")
        if raw and not (raw.isascii() and raw.isdigit() and int(raw) <= most):
            return f"{name} must be a whole number up to {most}, not {raw!r}"
    if os.environ.get("SANDBOX_POOLS", "one") not in {"one", "four"}:
        return "SANDBOX_POOLS must be one or four"
    try:
        good = 0.001 <= float(os.environ.get("SANDBOX_SPEED") or 1) <= 1_000_000
    except ValueError:
        good = False
    return "" if good else "SANDBOX_SPEED must be a number from 0.001 to 1000000"


def seed_when_empty() -> bool:
    """Seed a new database; True when it was one."""
    if World.objects.exists():
        return False
    reset()
    return True


def requests(operation: str | None = None) -> dict[str, Any]:
    """The log, oldest first, refused requests included. status 0: cut without an answer."""
    log = (
        Arrival.objects.all() if operation is None else Arrival.objects.filter(operation=operation)
    )
    counts = log.values("operation").annotate(n=Count("pk")).order_by("operation")
    rows = log.order_by("at", "pk").values(
        "operation", "account", "status", "at", "idempotency_key", "peer"
    )
    return {
        "counts": {row["operation"]: row["n"] for row in counts},
        "requests": [
            {**row, "at": clock.exact(row["at"]), "idempotency_key": row["idempotency_key"] or None}
            for row in rows
        ],
    }


def charges(account: str) -> dict[str, Any]:
    """What was taken from an account, oldest first, and what is left: exact strings.

    Raises LookupError.
    """
    cash = Account.objects.filter(pk=account).values_list("cash", flat=True).first()
    if cash is None:
        raise LookupError(f"no account {account!r}")
    rows = Charge.objects.filter(account=account).order_by("pk")
    return {
        "charges": [
            {
                "operation": row.operation,
                "amount": exact_money(row.amount),
                "at": clock.exact(row.at),
                "subject": row.subject,
            }
            for row in rows
        ],
        "balance": exact_money(cash),
    }


def exact_money(micro: int) -> str:
    """12340000 -> "12.34": at least cents, never rounded."""
    sign, micro = ("-", -micro) if micro < 0 else ("", micro)
    whole, part = divmod(micro, 1_000_000)
    return f"{sign}{whole}.{f'{part:06d}'.rstrip('0').ljust(2, '0')}"


def add_fault(
    operation: str, kind: str, times: int | None = 1, probability: float = 1.0, **options: Any
) -> None:
    faults.add(operation, kind, times, probability, **options)


def clear_faults() -> None:
    faults.clear()


def advance(seconds: float) -> None:
    """Move the provider's clock on; numbers whose port is due by then are there at once."""
    with writing():
        clock.advance(seconds)
        porting.arrive(clock.now())
