"""The lease of a sweep, by threads: never two at once while the first works, and soon another when
it was killed.
"""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection

from apps.running import leases
from apps.running.models import Sweep
from portal import schedule

pytestmark = pytest.mark.django_db(transaction=True)
SHORT = 1.5  # seconds of a lease here
WORK = 3.5  # of the sweep: longer than its lease
NAME = "long"


class Work:
    """What the sweep does, and how many do it."""

    def __init__(self) -> None:
        self.lock, self.now, self.most, self.runs = threading.Lock(), 0, 0, 0

    def __call__(self) -> None:
        with self.lock:
            self.now, self.runs = self.now + 1, self.runs + 1
            self.most = max(self.most, self.now)
        time.sleep(WORK)
        with self.lock:
            self.now -= 1


work = Work()


def sweep() -> None:
    work()


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    work.__init__()  # type: ignore[misc]
    monkeypatch.setattr(leases, "LEASE", timedelta(seconds=SHORT))
    monkeypatch.setattr(leases, "RENEW", SHORT / 10)
    monkeypatch.setitem(schedule.BY_NAME, NAME, schedule.Sweep(NAME, f"{__name__}.sweep", 10))
    yield
    connection.close()


def asked_by_many(seconds: float) -> None:
    """Six threads ask for the sweep all the time, as workers would whom two schedulers nudge."""
    end = time.monotonic() + seconds

    def ask() -> None:
        try:
            while time.monotonic() < end:
                schedule.run(NAME)
                time.sleep(0.05)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


def held_for() -> float:
    """Seconds until somebody else gets the lease."""
    began = time.monotonic()
    while not (lease := leases.take_lease(NAME)):
        assert time.monotonic() - began < 10
        time.sleep(0.02)
    leases.give_back(NAME, lease)
    return time.monotonic() - began


def test_a_sweep_that_works_longer_than_its_lease_is_run_by_one_at_a_time() -> None:
    asked_by_many(WORK * 1.5)
    assert (work.most, work.runs) == (1, 2)


def test_without_renewals_two_would_run_it_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control of the test above."""
    monkeypatch.setattr(leases, "RENEW", 60.0)
    asked_by_many(WORK)
    assert work.most > 1


def test_a_killed_worker_holds_its_sweep_up_for_one_lease() -> None:
    assert leases.take_lease(NAME)  # and never comes back
    assert SHORT - 0.3 < held_for() < SHORT + 1


def test_a_worker_that_was_killed_is_replaced_within_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    slowest = max(each.every for each in schedule.SWEEPS if each.every < 60)
    assert leases.LEASE.total_seconds() + 2 * slowest <= 60
    assert leases.LEASE.total_seconds() >= 5 * leases.RENEW


def test_a_lease_that_another_took_is_neither_renewed_nor_given_back() -> None:
    old = leases.take_lease(NAME)
    time.sleep(SHORT + 0.1)
    new = leases.take_lease(NAME)
    assert new
    assert not leases.renew(NAME, old)
    leases.give_back(NAME, old)
    row = Sweep.objects.get()
    assert (row.holder, row.finished_at) == (new, None)
    assert leases.renew(NAME, new)


@pytest.mark.parametrize("ended", [True, False])
def test_a_clock_that_is_set_back_stops_no_sweep(time_machine: Any, ended: bool) -> None:
    now = datetime.now(UTC)
    time_machine.move_to(now + timedelta(hours=2), tick=False)
    lease = leases.take_lease(NAME)
    if ended:
        leases.give_back(NAME, lease)
    time_machine.move_to(now, tick=False)
    assert leases.take_lease(NAME)
    assert not leases.take_lease(NAME)


def test_a_clock_that_is_set_back_a_little_stops_no_sweep_that_ended(time_machine: Any) -> None:
    now = datetime.now(UTC)
    time_machine.move_to(now + timedelta(seconds=SHORT), tick=False)
    leases.give_back(NAME, leases.take_lease(NAME))
    time_machine.move_to(now, tick=False)
    assert leases.take_lease(NAME)


def test_a_sweep_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "LONGEST", SHORT)
    with leases.kept(NAME, leases.take_lease(NAME)):
        assert SHORT < held_for() < 3 * SHORT


def test_a_database_that_is_away_for_a_moment_loses_no_lease(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    renew, failed = leases.renew, []

    def renew_badly(name: str, lease: str) -> bool:
        if len(failed) < 3:
            failed.append(name)
            raise OperationalError("gone")
        return renew(name, lease)

    monkeypatch.setattr(leases, "renew", renew_badly)
    with leases.kept(NAME, leases.take_lease(NAME)):
        time.sleep(1.5 * SHORT)
        assert not leases.take_lease(NAME)
    assert len(failed) == 3


def test_nothing_of_it_goes_on_after_the_sweep() -> None:
    schedule.run(NAME)
    assert not [each for each in threading.enumerate() if each.name.startswith("lease of")]
    assert Sweep.objects.get().finished_at
    assert held_for() < 0.5
