"""work_off(): a row that fails stops nobody, and the work ends when its time is up."""

import logging
import time
from typing import Any

import pytest

from apps.running.work import work_off

log = logging.getLogger(__name__)


def test_a_row_that_fails_is_logged_with_its_traceback_and_the_next_ones_are_done(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done: list[int] = []

    def work(row: int) -> None:
        if row == 2:
            raise ValueError("the second is bad")
        done.append(row)

    assert work_off([1, 2, 3], work, 10, log) == 3
    assert done == [1, 3]
    [record] = caplog.records
    assert record.exc_info
    assert record.exc_info[0] is ValueError


def test_no_row_is_begun_once_the_time_is_up(monkeypatch: Any) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    done: list[int] = []

    def work(row: int) -> None:
        done.append(row)
        now[0] += 20

    assert work_off(range(10), work, 50, log) == 3
    assert done == [0, 1, 2]


def test_what_ends_the_process_is_not_swallowed() -> None:
    def work(row: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work_off([1], work, 10, log)
