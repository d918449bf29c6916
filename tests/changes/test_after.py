"""A change that waits for another one is sent once that is done, and never when it is not."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.changes import machine, selectors, services, sweeps
from apps.changes.change import unpack
from apps.changes.engine import rows, sending
from apps.changes.models import Entry
from apps.changes.states import State
from apps.voicetel.client import errors
from tests.changes.pressing import again
from tests.changes.world import Keep, World, cut, lost, raises


@pytest.fixture
def two(changes: Any, cast: Any, world: World, press: Any) -> tuple[Entry, Entry]:
    """Changes of two things, the second after the first; neither is sent yet."""
    changes.later()
    first = press(Keep(cast.harbor, "x", value="1"))
    return first, press(Keep(cast.harbor, "y", value="2"), after=first)


def states(*entries: Entry) -> list[str]:
    return [again(entry).state for entry in entries]


def test_it_is_not_sent_before_the_other(world: World, two: tuple[Entry, Entry]) -> None:
    first, second = two
    machine.run(second.pk)
    sweeps.send_due(everything=False)
    assert states(first, second) == [State.READY, State.READY]
    assert rows.ahead_of(second) == first
    assert f"Waiting for change #{first.pk}" in selectors.sentence(second, rows.ahead_of(second))


def test_the_run_that_settles_the_first_sends_the_second(
    world: World, two: tuple[Entry, Entry]
) -> None:
    machine.run(two[0].pk)
    assert states(*two) == [State.DONE, State.DONE]
    assert [subject for _, subject, _ in world.calls] == ["x", "y"]


def test_all_that_wait_for_one_are_sent(
    cast: Any, world: World, press: Any, two: tuple[Entry, Entry]
) -> None:
    third = press(Keep(cast.harbor, "z", value="3"), after=two[0])
    fourth = press(Keep(cast.harbor, "w", value="4"), after=third)
    machine.run(two[0].pk)
    assert states(*two, third, fourth) == [State.DONE] * 4


def test_a_refused_change_closes_the_chain_behind_it(
    cast: Any, world: World, press: Any, two: tuple[Entry, Entry]
) -> None:
    first, second = two
    third = press(Keep(cast.harbor, "z", value="3"), after=second)
    world.script = [raises(errors.Refused("no", status=400))]
    machine.run(first.pk)
    assert states(first, second, third) == [State.REFUSED, State.CLOSED, State.CLOSED]
    assert again(second).said.startswith(f"Not tried, because #{first.pk} was")
    assert len(world.calls) == 1


def test_the_sweep_closes_what_waited_for_a_withdrawn_change(
    cast: Any, two: tuple[Entry, Entry], later: Callable[..., None]
) -> None:
    services.cancel(two[0], by=cast.owner)
    later(seconds=6)
    assert states(*two) == [State.CLOSED, State.CLOSED]


def test_it_waits_through_a_doubt(
    world: World, two: tuple[Entry, Entry], later: Callable[..., None]
) -> None:
    world.script, world.blind = [lost], True
    machine.run(two[0].pk)
    later(minutes=20)
    assert states(*two) == [State.DOUBT, State.READY]
    world.blind = False
    later(hours=1)
    later(seconds=20)
    assert states(*two) == [State.DONE, State.DONE]


def test_its_quarter_hour_begins_when_the_other_is_done(
    world: World, two: tuple[Entry, Entry], later: Callable[..., None]
) -> None:
    """After an hour of waiting it has its full 15 minutes, and no more."""
    first, second = two
    world.script, world.blind = [cut], True
    machine.run(first.pk)
    later(hours=2)
    assert states(second) == [State.READY]
    world.blind, world.kept = False, {"x": "1"}
    rows.put(again(first), State.DONE)
    later(seconds=1)
    assert states(second) == [State.DONE]
    assert again(second).first_at == again(first).settled_at


def test_a_process_that_dies_between_the_two_leaves_the_second_to_the_sweep(
    world: World, two: tuple[Entry, Entry], later: Callable[..., None]
) -> None:
    first, second = two
    change = unpack(first)
    assert rows.claim(first, change)
    sending.settle(first, change, sending.attempt(first, change, float("inf")))
    assert states(first, second) == [State.DONE, State.READY], "the process dies here"
    later(seconds=6)
    assert states(second) == [State.DONE]


def test_a_process_that_dies_while_sending_the_first_leaves_both_to_the_sweeps(
    world: World, two: tuple[Entry, Entry], later: Callable[..., None]
) -> None:
    first, second = two
    assert rows.claim(first, unpack(first))
    later(seconds=40)
    assert states(first, second) == [State.SENDING, State.READY], "the claim still holds"
    later(seconds=6)
    later(seconds=16)
    assert states(first, second) == [State.DONE, State.DONE]
    assert world.kept == {"x": "1", "y": "2"}


def test_it_is_claimed_by_nobody_while_the_other_is_open(two: tuple[Entry, Entry]) -> None:
    first, second = two
    assert not rows.claim(second, unpack(second))
    rows.rows().filter(pk=second.pk).update(after=None)
    assert rows.claim(again(second), unpack(second)), "the control: nothing else stopped it"
    assert again(first).state == State.READY
