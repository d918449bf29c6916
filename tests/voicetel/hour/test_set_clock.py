"""The database's clock is set while calls are counted by it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apps.voicetel import clock
from apps.voicetel.hour import budget, clock_steps
from apps.voicetel.hour.rules import ACCOUNT, HOUR, LONGEST_CALL
from apps.voicetel.models import Spent, Window
from tests.voicetel.hour.spending import SECOND, refused, reserve, row, spend

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("step", [300, -300, 86_400, -86_400, 2.5, -2.5])
def test_a_clock_that_was_set_frees_no_call_and_closes_no_more_than_an_hour(
    set_clock: Callable[[float], None], step: float
):
    spend(6)
    clock.advance(1800)
    set_clock(step)
    assert abs(refused() - clock.now() - HOUR) < SECOND
    clock.advance(3599)
    refused()
    clock.advance(2)
    spend(6)


@pytest.mark.parametrize("step", [300, -300])
def test_a_call_on_its_way_while_the_clock_is_set_counts_late(
    set_clock: Callable[[float], None], step: float
):
    spend(5)
    ticket = reserve()
    set_clock(step)
    refused()
    assert abs(row(ticket).at - clock.now() - LONGEST_CALL) < SECOND


@pytest.mark.parametrize("step", [300, -300])
def test_a_step_and_back_around_an_answer_frees_no_call(
    set_clock: Callable[[float], None], step: float
):
    spend(5)
    ticket = reserve()
    set_clock(step)
    budget.settle(ticket)
    set_clock(0)
    assert abs(refused() - clock.now() - HOUR) < SECOND


def test_a_clock_set_back_a_day_while_a_call_is_on_its_way_does_not_close_the_hour_for_a_day(
    set_clock: Callable[[float], None],
):
    tickets = [reserve() for _ in range(6)]
    set_clock(-86_400)
    refused()
    for ticket in tickets:
        budget.settle(ticket)
    assert abs(refused() - clock.now() - HOUR) < SECOND


def test_a_step_too_small_to_be_called_one_frees_no_call_early(set_clock: Callable[[float], None]):
    spend(6)
    clock.advance(3599)
    set_clock(1.5)
    refused()


def test_the_demos_offset_is_no_step():
    spend(6)
    clock.advance(3601)
    spend(6)
    assert Spent.objects.count() == 12


def test_a_shut_pool_stays_shut_as_long_whatever_the_clock_says(set_clock: Callable[[float], None]):
    spend(1)
    budget.shut(ACCOUNT, "accountGet", timedelta(minutes=10))
    set_clock(86_400)
    assert abs(refused() - clock.now() - timedelta(minutes=10)) < SECOND
    set_clock(-86_400)
    assert abs(refused() - clock.now() - timedelta(minutes=10)) < SECOND


def test_after_a_boot_the_clock_is_believed(
    set_clock: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
):
    """Nothing can be compared with the seconds of another boot; the calls of yesterday are
    yesterday's.
    """
    spend(6)
    monkeypatch.setattr(clock_steps, "_boot", lambda: "another")
    refused()
    set_clock(86_400)
    spend(6)


def test_after_a_boot_a_clock_before_what_was_seen_is_not_believed(
    set_clock: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
):
    spend(6)
    set_clock(-86_400)
    monkeypatch.setattr(clock_steps, "_boot", lambda: "another")
    assert abs(refused() - clock.now() - HOUR) < SECOND


def test_two_machines_in_turn_each_notice_a_step(
    set_clock: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
):
    for boot in ("one", "other"):
        monkeypatch.setattr(clock_steps, "_boot", lambda boot=boot: boot)
        spend(3)
    assert set(Window.objects.get().seen) == {"one", "other"}
    set_clock(3600)
    refused()
    monkeypatch.setattr(clock_steps, "_boot", lambda: "one")
    refused()
