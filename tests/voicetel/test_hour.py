"""Whoever races, however long calls take, whatever is killed or set: never a seventh call in any hour by the provider's log."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.voicetel.course import ON_POSTGRESQL, Course, course, postgresql_is_there

THERE = pytest.mark.skipif(not postgresql_is_there(), reason="no PostgreSQL server is reachable; make test-services starts one")
SQLITE = pytest.param("sqlite", marks=[pytest.mark.slow] if ON_POSTGRESQL else [])  # each where the suite itself runs on it
POSTGRESQL = pytest.param("postgresql", marks=[THERE] if ON_POSTGRESQL else [THERE, pytest.mark.slow])
DATABASES = [SQLITE, POSTGRESQL]
HOUR = 3600


@pytest.fixture(params=DATABASES)
def hour(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Course]:
    with course(tmp_path / "course", request.param) as found:
        yield found


def test_twenty_threads_in_four_processes_send_six_an_hour(hour: Course):
    hour.slow(0.8)  # so long on its way before the provider counts it
    hour.start(4, 5)
    time.sleep(0.6)
    hour.kill(2)  # SIGKILL, with calls on their way: the provider will count them, nobody will settle them
    assert hour.wait_for(6) == 6
    hour.quick()
    hour.start(2, 5)
    first = hour.arrivals()[0]

    hour.advance_to(first + HOUR - 1)
    time.sleep(0.5)
    assert len(hour.arrivals()) == 6
    answered = hour.wait_for(12, 2)
    hour.advance(30)  # calls that nobody settled count as late as they can have been
    assert answered <= hour.wait_for(12) == 12

    hour.set_clock(300)
    time.sleep(0.5)  # somebody asks, and sees it
    second = hour.arrivals()[6]
    hour.advance_to(second + HOUR - 60)  # by the database's clock the hour has been over for minutes
    time.sleep(0.5)
    assert len(hour.arrivals()) == 12
    hour.advance(120)
    assert hour.wait_for(18) == 18

    hour.set_clock(-300)
    time.sleep(0.5)
    hour.advance(HOUR + 1)  # a clock set back does not close the hour for longer
    assert hour.wait_for(24) == 24
    assert hour.most_in_an_hour() == 6


def test_control_without_the_lock_there_is_a_seventh(hour: Course):
    hour.start(4, 5, "lock")
    hour.wait_for(7, 5)
    assert hour.most_in_an_hour() > 6


def test_control_counted_from_the_sending_there_is_a_seventh(hour: Course):
    hour.slow(0.8)
    hour.start(4, 5, "stamp")
    assert hour.wait_for(6) == 6
    hour.quick()
    first = hour.arrivals()[0]
    hour.advance_to(first + HOUR - 0.7)  # sent an hour ago, but not yet an hour ago there
    hour.wait_for(7, 5)
    assert hour.most_in_an_hour() > 6
