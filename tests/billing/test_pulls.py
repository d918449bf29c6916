"""How calls come from VoiceTel into our copy: whatever is cut, late, changed or lost."""

from datetime import timedelta

import pytest

from apps.billing.calls import pull
from apps.billing.calls.pull import spans_of
from apps.billing.models import Books, Call, Pull, Span
from apps.sandbox.models import Call as Theirs
from apps.sandbox.models import World
from apps.voicetel import clock
from apps.voicetel.hour import line
from apps.voicetel.models import Wish
from tests.billing.books import HARBOR, ours, read, ring, theirs
from tests.hours import pass_time

OPERATION = "accountCdr"


@pytest.fixture
def harbor(cast, sandbox):
    """Harbor, whose only calls are those that a test makes."""
    Theirs.objects.filter(account=HARBOR).delete()
    World.objects.update(rung_until=now() + 10**9)  # no more come on their own
    return cast.harbor


def now() -> int:
    return int(clock.now().timestamp())


def ring_many(sandbox, many: int, *, every: int = 600, since: int = 0) -> None:
    first = since or now() - many * every
    for place in range(many):
        ring(sandbox, first + place * every)


def last(account) -> Pull:
    return Pull.objects.of(account).latest("pk")


def test_what_is_asked_stands_written_before_it_is_asked(harbor, sandbox):
    sandbox.fault(OPERATION, "drop_before")
    read(harbor, sandbox)
    asked = last(harbor)
    assert (asked.outcome, asked.rows) == (Pull.Outcome.LOST, 0)
    assert asked.end == pytest.approx(now() - 61 * 60 - 86_400, abs=10)
    assert spans_of(harbor) == ([], [])


def test_a_call_that_was_never_made_leaves_no_row(harbor, sandbox):
    sandbox.fault(OPERATION, "rate_limit")
    read(harbor, sandbox)
    assert sandbox.count(OPERATION) == 1
    assert Pull.objects.of(harbor).count() == 0


def test_calls_that_were_cut_off_come_with_the_next_looks_and_none_twice(harbor, sandbox):
    ring_many(sandbox, 40)
    sandbox.shorten(most_calls=7)
    read(harbor, sandbox, times=16)
    day = now() - 16 * 61 * 60
    assert [row for row in ours(harbor) if row[1] < day] == theirs(until=day)
    assert Call.objects.of(harbor).values("record").distinct().count() == len(ours(harbor))
    assert Pull.Outcome.CUT in {each.outcome for each in Pull.objects.of(harbor)}


def test_a_late_call_is_taken_in_and_counted(harbor, sandbox):
    ring_many(sandbox, 3)
    read(harbor, sandbox)
    late = ring(sandbox, now() - 4500, shown_at=now() + 60)
    read(harbor, sandbox, minutes=5)
    assert late.id not in {record for record, *_ in ours(harbor)}
    pass_time(sandbox, minutes=10)
    read(harbor, sandbox)
    assert late.id in {record for record, *_ in ours(harbor)}
    assert last(harbor).late == 1


def test_a_call_whose_price_changed_is_replaced(harbor, sandbox):
    call = ring(sandbox, now() - 600)
    read(harbor, sandbox)
    Theirs.objects.filter(pk=call.pk).update(cost=12_345)
    read(harbor, sandbox)
    assert ours(harbor) == [(call.id, call.at, 60, 12_345)]
    assert (last(harbor).new, last(harbor).changed) == (0, 1)


@pytest.mark.parametrize("kind", ["status", "html", "garbage", "drop_after", "cut_body"])
def test_a_lost_answer_changes_nothing_and_the_next_one_has_all(harbor, sandbox, kind):
    ring_many(sandbox, 3)
    read(harbor, sandbox)
    before = ours(harbor), spans_of(harbor)
    ring(sandbox, now() - 60)
    sandbox.fault(OPERATION, kind)
    read(harbor, sandbox)
    assert (ours(harbor), spans_of(harbor)) == before
    assert last(harbor).outcome == Pull.Outcome.LOST
    for _ in range(3):
        read(harbor, sandbox)
    assert ours(harbor) == theirs(until=now() - 3600)


def test_an_answer_with_another_accounts_calls_is_not_used(harbor, sandbox):
    ring_many(sandbox, 3)
    type(harbor).objects.filter(pk=harbor.pk).update(number="1000000009")
    read(type(harbor).objects.get(pk=harbor.pk), sandbox)
    assert last(harbor).outcome == Pull.Outcome.REFUSED
    assert ours(harbor) == []
    assert spans_of(harbor) == ([], [])


def test_hours_are_held_at_once_and_settled_a_day_later(harbor, sandbox):
    ring(sandbox, now() - 3600)
    read(harbor, sandbox, minutes=0)
    held, settled = spans_of(harbor)
    assert held[-1][1] == pytest.approx(now(), abs=5)
    assert settled == []
    pass_time(sandbox, hours=30)
    read(harbor, sandbox, minutes=11, times=3)
    held, settled = spans_of(harbor)
    assert len(held) == 1
    assert settled[-1][1] > now() - 28 * 3600
    assert Span.objects.of(harbor).count() == 2


def test_older_calls_are_walked_back_to_until_ninety_days_are_here(harbor, sandbox):
    begun = now()
    ring_many(sandbox, 30, every=2 * 86_400, since=begun - 60 * 86_400)
    ring(sandbox, begun - 100 * 86_400)
    read(harbor, sandbox, times=40)
    floor = Books.objects.of(harbor).get().floor
    assert spans_of(harbor)[0][0][0] == floor == pytest.approx(begun - 90 * 86_400, abs=5)
    assert ours(harbor) == theirs(since=floor, until=now() - 3600)


def test_a_day_without_calls_costs_one_question(harbor, sandbox):
    read(harbor, sandbox, minutes=0)
    assert last(harbor).outcome == Pull.Outcome.WHOLE
    (held,) = spans_of(harbor)[0]
    assert held[1] - held[0] == pytest.approx(86_400, abs=10)


def test_when_nobody_looks_calls_are_read_hourly_and_daily_where_nobody_calls(harbor, sandbox):
    read(harbor, sandbox, minutes=61)
    pull.want_all()
    assert not Wish.objects.filter(operation=OPERATION).exists()
    ring(sandbox, now() - 600)
    for _ in range(2):  # the second question is for the days before
        pass_time(sandbox, hours=25)
        pull.want_all()
        line.serve(everything=True)
    assert Call.objects.of(harbor).count() >= 1
    pass_time(sandbox, minutes=61)
    pull.want_all()
    pull.want_all()
    wish = Wish.objects.get(operation=OPERATION)
    assert (wish.call_class, wish.account) == ("behind", HARBOR)


def test_a_dead_key_asks_nothing_and_the_calls_stay(harbor, sandbox):
    ring(sandbox, now() - 600)
    read(harbor, sandbox)
    type(harbor).objects.filter(pk=harbor.pk).update(key_state="dead")
    asked = sandbox.count(OPERATION)
    read(type(harbor).objects.get(pk=harbor.pk), sandbox)
    assert sandbox.count(OPERATION) == asked
    assert len(ours(harbor)) == 1


def test_a_provider_whose_clock_is_ahead_is_believed_about_its_own_time(harbor, sandbox):
    ring(sandbox, now() + 3000, shown_at=now() + 3060)
    sandbox.advance(3600)
    read(harbor, sandbox, minutes=0)
    books = Books.objects.of(harbor).get()
    assert books.skew == pytest.approx(3600, abs=5)
    assert len(ours(harbor)) == 1
    assert books.read_at
    assert clock.now() - books.read_at < timedelta(minutes=1)
