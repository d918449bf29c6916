"""Working off rows that are mails to be sent: letters, and requests for a new password."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.db.models import F

from apps.accounts.models import Letter, RecoveryAsk
from apps.running.work import SECONDS, work_off
from apps.voicetel import clock

Row = TypeVar("Row", Letter, RecoveryAsk)

log = logging.getLogger(__name__)

BATCH = 50
# a mail server may be away for a weekend
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, *[360] * 11))


def send_due(table: type[Row], send: Callable[[Row], None], *, everything: bool = False) -> None:
    """Send what is due, and delete it when it is sent, or after the last pause. `everything`: also
    what waits after a failure.

    Each is pushed on before the work, from the moment of it: of two sweeps one sends it, and a bad
    one stops nobody.
    """
    rows = (
        table.objects.all() if everything else table.objects.filter(due_at__lte=clock.about_now())
    )

    def work(row: Row) -> None:
        pause = PAUSES[min(row.tries, len(PAUSES) - 1)]
        mine = table.objects.filter(pk=row.pk, due_at=row.due_at)
        if not mine.update(due_at=clock.about_now() + pause, tries=F("tries") + 1):
            return
        try:
            send(row)
        except Exception:
            if row.tries + 1 < len(PAUSES):
                raise
            log.exception("%s %s is given up", table.__name__, row.pk)
        table.objects.filter(pk=row.pk).delete()

    work_off(rows.order_by("due_at", "pk")[:BATCH], work, SECONDS, log)
