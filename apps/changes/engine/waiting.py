"""Waiting for a change within the request, and sending it here when no worker takes it."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache

import structlog
from django.conf import settings
from django.db import close_old_connections

from apps.changes.engine import rows
from apps.changes.models import Entry
from apps.changes.states import State
from apps.running import broker

log = structlog.get_logger("changes")
PATIENCE = 1.0  # seconds from the press that a page waits for its change
RESCUE = 0.3  # a row that no worker has taken by then is sent by this process
# a waiting thread is a thread: half may wait
_places = threading.BoundedSemaphore(max(1, settings.WEB_THREADS // 2))

Run = Callable[[int, Callable[[int], object]], None]


def wait(entry: Entry, until: float, run: Run) -> Entry:
    """The row once it settled, or as it stands at `until` (monotonic).

    The row is the truth, the bell only wakes.
    """
    if not entry.moves:
        return entry
    if not _places.acquire(blocking=False):
        if not entry.nudged:
            here(entry.pk, run)
        return entry
    try:
        if entry.nudged and broker.listen(entry.pk, min(RESCUE, until - time.monotonic())):
            return _read(entry)
        if not entry.nudged or _read(entry).state == State.READY:
            with suppress(TimeoutError):  # it goes on by itself; the page polls
                here(entry.pk, run).result(max(0.0, until - time.monotonic()))
        found = _read(entry)
        # another was quicker to take it
        if found.state == State.SENDING and broker.listen(entry.pk, until - time.monotonic()):
            return _read(entry)
        return found
    finally:
        _places.release()


def here(pk: int, run: Run) -> "Future[None]":
    """This process as the worker's understudy: the same run() and the same claim, so two senders
    cannot both win.
    """
    return _understudy().submit(_take, pk, run)


@cache
def _understudy() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=4, thread_name_prefix="understudy")


def _take(pk: int, run: Run) -> None:
    close_old_connections()
    try:
        run(pk, lambda next_: broker.nudge(next_) or here(next_, run))
    except Exception:
        log.exception("a change could not be taken up here; the sweep will", entry=pk)
    finally:
        close_old_connections()


def _read(entry: Entry) -> Entry:
    found = rows.find(entry.pk)
    assert found is not None
    found.pressed, found.nudged = entry.pressed, entry.nudged
    return found
