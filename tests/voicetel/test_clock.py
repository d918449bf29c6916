"""The one clock: the database's, moved on in the demo only."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from apps.voicetel import clock
from apps.voicetel.hour import budget
from apps.voicetel.hour.rules import HOUR, LONGEST_CALL
from apps.voicetel.models import Spent
from tests.voicetel.hour.spending import SECOND, reserve, spend

pytestmark = pytest.mark.django_db


def test_now_is_the_databases_time_to_the_millisecond():
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    assert before <= clock.now() <= datetime.now(UTC) + timedelta(milliseconds=1)


def test_now_moves_within_a_transaction():
    assert clock.now() <= clock.now()
    first = clock.now()
    while clock.now() == first:
        pass  # ends within a millisecond or two, or this clock stands still


def test_now_takes_one_query(django_assert_num_queries: Callable[..., object]):
    with django_assert_num_queries(1):
        clock.now()


def test_the_offset_moves_both_clocks():
    clock.advance(3600)
    for read in (clock.now, clock.about_now):
        assert timedelta(seconds=3599) < read() - datetime.now(UTC) < timedelta(seconds=3601)


def test_offsets_add_up():
    clock.advance(60)
    clock.advance(0.5)
    assert clock.read()[1] == timedelta(seconds=60.5)


def test_production_reads_no_offset_and_cannot_move_it(
    settings: object, django_assert_num_queries: Callable[..., object]
):
    clock.advance(3600)
    settings.LOCAL = False
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)
    with django_assert_num_queries(0):
        assert abs(clock.about_now() - datetime.now(UTC)) < timedelta(seconds=1)
    with pytest.raises(ImproperlyConfigured):
        clock.advance(1)


def test_ages_cost_one_query_a_second_in_the_demo(django_assert_num_queries: Callable[..., object]):
    with django_assert_num_queries(1):
        for _ in range(20):
            clock.about_now()


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf")])
def test_the_clock_goes_forward_only(seconds: float):
    with pytest.raises(ValueError):
        clock.advance(seconds)


def test_the_command_is_refused_in_production(settings: object):
    settings.LOCAL = False
    with pytest.raises(CommandError, match="production"):
        call_command("clock", "--advance", "60")


def test_the_command_is_refused_without_a_sandbox_and_moves_nothing(settings: object):
    settings.VOICETEL_URL = "http://127.0.0.1:8159"  # nobody listens there
    with pytest.raises(CommandError, match="no sandbox"):
        call_command("clock", "--advance", "60")
    assert clock.read()[1] == timedelta(0)


def test_calls_answered_or_on_their_way_while_both_clocks_jump_count_from_after_the_jump():
    """The sandbox's goes first: what arrives there meanwhile arrives, by its count,
    after the jump.
    """
    spend(1)
    clock.advance(60)
    since = clock.now()
    spend(1)
    late = reserve()
    budget.jump(1800, since)
    before, answered, on_its_way = Spent.objects.order_by("pk").values_list("at", flat=True)
    assert before < since
    assert abs(answered - clock.now()) < SECOND
    assert abs(on_its_way - clock.now() - LONGEST_CALL) < SECOND
    budget.settle(late)
    assert Spent.objects.filter(at__gt=clock.now() - HOUR).count() == 3
