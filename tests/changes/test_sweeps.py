"""What was left lying is taken up again; a row that always fails stops nobody."""

from datetime import timedelta
from typing import Any

from apps.changes import selectors, services, sweeps
from apps.changes.engine import rows
from apps.changes.states import State
from apps.voicetel import clock
from apps.voicetel.client import errors
from tests.changes.pressing import again
from tests.changes.world import Keep, Port, World, raises


def test_a_row_whose_nudge_was_lost_is_sent(
    changes: Any, cast: Any, world: World, press: Any, time_machine: Any
) -> None:
    changes.later()
    entry = press(Keep(cast.harbor, "x", value="new"))
    sweeps.send_due()
    assert again(entry).state == State.READY, "its own process has five seconds"
    time_machine.shift(timedelta(seconds=6))
    sweeps.send_due()
    assert again(entry).state == State.DONE


def test_everything_does_not_wait_for_the_time(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    changes.later()
    entry = press(Keep(cast.harbor, "x", value="new"))
    sweeps.send_due(everything=True)
    assert again(entry).state == State.DONE


def test_what_never_left_goes_again_with_the_same_row(
    changes: Any, cast: Any, world: World, press: Any, time_machine: Any
) -> None:
    world.script = [raises(errors.NotSent("no connection"))]
    entry = press(Keep(cast.harbor, "x", value="new"))
    assert entry.state == State.NOT_SENT
    time_machine.shift(timedelta(seconds=16))
    sweeps.send_due()
    assert (again(entry).state, len({key for _, _, key in world.calls})) == (State.DONE, 1)


def test_what_cannot_leave_for_a_quarter_hour_asks(
    changes: Any, cast: Any, world: World, press: Any, time_machine: Any
) -> None:
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
    healthy = rows.find

    def find(pk: int) -> Any:
        if pk == bad.pk:
            raise RuntimeError("poison")
        return healthy(pk)

    monkeypatch.setattr(rows, "find", find)
    for _ in range(20):
        time_machine.shift(timedelta(minutes=1))
        sweeps.send_due()
    monkeypatch.setattr(rows, "find", healthy)
    assert (again(good).state, again(bad).state) == (State.DONE, State.ASK)


def test_sweeps_of_nothing_ask_the_database_little(
    changes: Any, cast: Any, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(6):
        sweeps.send_due()
        sweeps.settle_due()
    assert not rows.rows().exists()


def test_what_never_left_counts_as_never_sent_and_may_be_sent_or_left(
    changes: Any, cast: Any, world: World, press: Any, time_machine: Any
) -> None:
    """Its claims are tries: nobody can have seen it happen."""
    world.script = [raises(errors.NotSent("no connection")) for _ in range(99)]
    entry = press(Keep(cast.harbor, "x", value="new"))
    assert entry.sent_at is None
    for _ in range(40):
        time_machine.shift(timedelta(seconds=30))
        sweeps.send_due()
    asks = again(entry)
    assert (asks.state, asks.sent_at) == (State.ASK, None)
    assert [each.value for each in selectors.list_answers(asks)] == ["send", "leave"]
    page = selectors.entry_page(asks, cast.owner.memberships.get(account=cast.harbor))
    assert [word for word, *_ in page["steps"]] == ["Requested", "Tried", "Settled"]


def test_what_holds_a_secret_and_never_left_can_only_be_left(
    changes: Any, cast: Any, world: World, press: Any, time_machine: Any
) -> None:
    changes.later()
    entry = press(Port(cast.harbor, "2015551234", pin="1"))
    time_machine.shift(timedelta(minutes=16))
    sweeps.send_due()
    assert (again(entry).state, [each.value for each in selectors.list_answers(again(entry))]) == (
        State.ASK,
        ["leave"],
    )


def test_withdrawing_a_change_behind_it_does_not_take_back_the_providers_time(
    changes: Any, cast: Any, world: World, press: Any, time_machine: Any
) -> None:
    """The page promised that it goes by itself then; it was asked about instead."""
    retry_at = clock.about_now() + timedelta(minutes=40)
    world.script = [raises(errors.RateLimited("slow down", retry_at=retry_at))]
    first, second = (press(Keep(cast.harbor, "x", value=value)) for value in ("1", "2"))
    services.cancel(second, by=cast.owner)
    assert again(first).first_at == retry_at
    time_machine.move_to(retry_at + timedelta(seconds=20))
    sweeps.send_due()
    assert (again(first).state, world.kept) == (State.DONE, {"x": "1"})


def test_the_quarter_hour_of_what_waits_behind_a_withdrawn_change_begins_then(
    changes: Any, cast: Any, world: World, press: Any, time_machine: Any
) -> None:
    changes.later()
    first, second = (press(Keep(cast.harbor, "x", value=value)) for value in ("1", "2"))
    time_machine.shift(timedelta(minutes=10))
    services.cancel(first, by=cast.owner)
    assert again(second).first_at == again(first).settled_at
