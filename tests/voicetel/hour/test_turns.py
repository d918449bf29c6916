"""Each sentence of the line's rule, against any hour that chance makes up; and a day in which
strangers press /connect/.
"""

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.voicetel.hour import turns
from apps.voicetel.hour.rules import ACCOUNT, HOUR, Held

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
CLASSES = st.sampled_from(turns.ORDER)
WAITING = st.sets(CLASSES, min_size=1)
PAST = st.lists(st.tuples(st.integers(0, 4000), CLASSES), max_size=6)  # seconds ago, by which class


def held(past: list[tuple[int, str]]) -> list[Held]:
    return sorted(Held(NOON - timedelta(seconds=ago), call_class) for ago, call_class in past)


def lately(past: list[tuple[int, str]]) -> Counter[str]:
    return Counter(call_class for ago, call_class in past if ago < 3600)


def next_class(calls: list[Held], waiting: set[str], now: datetime = NOON) -> str | datetime | None:
    return turns.next(calls, {call_class: call_class for call_class in waiting}, now)


def play(
    comes: list[tuple[int, str]], hours: int, always: str = "", past: Sequence[Held] = ()
) -> list[tuple[datetime, str]]:
    """Calls of so many hours: who comes after how many minutes, in which class; in the class
    `always` somebody waits all the time. past: the calls before.
    """
    now, end, calls = NOON, NOON + hours * HOUR, list[tuple[datetime, str]]()
    waits = Counter({always: 10**9}) if always else Counter()
    to_come = deque(sorted((NOON + minutes * MINUTE, call_class) for minutes, call_class in comes))
    while now < end:
        while to_come and to_come[0][0] <= now:
            waits[to_come.popleft()[1]] += 1
        found = next_class(
            [*past, *(Held(at, call_class) for at, call_class in calls)][-6:],
            {call_class for call_class, count in waits.items() if count},
            now,
        )
        if isinstance(found, str):
            calls.append((now, found))
            waits[found] -= 1
            continue
        now = min(at for at in (found, to_come[0][0] if to_come else None, end) if at is not None)
    return calls


COMES = st.lists(st.tuples(st.integers(0, 5 * 60), CLASSES), max_size=60)
STRANGERS = st.lists(
    st.tuples(st.integers(0, 5 * 60), st.sampled_from(("looking", "newcomers"))), max_size=60
)
PEOPLE = st.lists(
    st.tuples(st.integers(0, 5 * 60), st.sampled_from(("owners", "looking", "newcomers"))),
    max_size=60,
)


def in_any_hour(calls: list[tuple[datetime, str]], call_class: str = "") -> int:
    """The most calls of one hour."""
    times = [at for at, of in calls if call_class in {"", of}]
    return max(
        (bisect_right(times, at + HOUR - SECOND / 1000) - n for n, at in enumerate(times)),
        default=0,
    )


# Who is first


@given(PAST, WAITING)
def test_an_owner_goes_before_everybody_else(past, waiting):
    found = next_class(held(past), waiting | {"owners"})
    others = {
        call_class
        for call_class, least in turns.LEAST.items()
        if call_class in waiting and lately(past)[call_class] < least
    }
    assert found == "owners" or isinstance(found, datetime) or found in others


@given(PAST, WAITING)
def test_who_looks_goes_before_newcomers_and_what_runs_behind(past, waiting):
    waiting = waiting - {"owners"} | {"looking"}
    found = next_class(held(past), waiting)
    owed = {
        call_class
        for call_class, least in turns.LEAST.items()
        if call_class in waiting and lately(past)[call_class] < least
    }
    assert found == "looking" or isinstance(found, datetime) or found in owed


def test_in_a_fresh_hour_they_go_in_order():
    assert [
        of for _, of in play([(0, call_class) for call_class in reversed(turns.ORDER)], 1)
    ] == list(turns.ORDER)


def test_where_nobody_waits_there_is_no_turn():
    assert next_class([], set()) is None


# How much


@given(COMES, st.sampled_from(("", *turns.ORDER)))
def test_no_hour_ever_holds_a_seventh(comes, always):
    assert in_any_hour(play(comes, 6, always)) <= 6


