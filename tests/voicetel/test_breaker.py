"""While the provider is down nobody waits for it; when it is back, everyone knows within half a
minute.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from apps.sandbox.front.adapter import InProcess
from apps.voicetel import breaker, clock
from apps.voicetel.breaker import FAILURES, PAUSE, Guard
from apps.voicetel.client import Client, NotSent, OutcomeUnknown, Transport, Unavailable
from apps.voicetel.models import Breaker

pytestmark = pytest.mark.django_db


def fail(times: int, operation: str = "numbersList") -> None:
    for _ in range(times):
        Guard().report(operation, ok=False)


def fail_all() -> None:
    """As many failures in a row as it takes, of two operations."""
    fail(FAILURES - 1)
    fail(1, "gatewaysList")


def all_stopped() -> bool:
    """Whether every operation is refused, and not those alone that failed."""
    return Breaker.objects.filter(pk=breaker.PROVIDER, opened_at__isnull=False).exists()


def refused(operation: str) -> bool:
    try:
        Guard().check(operation)
    except NotSent:
        return True
    return False


def test_all_well_costs_one_query_a_second(django_assert_num_queries: Callable[..., object]):
    with django_assert_num_queries(1):
        for _ in range(50):
            Guard().check("numbersList")
            Guard().report("numbersList", ok=True)


def test_failures_in_a_row_of_two_operations_open_it_for_every_operation():
    fail(FAILURES - 1)
    assert not refused("numbersList")
    fail(1, "gatewaysList")
    assert all_stopped()
    assert refused("numbersList")
    assert refused("orderCreate")


def test_an_operation_that_is_broken_alone_is_refused_and_stops_no_other():
    fail(FAILURES)
    assert refused("numbersList")
    assert not all_stopped()
    assert not refused("orderCreate")
    Guard().report("orderCreate", ok=True)
    assert refused("numbersList")


def test_while_one_operation_is_broken_another_may_fail_now_and_then():
    fail(FAILURES)
    fail(FAILURES - 2, "gatewaysList")
    assert not all_stopped()
    fail(1, "gatewaysList")
    assert all_stopped()


def test_answers_of_others_cost_no_writing_while_one_operation_is_broken(
    django_assert_num_queries: Callable[..., object],
):
    fail(FAILURES)
    clock.about_now()
    with django_assert_num_queries(1):
        for _ in range(10):
            Guard().check("orderCreate")
            Guard().report("orderCreate", ok=True)


def test_what_is_broken_by_itself_stays_refused_when_the_provider_is_back():
    fail(FAILURES)
    fail(FAILURES - 1, "gatewaysList")
    assert all_stopped()
    clock.advance(31)
    Guard().report("gatewaysList", ok=True)
    assert not all_stopped()
    assert not any(refused("gatewaysList") for _ in range(3))
    assert [refused("numbersList") for _ in range(3)] == [False, True, True]


def test_one_answer_begins_the_row_anew():
    fail(FAILURES - 1)
    Guard().report("orderCreate", ok=True)
    fail_all()
    assert all_stopped()
    Guard().report("orderCreate", ok=True)
    fail(FAILURES - 2)
    fail(1, "gatewaysList")
    assert not all_stopped()
    assert not refused("numbersList")


def test_failures_long_ago_are_no_row():
    fail(FAILURES - 1)
    clock.advance(301)
    fail(1, "gatewaysList")
    fail(1)
    assert not all_stopped()
    assert not refused("numbersList")


def test_after_half_a_minute_one_call_of_each_operation_tries():
    fail_all()
    clock.advance(PAUSE.total_seconds() + 1)
    assert [refused("numbersList") for _ in range(5)] == [False, True, True, True, True]
    assert [refused("gatewaysList") for _ in range(3)] == [False, True, True]


def test_a_trial_that_fails_keeps_it_open_for_another_half_minute():
    fail(FAILURES)
    clock.advance(31)
    assert not refused("numbersList")
    fail(1)
    clock.advance(29)
    assert refused("numbersList")
    clock.advance(2)
    assert not refused("numbersList")


def test_a_trial_that_works_lets_everyone_through():
    fail_all()
    clock.advance(31)
    assert not refused("orderCreate")
    Guard().report("orderCreate", ok=True)
    assert not all_stopped()
    assert not any(
        refused(operation)
        for operation in ("numbersList", "gatewaysList", "orderCreate")
        for _ in range(5)
    )


def test_a_trial_that_works_lets_its_operation_through_that_was_broken_alone():
    fail(FAILURES)
    clock.advance(31)
    assert not refused("numbersList")
    Guard().report("numbersList", ok=True)
    assert not any(refused("numbersList") for _ in range(5))


@pytest.mark.parametrize("tried", [True, False])
def test_a_clock_that_is_set_back_does_not_keep_it_open(time_machine: Any, tried: bool):
    now = datetime.now(UTC)
    time_machine.move_to(now + timedelta(hours=2), tick=False)
    fail_all()
    if tried:
        clock.advance(31)
        assert not refused("numbersList")
        fail(1)
    time_machine.move_to(now, tick=False)
    breaker.forget()
    assert [refused("numbersList") for _ in range(3)] == [False, True, True]
    Guard().report("numbersList", ok=True)
    assert not all_stopped()


def test_ten_minutes_of_storm_are_a_call_in_half_a_minute_for_each_operation():
    fail(FAILURES)
    sent = 0
    for _ in range(600):
        clock.advance(1)
        if not refused("numbersList"):
            sent += 1
            fail(1)
    assert 18 <= sent <= 20


def test_another_process_learns_of_it_within_a_second():
    Guard().check("numbersList")  # remembers that all is well
    Breaker.objects.create(pk=breaker.PROVIDER, failures=FAILURES, opened_at=clock.about_now())
    breaker.forget()  # as a second later
    assert refused("numbersList")


def test_without_its_table_calls_go_through():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE voicetel_breaker RENAME TO gone")
    assert not refused("numbersList")
    Guard().report("numbersList", ok=False)


# With the client, against the sandbox


def client(key: str) -> Client:
    return Client(Transport("http://sandbox.test", adapter=InProcess(), guard=Guard()), key)


def test_a_change_is_sent_once_or_not_at_all(sandbox: object):
    """Answers lost after the change was made are in doubt, each sent once; once it is open nothing
    leaves us.
    """
    sandbox.lose_answer("numbersForwardSet", times=None)
    provider = client(sandbox.key("1000000001"))
    number = sandbox.numbers_of("1000000001")[0]
    for _ in range(FAILURES):
        with pytest.raises(OutcomeUnknown):
            provider.numbers.set_forward(number, "2015551234")
    for _ in range(3):
        with pytest.raises(NotSent):
            provider.numbers.set_forward(number, "2015551234")
    assert sandbox.count("numbersForwardSet") == FAILURES


def test_a_read_fails_quickly_while_it_is_open(sandbox: object):
    sandbox.down()
    provider = client(sandbox.key("1000000001"))
    ended = []
    for _ in range(FAILURES + 3):
        with pytest.raises((Unavailable, NotSent)) as caught:
            provider.numbers.list()
        ended.append(type(caught.value))
    assert ended[-3:] == [NotSent] * 3
    assert sandbox.count("numbersList") == FAILURES


def test_refusals_of_the_provider_are_answers(sandbox: object):
    sandbox.refuse("gatewaysList", 403, times=None)
    for _ in range(FAILURES + 1):
        with pytest.raises(Exception, match="Refused"):
            client(sandbox.key("1000000001")).gateways.list()
    assert not all_stopped()
