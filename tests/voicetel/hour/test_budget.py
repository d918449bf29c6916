"""The provider's hour in the database: each rule once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F

from apps.voicetel import clock, sweeps
from apps.voicetel.hour import budget
from apps.voicetel.hour.rules import (
    ACCOUNT,
    BEHIND,
    HOUR,
    LONGEST_CALL,
    LOOKING,
    NEWCOMERS,
    OWNERS,
    CallClass,
)
from apps.voicetel.models import Limit, Spent
from tests.voicetel.hour.spending import SECOND, refused, reserve, row, spend

pytestmark = pytest.mark.django_db


# Six, and from when they count


def test_six_calls_and_not_a_seventh():
    spend(6)
    assert refused() == Spent.objects.order_by("at")[0].at + HOUR


def test_after_an_hour_there_is_room_again():
    spend(6)
    clock.advance(3599)
    refused()
    clock.advance(1)
    spend(6)


def test_the_hour_slides():
    spend(3)
    clock.advance(1800)
    spend(3)
    clock.advance(1800)
    spend(3)
    assert refused() == Spent.objects.order_by("-at")[5].at + HOUR


def test_all_four_operations_share_the_hour():
    for operation in (
        "accountGet",
        "accountCdr",
        "accountRecurringCharges",
        "accountApiKey",
        "accountGet",
        "accountCdr",
    ):
        spend(1, operation=operation)
    for operation in ("accountGet", "accountCdr", "accountRecurringCharges", "accountApiKey"):
        refused(operation=operation)


def test_a_call_counts_as_late_as_it_can_be_until_it_is_answered():
    ticket = reserve()
    assert timedelta(0) <= row(ticket).at - row(ticket).asked_at - LONGEST_CALL < SECOND
    assert row(ticket).answered_at is None
    budget.settle(ticket)
    assert abs(row(ticket).at - clock.now()) < SECOND
    assert row(ticket).answered_at is not None


def test_a_killed_process_leaves_the_late_value():
    for _ in range(6):
        reserve()  # and nobody ever settles
    clock.advance(3600 + 29)
    refused()
    clock.advance(1)
    reserve()


def test_what_never_left_us_is_given_back():
    spend(5)
    ticket = reserve()
    refused()
    budget.release(ticket)
    reserve()


def test_a_row_says_who_spent_the_call_on_what():
    ticket = reserve(OWNERS, "accountApiKey")
    assert Spent.objects.filter(
        pk=ticket.spent,
        operation="accountApiKey",
        call_class="owners",
        account="1000000001",
        pool="account",
    ).exists()


# Classes and pools


@pytest.mark.parametrize(
    ("call_class", "most"), [(OWNERS, 6), (LOOKING, 6), (BEHIND, 6), (NEWCOMERS, 2)]
)
def test_a_class_has_its_most(call_class: CallClass, most: int):
    spend(most, call_class)
    refused(call_class)


def test_a_full_class_is_told_when_the_class_has_room():
    spend(2, NEWCOMERS)
    first = Spent.objects.order_by("at")[0].at
    clock.advance(60)
    spend(1)
    assert refused(NEWCOMERS) == first + HOUR


def test_four_pools_are_six_calls_each(settings: object):
    settings.VOICETEL_POOLS = "four"
    spend(6)
    refused()
    spend(6, operation="accountCdr")
    refused(operation="accountCdr")


def test_splitting_the_pool_forgets_no_call(settings: object):
    spend(6)
    settings.VOICETEL_POOLS = "four"
    refused()


# 429


@pytest.mark.parametrize(
    ("wait", "shut"),
    [
        (timedelta(seconds=90), timedelta(seconds=90)),
        (None, HOUR),
        (timedelta(seconds=-300), HOUR),
        (timedelta(days=90), HOUR),
    ],
)
def test_a_429_shuts_the_pool_for_all(wait: timedelta | None, shut: timedelta):
    budget.shut(ACCOUNT, "accountGet", wait)
    assert abs(refused(OWNERS, "accountCdr") - clock.now() - shut) < SECOND
    clock.advance(shut.total_seconds())
    reserve()


def test_a_shorter_429_does_not_open_what_a_longer_one_shut():
    budget.shut(ACCOUNT, "accountGet", HOUR)
    budget.shut(ACCOUNT, "accountGet", SECOND)
    assert refused() - clock.now() > timedelta(minutes=59)


# Closed when in doubt


@pytest.mark.parametrize("table", ["voicetel_spent", "voicetel_window", "voicetel_clockoffset"])
def test_an_hour_that_cannot_be_read_is_spent(table: str):
    reserve()
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO gone")
    assert refused() > datetime.now(UTC)


def test_an_answer_that_cannot_be_written_down_is_still_given_and_goes_on_counting_late():
    ticket = reserve()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE voicetel_spent RENAME TO gone")
    budget.settle(ticket)
    budget.release(ticket)


@pytest.mark.django_db(transaction=True)
def test_a_callers_transaction_is_refused_before_anything_is_spent():
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        reserve()
    assert not Spent.objects.exists()


# Looking at it


def test_the_outlook_says_what_is_left_and_when_there_is_more():
    assert budget.outlook().left == 6
    spend(2, BEHIND)
    outlook = budget.outlook()
    assert (outlook.left, outlook.next_at, len(outlook.calls)) == (4, None, 2)
    assert budget.outlook(call_class=BEHIND).left == 4
    spend(4)
    outlook = budget.outlook()
    assert (outlook.left, outlook.next_at) == (0, Spent.objects.order_by("at")[0].at + HOUR)
    assert [call.call_class for call in outlook.calls] == ["looking"] * 4 + ["behind"] * 2


def test_the_outlook_is_by_operation_when_there_are_four_pools(settings: object):
    settings.VOICETEL_POOLS = "four"
    spend(6)
    assert budget.outlook(operation="accountGet").left == 0
    assert budget.outlook(operation="accountCdr").left == 6


def test_a_refusal_takes_one_query(django_assert_num_queries: Callable[..., object]):
    spend(6)
    with django_assert_num_queries(1):
        refused()


def test_calls_are_forgotten_after_two_days():
    spend(2)
    Limit.objects.create(operation="numbersList", account="*", at=clock.now(), proven=True)
    Spent.objects.filter(pk=Spent.objects.first().pk).update(at=F("at") - timedelta(hours=47))
    clock.advance(2 * 3600)
    sweeps.forget_old()
    assert Spent.objects.count() == 1
    assert Limit.objects.exists()
    clock.advance(47 * 3600)
    sweeps.forget_old()
    assert not Spent.objects.exists()
    assert not Limit.objects.exists()
