"""Threads in one process, on the suite's own databases: the hour and the last word of
two changes.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from apps.sandbox.front import limits
from tests.sandbox.caller import Caller

OWN = "2015550110"


def many(call: Any, times: int, threads: int = 8) -> list[int]:
    def once(place: int) -> int:
        try:
            return int(call(place).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(once, range(times)))


def test_threads_in_process_get_exactly_six(transactional_db: None, sandbox: Any) -> None:
    caller = Caller("1000000001")
    statuses = many(lambda place: caller("GET", "/account"), 40)
    assert (statuses.count(200), statuses.count(429)) == (6, 34)


def test_without_the_count_the_same_threads_get_more(
    transactional_db: None, sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: it shows that the test above can fail."""
    monkeypatch.setattr(limits, "wait_for", lambda *_: 0)
    caller = Caller("1000000001")
    assert many(lambda place: caller("GET", "/account"), 40).count(200) > 6


def test_threads_that_change_and_read_never_fail(transactional_db: None, sandbox: Any) -> None:
    def call(place: int) -> Any:
        caller = Caller("1000000001")
        if place % 2:
            return caller("GET", "/numbers")
        return caller("PUT", f"/numbers/{OWN}/forward", {"destination": f"917555{place:04d}"})

    assert set(many(call, 60)) == {200}
    assert sandbox.count("numbersForwardSet") == 30
