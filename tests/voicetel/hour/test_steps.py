"""Telling a clock that was set from time that passed."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from apps.voicetel.hour import clock_steps
from apps.voicetel.hour.clock_steps import Tick

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SEEN = {"here": [NOON.timestamp(), 1000.0]}
passed = st.floats(0, 7200)
small = st.floats(-1.9, 1.9)
large = st.floats(2.1, 10**7) | st.floats(-(10**7), -2.1)


@given(passed, small)
def test_time_that_passes_is_not_a_step(seconds: float, off: float):
    assert (
        clock_steps.stepped(
            SEEN, Tick("here", 1000 + seconds), NOON + timedelta(seconds=seconds + off)
        )
        is None
    )


@given(passed, large)
def test_a_clock_that_was_set_is_found_and_so_is_what_it_would_show(seconds: float, off: float):
    expected = clock_steps.stepped(
        SEEN, Tick("here", 1000 + seconds), NOON + timedelta(seconds=seconds + off)
    )
    assert expected is not None
    assert abs(expected - NOON - timedelta(seconds=seconds)) < timedelta(milliseconds=1)


@given(st.floats(0, 60), st.floats(0, 1))
def test_a_look_that_took_long_is_not_a_step(took: float, share: float):
    """The database was read somewhere between the two readings of ours."""
    assert (
        clock_steps.stepped(SEEN, Tick("here", 1000, took), NOON + timedelta(seconds=took * share))
        is None
    )


def test_another_boots_seconds_prove_nothing():
    assert clock_steps.stepped(SEEN, Tick("there", 5.0), NOON + timedelta(days=1)) is None


def test_a_clock_before_what_was_seen_was_set_whatever_booted():
    assert clock_steps.stepped(SEEN, Tick("there", 5.0), NOON - timedelta(seconds=3)) is not None


def test_a_pair_is_good_for_two_hours():
    assert clock_steps.stepped(SEEN, Tick("here", 1000 + 7201), NOON + timedelta(days=1)) is None


def test_nothing_seen_is_no_step():
    assert clock_steps.stepped({}, Tick("here", 5.0), NOON) is None


def test_a_pair_is_kept_for_an_hour_and_then_taken_anew():
    assert clock_steps.renewed(SEEN, Tick("here", 1000 + 3599), NOON) is None
    assert clock_steps.renewed(SEEN, Tick("here", 1000 + 3601), NOON) == {
        "here": [NOON.timestamp(), 4601.0]
    }


def test_a_slow_reading_is_not_kept():
    assert clock_steps.renewed({}, Tick("here", 1000, 0.6), NOON) is None


def test_eight_boots_are_remembered_the_latest():
    seen: clock_steps.Seen = {}
    for number in range(20):
        seen = (
            clock_steps.renewed(seen, Tick(str(number), 1.0), NOON + timedelta(seconds=number))
            or {}
        )
    assert list(seen) == [str(number) for number in range(12, 20)]


def test_the_tick_goes_on():
    first = clock_steps.tick()
    assert clock_steps.tick().seconds >= first.seconds
    assert clock_steps.tick().boot == first.boot != ""
