"""The one clock of due times and of the hour: the database's, so that all machines agree, plus the
demo's offset.
"""

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection
from django.db.models import F

from apps.voicetel.models import ClockOffset

# Millisecond or better, and of this moment: PostgreSQL's now() would be the beginning of the
# transaction.
MOMENT = {"sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now')", "postgresql": "clock_timestamp()"}
OFFSET = "(SELECT seconds FROM voicetel_clockoffset WHERE id = 1)"
ONE = 1  # the offset's only row

# when it was read by the monotonic clock; seconds
_cached: tuple[float, float] = (float("-inf"), 0.0)


def columns() -> str:
    """Two SQL columns, database time and the demo's offset, for whoever needs the time beside other
    columns.
    """
    return f"{MOMENT[connection.vendor]}, {OFFSET if settings.LOCAL else '0'}"


def aware(value: datetime | str) -> datetime:
    """A time as a raw query gives it (SQLite: text or naive, in UTC)."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def read() -> tuple[datetime, timedelta]:
    """Database time as it is, and the demo's offset (none in production), in one query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns()}", [])
        moment, seconds = cursor.fetchone()
    return aware(moment), timedelta(seconds=seconds or 0)


def now() -> datetime:
    """Aware UTC, one query."""
    moment, offset = read()
    return moment + offset


def about_now() -> datetime:
    """This process's time with the offset as it was a second ago at most: for ages on pages.

    No query in production.
    """
    return datetime.now(UTC) + timedelta(seconds=_offset() if settings.LOCAL else 0)


def advance(seconds: float) -> None:
    """Move the demo's time on.

    Raises ImproperlyConfigured in production, ValueError for a step back.
    """
    if not settings.LOCAL:
        raise ImproperlyConfigured("the clock can be moved in the demo only")
    if not 0 <= seconds < float("inf"):
        raise ValueError("the clock goes forward only")
    ClockOffset.objects.get_or_create(pk=ONE)
    ClockOffset.objects.filter(pk=ONE).update(seconds=F("seconds") + seconds)
    forget()


def forget() -> None:
    """Read the offset anew."""
    global _cached
    _cached = (float("-inf"), 0.0)


def _offset() -> float:
    global _cached
    read_at, seconds = _cached
    if time.monotonic() - read_at > 1:
        # an age may be an offset old; a page without a database has other worries
        with suppress(Error):
            seconds = (
                ClockOffset.objects.filter(pk=ONE).values_list("seconds", flat=True).first() or 0.0
            )
        _cached = (time.monotonic(), seconds)
    return seconds
