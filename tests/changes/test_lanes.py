"""Changes of one thing go one at a time, in the order in which they were pressed."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.changes import machine, sweeps
from apps.changes.change import unpack
from apps.changes.engine import rows
from apps.changes.models import Entry
from apps.changes.states import State
from tests.changes.pressing import again
from tests.changes.world import Keep, Order, Port, World, cut


def test_who_settles_runs_the_next_of_the_lane(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    changes.later()
    pressed = [press(Keep(cast.harbor, "x", value=str(n))) for n in range(5)]
    machine.run(pressed[0].pk)
    assert [again(entry).state for entry in pressed] == [State.DONE] * 5
    assert world.kept == {"x": "4"}
    assert [subject for _, subject, _ in world.calls] == ["x"] * 5


def test_a_later_change_waits_for_the_earlier(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    changes.later()
    first, second, other = (
        press(Keep(cast.harbor, "x", value="1")),
        press(Keep(cast.harbor, "x", value="2")),
        press(Keep(cast.harbor, "y", value="3")),
    )
    machine.run(second.pk)
    assert (again(second).state, rows.ahead_of(second)) == (State.READY, first)
    machine.run(other.pk)
    assert again(other).state == State.DONE


def test_a_doubt_holds_its_lane(changes: Any, cast: Any, world: World, press: Any) -> None:
    world.script, world.blind = [cut], True
    first = press(Keep(cast.harbor, "x", value="1"))
    second = press(Keep(cast.harbor, "x", value="2"))
    assert (first.state, second.state) == (State.DOUBT, State.READY)


def test_the_same_thing_of_two_accounts_is_two_lanes(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    world.script, world.blind = [cut], True
    press(Keep(cast.harbor, "x", value="1"))
    assert press(Keep(cast.northwind, "x", value="2"), by=cast.stranger).state == State.DONE


def test_a_person_overtakes_a_job(changes: Any, cast: Any, world: World, press: Any) -> None:
    changes.later()
    of_job, mine = (
        press(Keep(cast.harbor, "x", value="job")),
        press(Keep(cast.harbor, "x", value="mine")),
    )
    rows.rows().filter(pk=of_job.pk).update(job=1)
    machine.run(mine.pk)
    machine.run(of_job.pk)
    assert (again(mine).state, again(of_job).state) == (State.DONE, State.CLOSED)
    assert world.kept == {"x": "mine"}


def test_the_lane_has_one_in_flight_by_the_databases_own_word(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    changes.later()
    first, second = (
        press(Keep(cast.harbor, "x", value="1")),
        press(Keep(cast.harbor, "x", value="2")),
    )
    assert machine.claim(first, unpack(first))
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.rows().filter(pk=second.pk).update(state=State.DOUBT)


def test_waiting_in_a_lane_does_not_count_towards_the_quarter_hour(
    changes: Any, cast: Any, world: World, press: Any, time_machine: Any
) -> None:
    """A second port behind one in doubt for half an hour was asked about without ever having had
    its turn.
    """
    world.script = [cut]
    first, second = press(Port(cast.harbor, "1", pin="1")), press(Port(cast.harbor, "2", pin="2"))
    for _ in range(40):
        time_machine.shift(timedelta(minutes=2))
        sweeps.send_due()
        sweeps.settle_due()
        assert again(second).state in {State.READY, State.DONE}
    assert (again(first).state, again(second).state) == (State.ABSENT, State.DONE)


def test_a_row_first_in_its_lane_for_a_quarter_hour_asks(
    changes: Any, cast: Any, world: World, press: Any, time_machine: Any
) -> None:
    changes.later()
    entry = press(Keep(cast.harbor, "x", value="1"))
    time_machine.shift(timedelta(minutes=16))
    machine.run(entry.pk)
    assert (again(entry).state, world.calls) == (State.ASK, [])


def of_other_values(entry: Entry) -> None:
    """As if it changed the route of what the others forward."""
    rows.rows().filter(pk=entry.pk).update(before={"route": "y"})


def test_a_newer_change_of_other_values_does_not_take_the_place_of_a_lost_one(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    """A forward that was lost was given up because the number's route was changed after it."""
    world.script = [cut]
    first, second = (
        press(Keep(cast.harbor, "x", value="1")),
        press(Keep(cast.harbor, "x", value="2")),
    )
    of_other_values(second)
    later(seconds=40)
    assert (again(first).state, again(second).state, len(world.calls)) == (
        State.DONE,
        State.DONE,
        3,
    )


def test_a_persons_change_of_other_values_leaves_the_jobs_row_alone(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    changes.later()
    of_job, mine = (
        press(Keep(cast.harbor, "x", value="job")),
        press(Keep(cast.harbor, "x", value="mine")),
    )
    rows.rows().filter(pk=of_job.pk).update(job=1)
    of_other_values(mine)
    machine.run(mine.pk)
    machine.run(of_job.pk)
    assert (again(mine).state, again(of_job).state) == (State.DONE, State.DONE)


def test_an_order_overtakes_no_order_of_a_job(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    """Two orders are both meant; only what sets a value takes the place of what set it before."""
    changes.later()
    of_job, mine = (
        press(Order(cast.harbor, "cart", numbers=[number], shown=Decimal(1)))
        for number in ("2015551234", "2015551235")
    )
    rows.rows().filter(pk=of_job.pk).update(job=1)
    machine.run(mine.pk)
    machine.run(of_job.pk)
    assert (again(mine).state, again(of_job).state, len(world.bought)) == (
        State.DONE,
        State.DONE,
        2,
    )
