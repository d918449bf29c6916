"""What the schedule runs for this app."""

from datetime import timedelta

from apps.voicetel import clock
from apps.voicetel.hour import limits, line
from apps.voicetel.models import Failing, Spent

KEPT = timedelta(hours=48)
FAILED = timedelta(days=1)


def forget_old() -> None:
    """Delete calls of the day before yesterday, limits and failures of a day ago, and turns long
    past.
    """
    now = clock.now()
    Spent.objects.filter(at__lt=now - KEPT).delete()
    Failing.objects.filter(failed_at__lt=now - FAILED).delete()
    limits.forget_old(now)
    line.forget_parties()
