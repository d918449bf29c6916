"""What was left lying, taken up again: rows that no worker took, that never left, whose process
died, that are in doubt.
"""

import time
from collections.abc import Iterable

import structlog
from django.db.models import Exists, Q

from apps.changes import machine
from apps.changes.engine import rows
from apps.changes.models import Entry
from apps.changes.states import AGAIN, LOOKED_AT, TOO_LATE, TURN, State
from apps.running import broker
from apps.voicetel import clock

log = structlog.get_logger("changes")
SECONDS = 50.0  # of work in one sweep; the next one goes on
BATCH = 500


def send_due(everything: bool = False) -> None:
    """READY rows that nobody took, and NOT_SENT ones whose time has come."""
    until = time.monotonic() + SECONDS
    due = Q() if everything else Q(due_at__lte=clock.about_now())
    for entry in rows.rows().filter(due, state=State.NOT_SENT).order_by("pk")[:BATCH]:
        _back_in_line(entry)
    now = clock.about_now()
    due = Q() if everything else Q(due_at__lte=now)
    ready = list(
        rows.rows()
        .filter(due, ~Exists(rows.ahead()), state=State.READY, job=None)
        .order_by("pk")[:BATCH]
    )
    # on before the work: a row that breaks its worker comes back later, and asks after its 15
    # minutes
    with rows.writing():
        rows.rows().filter(pk__in=[entry.pk for entry in ready], state=State.READY).update(
            due_at=now + AGAIN
        )
    old = [entry for entry in ready if entry.first_at <= now - TURN]
    for entry in old:
        rows.put(entry, State.ASK, said=f"{TOO_LATE} {entry.said}".strip())
    _take_up([entry for entry in ready if entry not in old], until)


def settle_due(everything: bool = False) -> None:
    """SENDING rows that nobody holds any more become DOUBT; doubts whose time has come are looked
    at.
    """
    until = time.monotonic() + SECONDS
    now = clock.about_now()
    for entry in (
        rows.rows().filter(state=State.SENDING, due_at__lte=now).order_by("due_at")[:BATCH]
    ):
        if rows.put(
            entry, State.DOUBT, said="The process that sent it ended before its answer.", due_at=now
        ):
            log.warning("a sending was cut off", entry=entry.pk, kind=entry.kind)
    if everything:
        with rows.writing():
            rows.rows().filter(state__in=LOOKED_AT, claim="", due_at__isnull=False).update(
                due_at=now
            )
    _take_up(
        rows.rows()
        .filter(state__in=LOOKED_AT, due_at__lte=clock.about_now())
        .order_by("due_at")[:BATCH],
        until,
    )


def _back_in_line(entry: Entry) -> None:
    """It never left, so the same row may go again; not for longer than 15 minutes
    without asking.
    """
    now = clock.about_now()
    if entry.first_at <= now - TURN and rows.ahead_of(entry) is None:
        rows.put(entry, State.ASK, said=f"{TOO_LATE} {entry.said}".strip())
    else:
        rows.put(entry, State.READY, due_at=now)


def _take_up(entries: Iterable[Entry], until: float) -> None:
    """By the workers where there are any, else here, one after the other."""
    for entry in entries:
        if time.monotonic() > until:
            return
        try:
            if not broker.nudge(entry.pk):
                machine.run(entry.pk)
        except Exception:
            log.exception("a change could not be taken up", entry=entry.pk, kind=entry.kind)
