"""While the provider is down nobody waits for it; when it is back, everyone knows within half a
minute. What is broken for one account stops that account only.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from apps.sandbox.front.adapter import InProcess
from apps.voicetel import breaker, clock
from apps.voicetel.breaker import FAILURES, ONE_ACCOUNT, PAUSE, Guard
from apps.voicetel.client import Client, NotSent, OutcomeUnknown, Transport, Unavailable
from apps.voicetel.models import Breaker, Failing

pytestmark = pytest.mark.django_db


ANNE, BEN, CARL = "1000000001", "1000000002", "1000000003"


def fail(times: int, operation: str = "numbersList", account: str = ANNE) -> None:
    for _ in range(times):
        Guard(account).report(operation, ok=False)


def work(operation: str, account: str = CARL) -> None:
    Guard(account).report(operation, ok=True)


def fail_all() -> None:
    """As many failures as it takes, of two accounts and two operations."""
    fail(ONE_ACCOUNT)
    fail(FAILURES - ONE_ACCOUNT, "gatewaysList", BEN)


def all_stopped() -> bool:
    """Whether every operation is refused, and not those alone that failed."""
    return Breaker.objects.filter(pk=breaker.PROVIDER, opened_at__isnull=False).exists()


def refused(operation: str, account: str = CARL) -> bool:
    try:
        Guard(account).check(operation)
    except NotSent:
        return True
    return False


def test_all_well_costs_one_query_a_second(django_assert_num_queries: Callable[..., object]):
    clock.about_now()
    with django_assert_num_queries(1):
        for _ in range(50):
            Guard(ANNE).check("numbersList")
            Guard(ANNE).report("numbersList", ok=True)


# One account


@pytest.mark.parametrize("times", [FAILURES, 100])
@pytest.mark.parametrize("operations", [["numbersList"], ["numbersList", "numbersForwardSet"]])
def test_what_fails_for_one_account_is_refused_to_that_account_only(
    times: int, operations: list[str]
):
    for _ in range(times):
        for operation in operations:
            fail(1, operation)
    assert all(refused(operation, ANNE) for operation in operations)
    for account in (BEN, CARL, ""):
        assert not any(refused(operation, account) for operation in [*operations, "orderCreate"])


def test_an_operation_that_is_broken_alone_stops_no_other_of_its_account():
    fail(FAILURES)
    assert refused("numbersList", ANNE)
    assert not refused("orderCreate", ANNE)
    work("orderCreate", ANNE)
    assert refused("numbersList", ANNE)


def test_two_operations_that_fail_stop_all_of_their_account():
    fail(FAILURES - 1)
    fail(1, "gatewaysList")
    assert refused("orderCreate", ANNE)
    assert not refused("orderCreate", BEN)


def test_an_account_tries_its_own_broken_operation_every_half_minute():
    fail(FAILURES)
    clock.advance(31)
    assert [refused("numbersList", ANNE) for _ in range(3)] == [False, True, True]
    fail(1)
    clock.advance(29)
    assert refused("numbersList", ANNE)
    clock.advance(2)
    assert not refused("numbersList", ANNE)
    work("numbersList", ANNE)
    assert not any(refused("numbersList", ANNE) for _ in range(5))


def test_an_account_that_fails_all_day_and_another_that_fails_once_stop_nobody():
    for _ in range(100):
        fail(1)
        fail(1, "numbersForwardSet")
        clock.advance(31)
    fail(1, "numbersList", BEN)
    assert not refused("numbersList")
    assert not all_stopped()


def test_five_accounts_that_fail_all_day_stop_nobody():
    for _ in range(30):
        for number in range(5):
            fail(1, "numbersList", f"200000000{number}")
            work("numbersList")
        clock.advance(31)
    for number in range(5):
        fail(1, "numbersList", f"200000000{number}")
    assert not refused("numbersList")


def test_ten_minutes_of_storm_are_a_call_in_half_a_minute_of_each_operation():
    fail(FAILURES)
    sent = 0
    for _ in range(600):
        clock.advance(1)
        if not refused("numbersList", ANNE):
            sent += 1
            fail(1)
    assert 18 <= sent <= 20


# Everyone


def test_failures_of_two_accounts_stop_their_operation_for_everyone():
    fail(ONE_ACCOUNT)
    fail(FAILURES - ONE_ACCOUNT - 1, account=BEN)
    assert not refused("numbersList")
    fail(1, account=BEN)
    assert refused("numbersList")
    assert not refused("orderCreate")


def test_an_account_that_is_refused_already_counts_for_less():
    fail(FAILURES)
    fail(2, account=BEN)
    assert not refused("numbersList")
    fail(1, account=BEN)
    assert refused("numbersList")


def test_failures_of_two_accounts_and_two_operations_stop_everything():
    fail(ONE_ACCOUNT)
    assert not all_stopped()
    fail(FAILURES - ONE_ACCOUNT, "gatewaysList", BEN)
    assert all_stopped()
    assert refused("orderCreate")


def test_a_call_that_works_meanwhile_speaks_for_the_provider():
    fail(ONE_ACCOUNT)
    work("orderCreate")
    fail(FAILURES - ONE_ACCOUNT, "gatewaysList", BEN)
    assert not all_stopped()
    assert not refused("numbersList")


def test_failures_long_ago_are_no_row():
    fail(FAILURES - 1)
    clock.advance(301)
    fail(FAILURES - ONE_ACCOUNT, "gatewaysList", BEN)
    fail(1)
    assert not all_stopped()
    assert not refused("numbersList", ANNE)


def test_answers_of_others_cost_one_write_at_most_while_one_operation_is_broken(
    django_assert_num_queries: Callable[..., object],
):
    fail(FAILURES)
    work("orderCreate")
    clock.about_now()
    with django_assert_num_queries(1):
        for _ in range(10):
            Guard(CARL).check("orderCreate")
            work("orderCreate")


def test_the_trial_is_made_by_another_account_than_the_one_that_failed():
    fail_all()
    clock.advance(31)
    assert refused("gatewaysList", BEN)
    assert [refused("gatewaysList") for _ in range(3)] == [False, True, True]


@pytest.mark.parametrize("broken", [ANNE, BEN])
def test_an_account_that_is_broken_itself_makes_no_trial_for_the_others(broken: str):
    fail(FAILURES)
    fail(FAILURES, account=BEN)
    clock.advance(31)
    assert refused("numbersList", broken)
    assert not refused("numbersList", CARL)


def test_where_no_other_account_comes_the_one_that_failed_tries_after_two_minutes():
    fail_all()
    clock.advance(119)
    assert refused("gatewaysList", BEN)
    clock.advance(2)
    assert not refused("gatewaysList", BEN)
    work("gatewaysList", BEN)
    assert not all_stopped()


def test_after_half_a_minute_one_call_of_each_operation_tries():
    fail_all()
    clock.advance(PAUSE.total_seconds() + 1)
    for operation in ("numbersList", "gatewaysList", "orderCreate"):
        assert [refused(operation) for _ in range(3)] == [False, True, True]


def test_a_trial_that_works_lets_everyone_through():
    fail_all()
    clock.advance(31)
    assert not refused("orderCreate")
    work("orderCreate")
    assert not all_stopped()
    for operation in ("numbersList", "gatewaysList", "orderCreate"):
        assert not any(refused(operation) for _ in range(5))


def test_a_trial_that_works_leaves_refused_what_another_account_is_refused():
    fail(FAILURES)
    fail(FAILURES - ONE_ACCOUNT, "numbersList", BEN)
    clock.advance(31)
    assert not refused("numbersList", CARL)
    work("numbersList", CARL)
    assert not any(refused("numbersList", account) for account in (BEN, CARL) for _ in range(3))
    assert [refused("numbersList", ANNE) for _ in range(3)] == [False, True, True]


def test_what_is_broken_for_everyone_stays_refused_when_another_operation_works():
    fail(ONE_ACCOUNT)
    fail(FAILURES - ONE_ACCOUNT, "numbersList", BEN)
    work("orderCreate")
    assert refused("numbersList")
    assert not refused("orderCreate")


# Connections


def test_connections_that_never_open_stop_everything_and_are_no_accounts_fault():
    for _ in range(FAILURES):
        assert not all_stopped()
        Guard(ANNE).report("numbersList", ok=False, connected=False)
    assert all_stopped()
    assert refused("orderCreate", BEN)
    assert not Failing.objects.exists()
    clock.advance(31)
    assert not refused("numbersList", ANNE)
    work("numbersList", ANNE)
    assert not any(refused("orderCreate", account) for account in (ANNE, BEN, CARL))


def test_connections_and_answers_are_counted_apart():
    for _ in range(FAILURES - 1):
        Guard(ANNE).report("numbersList", ok=False, connected=False)
    fail(FAILURES - 1, "gatewaysList")
    assert not all_stopped()
    assert not refused("gatewaysList", ANNE)


# The rows


@pytest.mark.parametrize("tried", [True, False])
def test_a_clock_that_is_set_back_does_not_keep_it_open(time_machine: Any, tried: bool):
    now = datetime.now(UTC)
    time_machine.move_to(now + timedelta(hours=2), tick=False)
    fail_all()
    if tried:
        clock.advance(31)
        assert not refused("numbersList")
        fail(1, account=CARL)
    time_machine.move_to(now, tick=False)
    breaker.forget()
    dora = "1000000004"
    assert [refused("numbersList", dora) for _ in range(3)] == [False, True, True]
    work("numbersList", dora)
    assert not all_stopped()


def test_another_process_learns_of_it_within_a_second():
    Guard(CARL).check("numbersList")  # remembers that all is well
    Breaker.objects.create(pk=breaker.PROVIDER, opened_at=clock.about_now())
    breaker.forget()  # as a second later
    assert refused("numbersList")


def test_without_its_tables_calls_go_through():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE voicetel_breaker RENAME TO gone")
    assert not refused("numbersList")
    fail(1)
    work("numbersList")


# With the client, against the sandbox


def client(key: str) -> Client:
    return Client(Transport("http://sandbox.test", adapter=InProcess(), guard=Guard()), key)


def test_a_change_is_sent_once_or_not_at_all(sandbox: object):
    """Answers lost after the change was made are in doubt, each sent once; once they are refused,
    nothing leaves us.
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
