"""The rules of the sliding hour, without a database."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from apps.voicetel.hour.rules import ACCOUNT, CLASSES, HOUR, Held, full_until, obeyed

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
classes = st.sampled_from(sorted(CLASSES))
asked = st.lists(st.tuples(st.integers(0, 4 * 3600), classes), max_size=80).map(sorted)


@given(asked)
def test_no_hour_holds_more_than_the_pool_or_a_class_allows(times: list[tuple[int, str]]):
    held: list[Held] = []
    for second, call_class in times:
        at = NOON + timedelta(seconds=second)
        if full_until(held, ACCOUNT, CLASSES[call_class], at) is None:
            held.append(Held(at, call_class))
    for call in held:
        hour = [other for other in held if call.at <= other.at < call.at + HOUR]
        assert len(hour) <= ACCOUNT.size
        assert all(
            sum(other.call_class == call_class.name for other in hour) <= call_class.most
            for call_class in CLASSES.values()
        )


@given(asked, classes, st.integers(0, 4 * 3600))
def test_a_refusal_says_the_first_moment_with_room(
    times: list[tuple[int, str]], call_class: str, second: int
):
    held: list[Held] = []
    for other, name in times:
        at = NOON + timedelta(seconds=other)
        if full_until(held, ACCOUNT, CLASSES[name], at) is None:
            held.append(Held(at, name))
    now = max([NOON + timedelta(seconds=second), *(call.at for call in held)])
    until = full_until(held, ACCOUNT, CLASSES[call_class], now)
    if until is not None:
        assert now < until <= now + HOUR
        assert full_until(held, ACCOUNT, CLASSES[call_class], until) is None
        assert (
            full_until(held, ACCOUNT, CLASSES[call_class], until - timedelta(microseconds=1))
            is not None
        )


@given(asked, classes)
def test_the_newest_six_say_as_much_as_all(times: list[tuple[int, str]], call_class: str):
    held = [Held(NOON + timedelta(seconds=second), name) for second, name in times]
    newest = sorted(held)[-ACCOUNT.size :]
    now = max((call.at for call in held), default=NOON)
    assert (full_until(held, ACCOUNT, CLASSES[call_class], now) is None) == (
        full_until(newest, ACCOUNT, CLASSES[call_class], now) is None
    )


@given(st.none() | st.timedeltas())
def test_a_429_is_obeyed_for_more_than_nothing_and_an_hour_at_most(wait: timedelta | None):
    assert timedelta(0) < obeyed(wait) <= HOUR


def test_a_429_is_obeyed_as_it_says():
    assert obeyed(timedelta(seconds=17)) == timedelta(seconds=17)
    for nonsense in (None, timedelta(0), timedelta(seconds=-5), timedelta(days=400)):
        assert obeyed(nonsense) == HOUR
