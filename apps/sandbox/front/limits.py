"""Six calls an hour for each TCP peer address, counted when they arrive, in a window
that slides.
"""

import math
import os

from apps.sandbox.models import Arrival

SIZE = 6
HOUR = 3600.0


def pool_of(operation: str) -> str:
    """The four limited operations share one pool, unless SANDBOX_POOLS=four gives each its own."""
    return operation if os.environ.get("SANDBOX_POOLS", "one") == "four" else "account"


def wait_for(peer: str, pool: str, at: float) -> int:
    """Seconds until this peer may call again, 0 if it may now.

    Call it with the writing lock held.
    """
    spent = list(
        Arrival.objects.filter(peer=peer, pool=pool, at__gt=at - HOUR, at__lte=at)
        .order_by("-at")
        .values_list("at", flat=True)[:SIZE]
    )
    return 0 if len(spent) < SIZE else max(1, math.ceil(spent[-1] + HOUR - at))
