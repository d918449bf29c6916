"""Whoever races, however long calls take, whatever is killed or set: never a seventh call in any
hour by the provider's log.
"""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.voicetel.hour.course import ON_POSTGRESQL, Course, course, postgresql_is_there

THERE = pytest.mark.skipif(
    not postgresql_is_there(),
    reason="no PostgreSQL server is reachable; make test-services starts one",
)
# each where the suite itself runs on it
SQLITE = pytest.param("sqlite", marks=[pytest.mark.slow] if ON_POSTGRESQL else [])
POSTGRESQL = pytest.param(
    "postgresql", marks=[THERE] if ON_POSTGRESQL else [THERE, pytest.mark.slow]
)
DATABASES = [SQLITE, POSTGRESQL]
HOUR = 3600


@pytest.fixture(params=DATABASES)
def hour(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Course]:
    with course(tmp_path / "course", request.param) as found:
        yield found


def test_twenty_threads_in_four_processes_send_six_an_hour(hour: Course):
    hour.slow(0.8)  # so long on its way before the provider counts it
    hour.start(4, 5)
    assert hour.wait_for(6) == hour.settled(6) == 6
    hour.kill(2)
    hour.start(2, 5)  # a restart forgets nothing

    first = hour.arrivals()[0]
    hour.advance_to(first + HOUR - 0.9)
    assert len(hour.arrivals()) == 6
    assert hour.reserved(12) == 12
    # by SIGKILL, with calls on their way: the provider counts them, nobody will settle them
    hour.kill(4)
    time.sleep(1.2)
    second = len(hour.arrivals())
    lost = hour.reserved(0) - hour.settled(0)
    assert second > 6
    assert lost > 0
    hour.quick()
    hour.start(4, 5)
    hour.advance_to(hour.arrivals()[-1] + HOUR + 5)
    time.sleep(0.3)
    assert len(hour.arrivals()) == second  # they count as late as they can have been
    hour.advance(30)
    assert hour.wait_for(second + 6) == second + 6

    for step in (300, -300):
        before = len(hour.arrivals())
        hour.settled(hour.reserved(0) - lost)
        hour.set_clock(step)
        # set forward, its hour has been over for minutes
        hour.advance_to(hour.arrivals()[before - 6] + HOUR - 60)
        time.sleep(0.5)
        assert len(hour.arrivals()) == before
        hour.advance(120)  # set back, it is not over later either
        assert hour.wait_for(before + 6) == before + 6
    assert hour.most_in_an_hour() == 6


def test_the_clock_command_moves_the_providers_hour_and_ours_together(hour: Course):
    hour.start(1, 5)
    assert hour.wait_for(6) == hour.settled(6) == 6
    hour.command("clock", "--advance", str(HOUR))
    assert hour.wait_for(12) == 12
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


@pytest.mark.slow
def test_control_a_set_clock_that_is_not_noticed_lets_a_seventh_through(hour: Course):
    hour.start(4, 5, "steps")
    assert hour.wait_for(6) == hour.settled(6) == 6
    hour.set_clock(300, seconds_to_notice=0)
    hour.advance_to(hour.arrivals()[0] + HOUR - 60)
    hour.wait_for(7, 5)
    assert hour.most_in_an_hour() > 6


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_twelve_hours_with_kills_slow_calls_and_set_clocks_hold_six_each(hour: Course, seed: int):
    """Calls of 0 to 20 s, half of them on their way there and half on their way back; 80 threads in
    4 processes.
    """
    chance = random.Random(seed)
    longest = [20.0, *(chance.uniform(0, 4) for _ in range(11))]
    hour.start(4, 20)
    hour.wait_for(6)
    # from when on the hour that must pass is reckoned, by the provider's clock
    since = hour.arrivals()[0]
    for round_, seconds in enumerate(longest):
        before = len(hour.arrivals())
        for share in (0.4, 0.7, 1.0):
            hour.slow(seconds * share, 0.3, counted=chance.choice(["first", "last"]))
        hour.advance_to(since + HOUR - 1)
        killed = chance.random() < 0.4
        if killed:
            hour.reserved(hour.reserved(0) + chance.randint(1, 6), 6)
            hour.kill(number := chance.randint(1, 4))
            hour.start(number, 20)
        hour.wait_for(before + 6, seconds + 4)
        time.sleep(seconds + 0.5)  # nothing is on its way any more
        hour.quick()
        if killed:
            hour.advance(31)  # what nobody settled
            hour.wait_for(before + 6, 3)
        assert hour.most_in_an_hour() == 6, f"round {round_}"
        since = hour.arrivals()[-6:][0] if not killed else hour.now()
        if chance.random() < 0.4:
            hour.set_clock(chance.choice([-300, 300]))
            since = hour.now()
    # of 72: kills waste calls, set clocks an hour; less would mean that nobody raced
    assert len(hour.arrivals()) >= 48
