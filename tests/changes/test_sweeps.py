"""What was left lying is taken up again; a row that always fails stops nobody."""

from datetime import timedelta
from typing import Any

from apps.changes import machine, rows, sweeps
from apps.changes.states import State
from apps.voicetel.client import errors
from tests.changes.conftest import again
from tests.changes.world import Keep, World, raises


def test_a_row_whose_nudge_was_lost_is_sent(changes: Any, cast: Any, world: World, press: Any, time_machine: Any) -> None:
    changes.later()
    entry = press(Keep(cast.harbor, "x", value="new"))
    sweeps.send_due()
    assert again(entry).state == State.READY, "its own process has five seconds"
    time_machine.shift(timedelta(seconds=6))
    sweeps.send_due()
    assert again(entry).state == State.DONE


def test_everything_does_not_wait_for_the_time(changes: Any, cast: Any, world: World, press: Any) -> None:
    changes.later()
    entry = press(Keep(cast.harbor, "x", value="new"))
    sweeps.send_due(everything=True)
    assert again(entry).state == State.DONE


def test_what_never_left_goes_again_with_the_same_row(changes: Any, cast: Any, world: World, press: Any, time_machine: Any) -> None:
    world.script = [raises(errors.NotSent("no connection"))]
    entry = press(Keep(cast.harbor, "x", value="new"))
    assert entry.state == State.NOT_SENT
    time_machine.shift(timedelta(seconds=16))
    sweeps.send_due()
    assert (again(entry).state, len({key for _, _, key in world.calls})) == (State.DONE, 1)


def test_what_cannot_leave_for_a_quarter_hour_asks(changes: Any, cast: Any, world: World, press: Any, time_machine: Any) -> None:
    world.script = [raises(errors.NotSent("no connection")) for _ in range(99)]
    entry = press(Keep(cast.harbor, "x", value="new"))
    for _ in range(40):
        time_machine.shift(timedelta(seconds=30))
        sweeps.send_due()
    assert again(entry).state == State.ASK
    assert "no connection" in again(entry).said
    assert len(world.calls) < 10, "each pause is twice the last"


def test_a_row_that_breaks_its_sweep_stops_no_other_and_is_parked(
    changes: Any, cast: Any, world: World, press: Any, time_machine: Any, monkeypatch: Any
) -> None:
    changes.later()
    bad, good = press(Keep(cast.harbor, "x", value="1")), press(Keep(cast.harbor, "y", value="2"))
    healthy = machine.run

    def run(pk: int) -> None:
        if pk == bad.pk:
            raise RuntimeError("poison")
        healthy(pk)

    monkeypatch.setattr(machine, "run", run)
    for _ in range(20):
        time_machine.shift(timedelta(minutes=1))
        sweeps.send_due()
    assert (again(good).state, again(bad).state) == (State.DONE, State.ASK)


def test_sweeps_of_nothing_ask_the_database_little(changes: Any, cast: Any, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(6):
        sweeps.send_due()
        sweeps.settle_due()
    assert not rows.rows().exists()
