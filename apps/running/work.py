"""How a sweep works off its rows."""

import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

SECONDS = 50.0  # of work in one sweep: its lease ends after 120, and one call may take 60

Row = TypeVar("Row")


class Log(Protocol):
    """A logger: the standard library's or structlog's."""

    def exception(self, event: Any, /) -> Any: ...


def work_off(rows: Iterable[Row], work: Callable[[Row], object], seconds: float, log: Log) -> int:
    """How many rows were worked on: each in turn, none begun after that many seconds.

    A row that fails is logged with its traceback, counts as worked on, and doesn't stop the others.
    `work` must push its row on before it does anything that may fail, or the row comes first again.
    """
    until, done = time.monotonic() + seconds, 0
    for row in rows:
        if time.monotonic() >= until:
            break
        try:
            work(row)
        except Exception:
            log.exception(f"{type(row).__name__} {getattr(row, 'pk', '')} failed in a sweep")
        done += 1
    return done
