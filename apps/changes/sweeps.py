"""What was left lying, taken up again: rows that no worker took, that never left, whose process
died, that are in doubt.
"""

from collections import deque
from collections.abc import Iterable, Iterator

import structlog
from django.db.models import Q

from apps.changes import machine
from apps.changes.engine import holds, places, rows
from apps.changes.models import Entry
from apps.changes.states import FIRST_PAUSE, LOOKED_AT, PUT_OFF, PUT_OFFS, TOO_LATE, TURN, State
from apps.running import broker
from apps.running.work import SECONDS, work_off
from apps.voicetel import clock

log = structlog.get_logger("changes")
BRIEF = 10.0  # seconds for rows that only move
BATCH = 500


def send_due(everything: bool = False) -> None:
    """READY rows that nobody took, and NOT_SENT ones whose time has come."""
    holds.end_due()
    due = Q() if everything else Q(due_at__lte=clock.about_now())
    # a job's rows are its runner's (apps/changes/many)
    unsent = rows.rows().filter(due, ~rows.held(), state=State.NOT_SENT, job=None).order_by("pk")
    work_off(unsent[:BATCH], _back_in_line, BRIEF, log)
    now = clock.about_now()
    due = Q() if everything else Q(due_at__lte=now)
    free = rows.rows().filter(due, ~rows.waits(), ~rows.held(), state=State.READY, job=None)
    for entry in free.filter(first_at__lte=now - TURN).order_by("pk")[:BATCH]:
        rows.set_free(entry)
        if entry.first_at <= now - TURN:
            rows.put(entry, State.ASK, said=f"{TOO_LATE} {entry.said}".strip())
    ready = list(places.in_turn(free)[:BATCH])
    # on before the work: a row that breaks its worker comes back later, and asks after its 15
    # minutes
    if ready:
        with rows.writing():
            rows.rows().filter(pk__in=[entry.pk for entry in ready], state=State.READY).update(
                due_at=now + FIRST_PAUSE
            )
    _take_up(ready)


def settle_due(everything: bool = False) -> None:
    """SENDING rows that nobody holds any more become DOUBT; doubts whose time has come are looked
    at.
    """
    now = clock.about_now()
    sending = rows.rows().filter(state=State.SENDING, due_at__lte=now).order_by("due_at")
    work_off(sending[:BATCH], _cut_off, BRIEF, log)
    if everything:
        with rows.writing():
            rows.rows().filter(state__in=LOOKED_AT, claim="", due_at__isnull=False).update(
                due_at=now
            )
    doubts = rows.rows().filter(~rows.held(), state__in=LOOKED_AT, due_at__lte=clock.about_now())
    _take_up(places.in_turn(doubts, "due_at")[:BATCH])


def _back_in_line(entry: Entry) -> None:
    """It never left, so the same row may go again; not for longer than 15 minutes without asking,
    nor more often than it may be put off.
    """
    now = clock.about_now()
    if entry.put_off >= PUT_OFFS:
        rows.put(entry, State.CLOSED, said=PUT_OFF)
    elif entry.first_at <= now - TURN and rows.ahead_of(entry) is None:
        rows.put(entry, State.ASK, said=f"{TOO_LATE} {entry.said}".strip())
    else:
        rows.put(entry, State.READY, due_at=now)


def _cut_off(entry: Entry) -> None:
    if rows.put(
        entry,
        State.DOUBT,
        said="The process that sent it ended before its answer.",
        due_at=clock.about_now(),
    ):
        log.warning("a sending was cut off", entry=entry.pk, kind=entry.kind)


def _take_up(entries: Iterable[Entry]) -> None:
    """By the workers where there are any, else here: what follows a row stands behind the others'
    rows.
    """
    due = deque(entries)

    def take(entry: Entry) -> None:
        if not broker.nudge(entry.pk):
            machine.run(entry.pk, lambda following: due.append(Entry(pk=following)))

    work_off(_emptying(due), take, SECONDS, log)


def _emptying(due: "deque[Entry]") -> Iterator[Entry]:
    while due:
        yield due.popleft()
