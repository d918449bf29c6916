"""The provider's clock: the machine's, moved on by POST /_sandbox/clock."""

import time
from datetime import UTC, datetime

from apps.sandbox.models import World


def now() -> float:
    """Unix seconds by the provider's clock."""
    return time.time() + (World.objects.values_list("offset", flat=True).first() or 0.0)


def advance(seconds: float) -> float:
    """Move the clock on; the new offset in seconds."""
    world = World.objects.get()
    world.offset += seconds
    world.save(update_fields=["offset"])
    return world.offset


def iso(at: float) -> str:
    """2026-05-18T12:00:00Z, as the document shows its date-times."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def exact(at: float) -> str:
    """The moment to the microsecond, for the log."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds")