@given(COMES)
def test_newcomers_have_two_calls_of_any_hour_at_most(comes):
    assert in_any_hour(play(comes, 6, "newcomers"), "newcomers") <= 2


BUSY = [(minute, "looking") for minute in range(0, 360, 7)]


@given(STRANGERS)
def test_what_runs_behind_has_two_calls_of_any_hour_when_it_is_due(comes):
    """The hour is never so full of others that two are not left, and two are had, if need be a pace
    later.
    """
    calls = play([*comes, *BUSY], 6, "behind")
    assert in_any_hour([(at, "other") for at, of in calls if of != "behind"]) <= 4
    least(calls, "behind", 2)


@given(PEOPLE)
def test_owners_make_what_runs_behind_wait_for_its_two_and_never_for_an_hour_more(comes):
    calls = play([*comes, *BUSY], 6, "behind")
    assert in_any_hour([(at, of) for at, of in calls if of not in {"behind", "owners"}]) <= 4
    least(calls, "behind", 2, late=HOUR)


def test_an_owner_does_not_wait_for_what_is_owed_to_what_runs_behind_and_a_fourth_one_does():
    calls = held([(100 * n + 100, "looking") for n in range(4)])
    assert next_class(calls, {"owners", "behind"}) == "owners"
    calls = held([(100 * n + 100, "owners") for n in range(turns.FIRST)] + [(3000, "looking")])
    assert next_class(calls, {"owners", "behind"}) == "behind"


@given(PEOPLE)
def test_newcomers_have_one_call_of_any_hour_when_one_waits(comes):
    calls = play([*comes, *BUSY], 6, "newcomers")
    assert in_any_hour([(at, "other") for at, of in calls if of != "newcomers"]) <= 5
    least(calls, "newcomers", 1)


def least(
    calls: list[tuple[datetime, str]],
    call_class: str,
    many: int,
    late: timedelta = turns.PACE + 25 * SECOND,
) -> None:
    times = [NOON, *(at for at, of in calls if of == call_class), NOON + 6 * HOUR]
    assert (
        max(late - early for early, late in zip(times, times[many:], strict=False)) <= HOUR + late
    )


def test_owners_and_lookers_may_have_all_six_when_nobody_else_waits():
    assert [of for _, of in play([(0, "looking")] * 9, 1)] == ["looking"] * 6


# Never left unused, never hoarded, paced


@given(PAST, WAITING)
def test_a_free_call_is_served_as_soon_as_an_owner_or_a_looker_waits(past, waiting):
    free = sum(lately(past).values()) < ACCOUNT.size
    if free and waiting & turns.URGENT:
        assert next_class(held(past), waiting) in waiting


@given(PAST, WAITING)
def test_with_nobody_urgent_a_free_call_waits_for_the_pace_alone(past, waiting):
    waiting = waiting - turns.URGENT
    had, last = lately(past), min((ago for ago, _ in past if ago < 3600), default=3600)
    full = had["newcomers"] >= 2 if waiting == {"newcomers"} else False
    if (
        waiting
        and sum(had.values()) < ACCOUNT.size
        and last >= turns.PACE.total_seconds()
        and not full
    ):
        assert next_class(held(past), waiting) in waiting


@given(PAST, WAITING)
def test_the_time_it_names_is_when_somebody_is_served_and_not_later(past, waiting):
    found = next_class(held(past), waiting)
    if isinstance(found, datetime):
        assert found > NOON
        assert next_class(held(past), waiting, found) in waiting
        assert not isinstance(next_class(held(past), waiting, found - SECOND / 1000), str)


@given(PAST, CLASSES)
def test_nothing_is_kept_for_a_class_in_which_nobody_waits(past, call_class):
    """Alone in line it waits for the hour, its own most, and its pace; what others might have had
    is its own.
    """
    calls = sum(lately(past).values())
    if calls < ACCOUNT.size and lately(past)[call_class] < (2 if call_class == "newcomers" else 6):
        found = next_class(held(past), {call_class})
        last = (
            max(call.at for call in held(past) if call.at > NOON - HOUR) if calls else NOON - HOUR
        )
        assert found == (
            call_class
            if call_class in turns.URGENT or last + turns.PACE <= NOON
            else last + turns.PACE
        )


