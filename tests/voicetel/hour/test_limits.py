"""What the provider says to one key is obeyed for that key; for everyone only on evidence."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from apps.sandbox.front.adapter import InProcess
from apps.voicetel import clock
from apps.voicetel.client import BudgetSpent, Client, RateLimited, Transport
from apps.voicetel.hour import budget, limits
from apps.voicetel.hour.limits import ENOUGH, EVERYONE, FOLLOW, GRACE
from apps.voicetel.hour.meter import Meter
from apps.voicetel.hour.rules import HOUR, JOINED
from apps.voicetel.hour.turns import by_account
from apps.voicetel.models import Limit, Spent, Turn

pytestmark = pytest.mark.django_db

FORWARD = "numbersForwardSet"
ANNE, BEN, CARL, DORA = "1000000001", "1000000002", "1000000003", "1000000004"
SECOND = timedelta(seconds=1)
BRIEF, LONG = 20 * SECOND, timedelta(minutes=50)


def limit(account: str, wait: timedelta | None = BRIEF, about: int = 0) -> None:
    Meter("behind", account, about).shut(None, FORWARD, wait)


def send(account: str, about: int = 0, operation: str = FORWARD) -> None:
    """A call that works. Raises BudgetSpent where it may not go."""
    meter = Meter("behind", account, about)
    ticket = meter.reserve(None, operation)
    meter.settle(ticket)
    meter.worked(ticket, None, operation)


def waits(account: str, about: int = 0) -> datetime:
    """Until when a call is put off."""
    with pytest.raises(BudgetSpent) as caught:
        Meter("behind", account, about).reserve(None, FORWARD)
    return caught.value.retry_at


def goes(account: str, about: int = 0) -> bool:
    try:
        send(account, about)
    except BudgetSpent:
        return False
    return True


def limited_for_everyone() -> bool:
    return Limit.objects.filter(operation=FORWARD, account=EVERYONE).exists()


def pass_time(time: timedelta) -> None:
    clock.advance(time.total_seconds())


# One account


@pytest.mark.parametrize("wait", [BRIEF, timedelta(minutes=5), None])
def test_a_429_to_one_account_holds_back_that_accounts_operation_alone(wait: timedelta | None):
    limit(ANNE, wait)
    until = clock.now() + (HOUR if wait is None else wait)
    assert abs(waits(ANNE) - until) < SECOND
    for account in (BEN, CARL, ""):
        assert goes(account)
    send(ANNE, operation="numbersRoute")
    assert not limited_for_everyone()
    assert not Spent.objects.exists()


@pytest.mark.parametrize("wait", [BRIEF, LONG, None])
def test_no_429_of_an_operation_outside_the_pool_shuts_the_pool(wait: timedelta | None):
    for account in (ANNE, BEN):
        limit(account, wait)
    assert budget.outlook().left == 6
    Meter("owners", CARL).reserve("account", "accountGet")


def test_the_wait_ends_by_itself_and_costs_nothing():
    limit(ANNE)
    pass_time(BRIEF)
    assert all(goes(ANNE) for _ in range(10))
    assert not Limit.objects.exists()


def test_accounts_that_are_limited_at_different_times_prove_nothing():
    limit(ANNE)
    pass_time(BRIEF + SECOND)
    limit(BEN)
    assert not limited_for_everyone()
    assert goes(CARL)


def test_a_third_account_that_is_served_meanwhile_disproves_it():
    limit(ANNE)
    assert goes(CARL)
    limit(BEN)
    assert not limited_for_everyone()
    assert goes(CARL)


# Everyone


def test_two_accounts_that_are_limited_at_once_let_everyone_wait():
    limit(ANNE)
    limit(BEN)
    assert waits(CARL) > clock.now() + BRIEF - SECOND
    assert goes(CARL, 0) is False
    send(CARL, operation="numbersRoute")


def test_after_a_brief_wait_one_goes_first_and_lets_all_others_follow():
    limit(ANNE, about=1)
    limit(BEN, about=2)
    waits(CARL, 3)
    pass_time(BRIEF + SECOND)
    first = Meter("behind", ANNE, 1)
    ticket = first.reserve(None, FORWARD)
    assert waits(BEN, 2) > clock.now() + FOLLOW - SECOND
    first.settle(ticket)
    first.worked(ticket, None, FORWARD)
    assert not limited_for_everyone()
    assert all(goes(account, about) for account, about in ((BEN, 2), (CARL, 3), (DORA, 4)))
    assert not Spent.objects.exists()


def test_a_429_to_the_one_that_goes_first_lets_all_wait_again_and_it_goes_to_the_end():
    limit(ANNE, about=1)
    limit(BEN, about=2)
    pass_time(BRIEF + SECOND)
    Meter("behind", ANNE, 1).reserve(None, FORWARD)
    limit(ANNE, about=1)
    assert waits(CARL, 3) > clock.now() + BRIEF - SECOND
    pass_time(BRIEF + SECOND)
    assert not goes(ANNE, 1)
    assert goes(BEN, 2)


def test_one_that_went_first_and_never_left_holds_nobody_up():
    limit(ANNE)
    limit(BEN)
    pass_time(BRIEF + SECOND)
    meter = Meter("behind", ANNE)
    meter.release(meter.reserve(None, FORWARD))
    assert goes(BEN)


def test_no_later_press_overtakes_one_that_waits():
    limit(ANNE, about=1)
    limit(BEN, about=2)
    pass_time(BRIEF + SECOND)
    assert not goes(CARL, 9)
    assert not goes(BEN, 2)
    assert goes(ANNE, 1)


def test_one_that_never_came_back_loses_its_turn():
    limit(ANNE, about=1)
    limit(BEN, about=2)
    waits(CARL, 3)
    pass_time(BRIEF + SECOND)
    assert not goes(CARL, 3)
    pass_time(GRACE)
    assert goes(CARL, 3)


def test_an_account_whose_own_wait_is_longer_holds_up_nobody():
    limit(ANNE, timedelta(minutes=20))
    limit(BEN)
    waits(CARL)
    pass_time(BRIEF + SECOND)
    assert goes(BEN)
    assert waits(ANNE) > clock.now() + timedelta(minutes=19)


# The hour


def join() -> None:
    Limit.objects.create(
        operation=FORWARD, account=EVERYONE, at=clock.now(), proven=True, hourly=True
    )
    limits.forget()


@pytest.mark.parametrize(
    ("waits_of", "hourly"),
    [
        ([LONG], True),
        ([timedelta(minutes=29)], None),
        ([None], None),
        ([LONG, BRIEF], True),
        ([None, None], True),
        ([BRIEF, BRIEF], False),
    ],
)
def test_an_operation_spends_the_hour_only_when_its_wait_looks_like_it(
    waits_of: list[timedelta | None], hourly: bool | None
):
    for account, wait in zip((ANNE, BEN), waits_of, strict=False):
        limit(account, wait)
    found = Limit.objects.filter(account=EVERYONE).values_list("hourly", flat=True).first()
    assert found is hourly


def test_a_long_wait_of_one_account_lasts_for_others_until_one_of_them_is_served():
    limit(ANNE, LONG)
    assert goes(BEN)
    assert not limited_for_everyone()
    assert all(goes(account) for account in (BEN, CARL, DORA, BEN, CARL))
    assert Spent.objects.count() == 1
    assert waits(ANNE) > clock.now() + LONG - SECOND


def test_what_spends_the_hour_has_two_of_it_whoever_asks():
    join()
    send(ANNE)
    pass_time(timedelta(minutes=1))
    send(BEN)
    again = waits(CARL)
    assert again == Spent.objects.order_by("at")[0].at + HOUR
    assert {spent.call_class for spent in Spent.objects.all()} == {JOINED.name}
    assert budget.outlook().left == 4


def test_it_ends_when_enough_of_its_calls_have_worked_in_a_row():
    join()
    for _ in range(ENOUGH):
        assert limited_for_everyone()
        send(ANNE)
        pass_time(HOUR)
    assert not limited_for_everyone()
    assert all(goes(ANNE) for _ in range(10))


def test_calls_that_were_on_their_way_before_do_not_end_it():
    meter = Meter("behind", CARL)
    assert meter.reserve(None, FORWARD) is None
    limit(ANNE, LONG)
    limit(BEN, LONG)
    meter.worked(None, None, FORWARD)
    assert limited_for_everyone()


def test_those_who_wait_for_the_hour_are_told_their_own_turn_and_served_in_it():
    """One account has pressed ten times before two others pressed once each."""
    join()
    send(DORA)
    send(DORA)
    pressed = [(ANNE, about) for about in range(1, 11)] + [(BEN, 11), (CARL, 12)]
    told = {caller: waits(*caller) for caller in pressed}
    assert told[BEN, 11] < told[ANNE, 10]
    served: list[tuple[str, int]] = []
    for _ in range(12 * 60):
        pass_time(timedelta(minutes=1))
        for caller in [*told]:
            if told[caller] <= clock.now():
                try:
                    ticket = Meter("behind", *caller).reserve(None, FORWARD)
                except BudgetSpent as spent:
                    told[caller] = spent.retry_at
                else:
                    Meter("behind").settle(ticket)
                    served.append(caller)
                    del told[caller]
    hours = [set(served[each : each + 2]) for each in range(0, len(served), 2)]
    assert hours == [
        {(ANNE, 1), (BEN, 11)},
        {(CARL, 12), (ANNE, 2)},
        *({(ANNE, each), (ANNE, each + 1)} for each in range(3, 10, 2)),
    ]


def test_the_order_is_by_account_and_within_one_as_it_was_pressed():
    def turn(account: str, about: int, since: int) -> Turn:
        return Turn(
            pk=about or 99, account=account, about=about, since=clock.now() + since * SECOND
        )

    now = clock.now()
    waiting = [turn(ANNE, 5, 0), turn(ANNE, 0, 0), turn(ANNE, 3, 9), turn(BEN, 7, 2)]
    found = by_account(waiting, {ANNE: now - HOUR})
    assert [each.about for each in found] == [7, 3, 5, 0]
    found = by_account(waiting, {ANNE: now - HOUR, BEN: now})
    assert [each.about for each in found] == [3, 7, 5, 0]


# The rows


def test_while_nothing_is_limited_it_costs_one_query_a_second(
    django_assert_num_queries: Callable[..., object],
):
    clock.about_now()
    with django_assert_num_queries(1):
        for _ in range(20):
            send(ANNE)


def test_another_process_learns_of_it_within_a_second():
    assert goes(ANNE)
    Limit.objects.create(
        operation=FORWARD, account=ANNE, at=clock.now(), until=clock.now() + BRIEF, proven=True
    )
    limits.forget()  # as a second later
    assert not goes(ANNE)
    assert goes(BEN)


def test_limits_that_cannot_be_read_let_nothing_be_sent():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE voicetel_limit RENAME TO gone")
    assert waits(ANNE) > datetime.now(UTC)


def test_what_was_heard_a_day_ago_is_forgotten():
    join()
    pass_time(timedelta(days=1))
    limits.forget()
    assert all(goes(ANNE) for _ in range(5))
    limits.forget_old(clock.now())
    assert not Limit.objects.exists()
    assert not Turn.objects.exists()


# With the client


def test_one_customers_limit_costs_another_nothing(sandbox: Any):
    def client(account: str) -> Client:
        transport = Transport(
            "http://sandbox.test", adapter=InProcess(), meter=Meter("behind", account)
        )
        return Client(transport, sandbox.key(account))

    sandbox.fault(FORWARD, "rate_limit", times=1, seconds=20)
    number, other = sandbox.numbers_of(ANNE)[0], sandbox.numbers_of(BEN)[0]
    with pytest.raises(RateLimited):
        client(ANNE).numbers.set_forward(number, "9175550142")
    for _ in range(10):
        client(BEN).numbers.set_forward(other, "9175550142")
        with pytest.raises(BudgetSpent):
            client(ANNE).numbers.set_forward(number, "9175550142")
    assert sandbox.count(FORWARD) == 11
    assert budget.outlook().left == 6
