"""Sending many rows of one job: a few threads, and three statements for each row besides its own.

The same classes, states and outcomes as a person's change (sending.py). An outcome is written in
one commit with the claim of the thread's next row, so a killed process leaves as many rows in doubt
as it has threads.
"""

import secrets
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Lock

import structlog
from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, F

from apps.changes.change import Change, unpack
from apps.changes.engine import doubts, limits, rows, spending
from apps.changes.engine.sending import Outcome, attempt, settle
from apps.changes.models import Entry
from apps.changes.states import FIRST_PAUSE, HELD, State
from apps.voicetel import clock

log = structlog.get_logger("changes")
LOOK = 0.5  # seconds between two questions whether to go on
UNSENT = 5  # so many in a row that never left: VoiceTel is away
OVERTAKEN = "Not sent: replaced by change #{pk}, which is newer."
BALANCE = 402
HOLD_PAUSE = timedelta(seconds=2)


class Trouble(StrEnum):
    """Why the sending ended before its rows did."""

    STOPPED = "stopped"  # go_on() said so
    LATER = "later"  # VoiceTel is away, or named a later time
    BALANCE = "balance"
    KEY = "key"


@dataclass
class Ran:
    """What became of the rows: settled how many; why it ended early, until when, in which words."""

    settled: int = 0
    trouble: Trouble | None = None
    until: datetime | None = None
    said: str = ""
    promised: bool = False  # `until` is the provider's word
    _unsent: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def end(
        self,
        trouble: Trouble,
        said: str = "",
        until: datetime | None = None,
        *,
        promised: bool = False,
    ) -> None:
        with self._lock:
            if self.trouble in (None, Trouble.LATER, Trouble.STOPPED):
                self.trouble, self.said, self.until = trouble, said, until
                self.promised = promised

    def note(self, outcome: Outcome) -> None:
        """Whether the others should go on after this one."""
        if outcome.dead_key:
            self.end(Trouble.KEY, outcome.said)
        if outcome.state == State.NOT_SENT:
            self._unsent += 1
            if outcome.promised or self._unsent >= UNSENT:
                self.end(Trouble.LATER, outcome.said, outcome.due_at, promised=outcome.promised)
            return
        self._unsent = 0
        self.settled += 1
        if outcome.status == BALANCE and outcome.state == State.REFUSED:
            self.end(Trouble.BALANCE, outcome.said)


@dataclass(frozen=True, slots=True)
class Taken:
    """A claimed row. at: monotonic moment just before the claim was written."""

    entry: Entry
    change: Change
    at: float


@dataclass(frozen=True, slots=True)
class Next:
    """A row that may be claimed. newer: changes of its lane, pressed later, that set other values:
    they don't take its place.
    """

    entry: Entry
    change: Change
    newer: frozenset[int]


def send(
    entries: Sequence[Entry],
    go_on: Callable[[], bool],
    hand_on: Callable[[int], None],
    *,
    threads: int,
) -> Ran:
    """Send READY rows of one job and account whose lanes are free. Never raises for what one
    did.
    """
    ran, line = Ran(), deque(_sendable(entries))
    try:
        return _all(line, ran, go_on, hand_on, threads)
    finally:
        if any(each.price for each in entries):
            with rows.writing():
                spending.note(entries[0].account_id)


def _all(
    line: deque[Next],
    ran: Ran,
    go_on: Callable[[], bool],
    hand_on: Callable[[int], None],
    threads: int,
) -> Ran:
    if threads == 1:
        _work(line, ran, hand_on, go_on)
        return ran
    with ThreadPoolExecutor(threads, thread_name_prefix="job") as pool:
        working = {pool.submit(_in_thread, line, ran, hand_on) for _ in range(threads)}
        while working:
            done, working = wait(working, LOOK, FIRST_COMPLETED)
            for each in done:
                if error := each.exception():
                    log.error("a job's thread broke off", exc_info=error)
                    ran.end(Trouble.LATER, "", clock.about_now() + FIRST_PAUSE)
            if ran.trouble is None and not go_on():
                ran.end(Trouble.STOPPED)
    return ran


def _sendable(entries: Sequence[Entry]) -> list[Next]:
    """Without those that a newer change replaced, and those that this release cannot read."""
    if not entries:
        return []
    found, newer, by_lane = [], rows.newer_of_many(entries), _newer_by_lane(entries)
    for entry in entries:
        try:
            change = unpack(entry)
        except Exception:  # noqa: BLE001 - of another release: a person decides
            rows.put(entry, State.ASK, said=doubts.STRANGE)
            continue
        theirs = next((other for other in newer[entry.pk] if other.job is None), None)
        if theirs and change.again:
            rows.put(entry, State.CLOSED, said=OVERTAKEN.format(pk=theirs.pk))
            continue
        found.append(Next(entry, change, frozenset(by_lane.get(entry.lane, ()))))
    return found