def test_what_runs_behind_alone_uses_all_six_spread_over_the_hour():
    calls = [at for at, _ in play([], 24, "behind")]
    assert len(calls) == 24 * 6
    assert max(later - earlier for earlier, later in pairwise(calls)) <= timedelta(minutes=13)


def test_an_owner_finds_a_call_within_minutes_while_all_six_are_used_behind():
    for minute in range(60, 120):
        calls = play([(minute, "owners")], 3, "behind")
        came, served = NOON + minute * MINUTE, next(at for at, of in calls if of == "owners")
        assert served - came <= timedelta(minutes=13)


# Looking ahead


@given(COMES, CLASSES)
def test_the_projected_turn_is_the_turn(comes, call_class):
    """With nobody coming after, and answers that take no longer than projected."""
    waiting = Counter(of for _, of in comes) + Counter([call_class])
    calls = list(turns.project([], waiting, NOON))
    assert Counter(of for of, _ in calls) == waiting
    assert in_any_hour([(at, of) for of, at in calls]) <= 6
    for ahead in (0, waiting[call_class] - 1):
        mine = [at for of, at in calls if of == call_class][ahead]
        assert turns.about([], waiting, call_class, ahead, NOON) == mine


@pytest.mark.parametrize(
    ("call_class", "an_hour"), [("newcomers", 2), ("looking", 6), ("behind", 6)]
)
def test_far_back_in_line_the_time_is_within_a_tenth(call_class, an_hour):
    found = turns.about([], {call_class: 5000}, call_class, 4999, NOON) - NOON
    assert found / HOUR == pytest.approx(5000 / an_hour, rel=0.1)


@given(PAST, COMES, WAITING, st.integers(0, 3))
def test_a_newcomer_is_served_at_the_latest_by_the_time_that_was_named(past, comes, others, ahead):
    """Whoever waits already, and whoever comes meanwhile."""
    mine = [(0, "newcomers")] * (ahead + 1)
    others = others - {"newcomers"}
    crowd = [(0, call_class) for call_class in others for _ in range(9)]
    comes = [(minute, of) for minute, of in comes if of != "newcomers"]
    counts = Counter(of for _, of in [*mine, *crowd])
    named = turns.latest("newcomers", ahead, NOON)
    assert named is not None
    calls = play([*mine, *crowd, *comes], 8, past=held(past))
    assert [at for at, of in calls if of == "newcomers"][ahead] <= named
    assert turns.about(held(past), counts, "newcomers", ahead, NOON) <= named


def test_two_free_calls_are_no_hour_for_the_first_newcomer():
    spent = held([(60 * minute, "owners") for minute in (5, 11, 12, 13)])
    assert turns.about(spent, {"newcomers": 1}, "newcomers", 0, NOON) - NOON <= 5 * MINUTE


def test_no_latest_time_is_named_to_whom_nothing_is_kept():
    others = [call_class for call_class in turns.ORDER if call_class != "newcomers"]
    assert [turns.latest(call_class, 0, NOON) for call_class in others] == [None] * 3


# The flood of TRUST.md section 6


def test_ten_thousand_strangers_keep_no_owner_waiting_for_twenty_minutes():
    """A day: 10,000 newcomers from 1,000 networks, two owners an hour at the worst of times,
    accounts due all the time.
    """
    for offset in range(0, 30, 3):
        comes = [(60 * hour + offset + half, "owners") for hour in range(24) for half in (0, 30)]
        calls = play([*comes, *((0, "newcomers") for _ in range(10_000))], 25, "behind")
        served = [at for at, of in calls if of == "owners"]
        waited = [
            at - NOON - minutes * MINUTE for (minutes, _), at in zip(comes, served, strict=False)
        ]
        assert len(served) == 48
        assert max(waited) <= timedelta(minutes=20)
        newcomers = [at for at, of in calls if of == "newcomers"]
        assert 48 <= len(newcomers) <= 50
        assert in_any_hour(calls, "newcomers") == 2
        assert in_any_hour(calls) == 6
