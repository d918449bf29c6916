"""A page that reads one thing by itself does so once, and leaves the workers to other accounts."""

from typing import Any

import pytest

from apps.copies import pace, singles
from apps.copies.models import Reading
from apps.voicetel import clock
from tests.threads import at_once


def test_a_thing_is_read_once_a_minute_however_many_ask(cast: Any) -> None:
    assert [singles.take(cast.harbor, "number:1") for _ in range(30)] == [True] + [False] * 29
    singles.release(cast.harbor, "number:1")
    assert not singles.take(cast.harbor, "number:1")
    clock.advance(61)
    assert singles.take(cast.harbor, "number:1")


def test_an_account_has_two_readings_at_once_and_another_has_its_own(cast: Any) -> None:
    taken = [singles.take(cast.harbor, f"number:{n}") for n in range(4)]
    assert taken == [True, True, False, False]
    assert singles.take(cast.northwind, "number:1")
    singles.release(cast.harbor, "number:0")
    assert singles.take(cast.harbor, "number:2")


def test_a_reading_whose_worker_died_stands_in_the_way_for_a_minute_and_a_half(cast: Any) -> None:
    singles.take(cast.harbor, "number:1")
    clock.advance(80)
    assert not singles.take(cast.harbor, "number:1")
    clock.advance(11)
    assert singles.take(cast.harbor, "number:1")


def test_readings_have_a_rate_and_their_rows_do_not_pile_up(cast: Any) -> None:
    taken = 0
    for n in range(100):
        if singles.take(cast.harbor, f"number:{n}"):
            singles.release(cast.harbor, f"number:{n}")
            taken += 1
    assert taken == pace.READINGS_A_MINUTE
    clock.advance(7200)
    assert singles.take(cast.harbor, "number:1")
    assert Reading.objects.of(cast.harbor).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_reads(cast: Any) -> None:
    taken = list[bool]()
    at_once(lambda n: taken.append(singles.take(cast.harbor, "number:1")), 12)
    assert sum(taken) == 1
