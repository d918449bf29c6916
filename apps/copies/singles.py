"""Reading one thing by itself because its page was opened: once however many open it, and no more
of an account than leaves the workers to others.

    if singles.take(account, "number:2015550110"):
        nudge a worker, which calls singles.release(account, "number:2015550110") in the end
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from apps import locks
from apps.accounts.models import Account
from apps.copies.models import Reading
from apps.copies.pace import (
    HELD,
    READINGS_A_MINUTE,
    READINGS_AT_ONCE,
    READINGS_KEPT,
    SAME_READING,
)
from apps.voicetel import clock


def take(account: Account, name: str) -> bool:
    """Whether this page's reading is to be made: nobody has it or had it a moment ago, and the
    account has few others.
    """
    if not _is_free(account, name, clock.now()):  # the usual case, without a lock
        return False
    with transaction.atomic():
        locks.hold(f"readings:{account.pk}")
        now = clock.now()
        if not _is_free(account, name, now):
            return False
        mine = Reading.objects.of(account)
        mine.filter(asked_at__lt=now - READINGS_KEPT).delete()
        mine.update_or_create(
            account=account, name=name, defaults={"asked_at": now, "until": now + HELD}
        )
    return True


def release(account: Account, name: str) -> None:
    """It was read, or could not be."""
    Reading.objects.of(account).filter(name=name).update(until=clock.now())


def _is_free(account: Account, name: str, now: datetime) -> bool:
    minute, under_way = Q(asked_at__gt=now - SAME_READING), Q(until__gt=now)
    counts = (
        Reading.objects.of(account)
        .filter(asked_at__gt=now - max(SAME_READING, HELD))
        .aggregate(
            same=Count("pk", Q(name=name) & (minute | under_way)),
            under_way=Count("pk", under_way),
            minute=Count("pk", minute),
        )
    )
    return bool(
        counts["same"] == 0
        and counts["under_way"] < READINGS_AT_ONCE
        and counts["minute"] < READINGS_A_MINUTE
    )
