"""What the schedule runs for this app."""

from datetime import timedelta

from apps.voicetel import clock
from apps.voicetel.hour import line
from apps.voicetel.hour.budget import JOINED_FOR
from apps.voicetel.models import Joined, Spent

KEPT = timedelta(hours=48)


def forget_old() -> None:
    """Delete calls of the day before yesterday, operations out of trouble for a day, and turns long
    past.
    """
    now = clock.now()
    Spent.objects.filter(at__lt=now - KEPT).delete()
    Joined.objects.filter(at__lt=now - JOINED_FOR).delete()
    line.forget_parties()