def _newer_by_lane(entries: Sequence[Entry]) -> dict[str, list[int]]:
    """People's changes pressed after the first of these rows, by lane."""
    later = rows.rows().filter(
        account=entries[0].account_id,
        lane__in={entry.lane for entry in entries},
        pk__gt=min(entry.pk for entry in entries),
        job=None,
    )
    found: dict[str, list[int]] = {}
    for lane, pk in later.values_list("lane", "pk"):
        found.setdefault(lane, []).append(pk)
    return found


def _in_thread(line: deque[Next], ran: Ran, hand_on: Callable[[int], None]) -> None:
    try:
        _work(line, ran, hand_on, None)
    finally:
        connection.close()  # this thread's own


def _work(
    line: deque[Next],
    ran: Ran,
    hand_on: Callable[[int], None],
    go_on: Callable[[], bool] | None,
) -> None:
    """Row after row until the line is empty or there is trouble. go_on: asked here, where no other
    thread does.
    """
    taken = _take_alone(line, ran, go_on)
    while taken:
        entry, change = taken.entry, taken.change
        held = rows.holds_of(entry).first()
        if held:
            # Taken after the claim's look, or before it: the holder sees this row until now.
            until = clock.about_now() + HOLD_PAUSE
            rows.put(entry, State.NOT_SENT, said=held.why, due_at=until)
            ran.end(Trouble.LATER, held.why, until)
            return
        outcome = attempt(entry, change, taken.at)
        if (
            outcome.dead_key and outcome.status is None
        ):  # it never left, and can go once reconnected
            outcome = replace(outcome, state=State.NOT_SENT, due_at=clock.about_now())
        ran.note(outcome)
        more = _goes_on(ran, go_on)
        following = _Following(line if more else None)
        settle(entry, change, outcome, following)
        _let_go(entry, hand_on)
        taken = following.taken if following.kept else _take_alone(line, ran, go_on)


class _Following:
    """What settle() writes beside an outcome: the claim of the next row. Of a commit that failed
    nothing is kept.
    """

    def __init__(self, line: deque[Next] | None) -> None:
        self.line, self.kept = line, False
        self.taken: Taken | None = None

    def __call__(self, written: bool) -> None:
        self.kept = written
        self.taken = _take(self.line) if written and self.line is not None else None


def _goes_on(ran: Ran, go_on: Callable[[], bool] | None) -> bool:
    if ran.trouble is None and go_on and not go_on():
        ran.end(Trouble.STOPPED)
    return ran.trouble is None


def _take_alone(line: deque[Next], ran: Ran, go_on: Callable[[], bool] | None) -> Taken | None:
    if not _goes_on(ran, go_on):
        return None
    with rows.writing():
        return _take(line)


def _take(line: deque[Next]) -> Taken | None:
    """Within a commit: claim the first row of the line that may be. Rows that may not are left as
    they are; the next list_ready() knows.
    """
    while line:
        try:
            each = line.popleft()
        except IndexError:  # another thread took the last one
            return None
        at = time.monotonic()
        try:
            with transaction.atomic():
                if _claim(each):
                    return Taken(each.entry, each.change, at)
        except IntegrityError:
            continue  # the lane's unique index: a person's claim was first
        except limits.OverLimit as over:
            rows.move(each.entry, State.CLOSED, said=f"Not sent: {over} Nothing was charged.")
        except Exception:
            log.exception("a row could not be claimed", entry=each.entry.pk, kind=each.entry.kind)
            rows.move(each.entry, State.ASK, said=doubts.STRANGE)
    return None


def _claim(each: Next) -> bool:
    entry, change = each.entry, each.change
    now, token = clock.about_now(), secrets.token_hex(8)
    if entry.price > 0:
        limits.check_alone(entry)
    ahead = rows.ahead_in_lane(entry.pk, entry.account_id, entry.lane)
    newer = rows.rows().filter(account=entry.account_id, lane=entry.lane, pk__gt=entry.pk, job=None)
    free = rows.rows().filter(
        ~Exists(ahead), ~Exists(newer.exclude(pk__in=each.newer)), pk=entry.pk, state=State.READY
    )
    took = {"state": State.SENDING, "claim": token, "due_at": now + HELD, "tried_at": now}
    if not free.update(**took, sent_at=now, tries=F("tries") + 1):
        return False
    stood = change.before()
    entry.stood = None if stood == entry.before else stood
    if entry.stood is not None:
        rows.rows().filter(pk=entry.pk).update(stood=stood)
    entry.sent_at, entry.tries = now, entry.tries + 1
    for name, value in took.items():
        setattr(entry, name, value)
    return True


def _let_go(entry: Entry, hand_on: Callable[[int], None]) -> None:
    """A person's change that waited for this row may go."""
    waits = rows.rows().filter(
        account=entry.account_id, lane=entry.lane, state=State.READY, job=None
    )
    if waits.exists():
        for following in rows.next_after(entry):
            hand_on(following)
