"""SQLite with a fair queue of writers (docs/decisions/0003-fair-queue-of-writers.md).

SQLite's own busy wait sleeps and has no order: under a job some writer waited 1.5 s and more. Here
whoever begins a transaction first takes an exclusive flock on `<database>.lock`, so the kernel
wakes writers in turn, over all threads and processes; the longest wait fell to 0.2 s. IMMEDIATE
mode makes every transaction a writer, so `begin` is the one place to queue. Single statements
outside a transaction rely on SQLite's busy time-out.
"""

import fcntl
import os
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite backend; a connection holds one open file for its place in the queue."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._queue: int | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc] # not in the stubs
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        # a failed commit keeps the turn until the rollback that must follow
        super()._commit()  # type: ignore[misc]
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc] # not in the stubs
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc] # not in the stubs
        finally:
            if self._queue is not None:
                os.close(self._queue)  # closing the file also gives up the lock
                self._queue = None

    def _take_turn(self) -> None:
        name = str(self.settings_dict["NAME"])
        if self.is_in_memory_db():
            return
        if self._queue is None:
            self._queue = os.open(name + ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._queue, fcntl.LOCK_EX)

    def _end_turn(self) -> None:
        if self._queue is not None:
            fcntl.flock(self._queue, fcntl.LOCK_UN)
