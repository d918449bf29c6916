"""How soon VoiceTel's list of an account's ports is read again: often while something is about to
happen, seldom else.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.accounts.models import Account
from apps.porting import pace
from apps.porting.models import Port
from apps.porting.rules.stages import Stage
from apps.voicetel import clock

CENTRAL = ZoneInfo("America/Chicago")  # VoiceTel's own hours, and those of a firm date's "10:00 AM"
OPENS, CLOSES = 7, 20
DAYTIME = range(OPENS, CLOSES)
LEAST = timedelta(seconds=20)  # where the demo's days are minutes


def every(account: Account) -> timedelta:
    """Until the next look: spread by a tenth either way, so that accounts don't ask together. One
    query.
    """
    rows = Port.objects.of(account).filter(closed_at=None)
    open_ones = list(
        rows.only("foc_on", "stage", "uploaded_at", "corrected_at", "created_at")[:2000]
    )
    now = clock.about_now()
    waits = [wait_of(port, now) for port in open_ones]
    spread = 0.9 + 0.2 * (account.pk * 7919 % 1000) / 1000
    return max(min(waits, default=pace.NONE_OPEN) * spread / settings.SANDBOX_SPEED, LEAST)


def wait_of(port: Port, now: datetime) -> timedelta:
    """How soon an open port wants to be looked at."""
    there = now.astimezone(CENTRAL)
    day = there.hour in DAYTIME
    if port.foc_on and port.stage != Stage.REJECTED:
        ahead = (port.foc_on - there.date()).days
        if ahead < 0:
            return pace.PASSED
        if ahead == 0 and day:
            return pace.ON_THE_DAY
        if ahead == 1:
            return pace.LIVELY
    just = max(filter(None, (port.created_at, port.uploaded_at, port.corrected_at)))
    if now - just < pace.LIVELY_FOR:
        return pace.LIVELY
    return pace.BY_DAY if day and there.weekday() < 5 else pace.ELSE
