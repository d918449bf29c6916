"""An account has a few places at VoiceTel: what is pressed beyond them waits, and delays nobody."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from apps.changes import machine, selectors, sweeps
from apps.changes.change import unpack
from apps.changes.engine import places, rows
from apps.changes.models import Entry
from apps.changes.states import State
from tests.changes.pressing import again
from tests.changes.world import Keep, World, cut
from tests.threads import at_once
from tests.worker import Messages

Flood = Callable[[int], list[Entry]]


@pytest.fixture
def flood(cast: Any, world: World, press: Any) -> Flood:
    """Presses of one account, of as many things."""
    return lambda many: [press(Keep(cast.harbor, f"x{n}", value="1")) for n in range(many)]


def claimed(entry: Entry) -> bool:
    found = again(entry)
    return machine.claim(found, unpack(found))


def test_an_account_has_four_changes_at_voicetel_at_once_and_another_has_its_own(
    messages: Messages, flood: Flood, cast: Any, press: Any
) -> None:
    assert [claimed(entry) for entry in flood(6)] == [True] * 4 + [False] * 2
    assert claimed(press(Keep(cast.northwind, "x", value="1"), by=cast.stranger))


def test_the_page_of_a_change_without_a_place_says_what_it_waits_for(
    messages: Messages, flood: Flood, cast: Any
) -> None:
    entries = flood(5)
    member, says = cast.owner.memberships.get(account=cast.harbor), "Other changes of this account"
    assert says not in selectors.entry_panel(again(entries[4]), member)["sentence"]
    assert all(claimed(entry) for entry in entries[:4])
    assert says in selectors.entry_panel(again(entries[4]), member)["sentence"]
    assert says not in selectors.entry_panel(again(entries[0]), member)["sentence"]


def test_a_look_has_a_place_as_a_sending_has(
    changes: Any, flood: Flood, world: World, time_machine: Any
) -> None:
    world.script, world.blind = [cut] * 6, True
    lost = flood(6)
    time_machine.shift(timedelta(minutes=2))
    assert [rows.hold(again(entry)) for entry in lost] == [True] * 4 + [False] * 2


def test_a_claim_that_ran_out_has_no_place(
    messages: Messages, flood: Flood, time_machine: Any
) -> None:
    entries = flood(5)
    assert [claimed(entry) for entry in entries[:4]] == [True] * 4
    time_machine.shift(timedelta(seconds=46))
    assert claimed(entries[4])


def test_accounts_take_turns_however_many_changes_one_has_pressed(
    messages: Messages, flood: Flood, cast: Any, world: World, press: Any
) -> None:
    """Four calls of the first account are under way while the workers take all other messages."""

    def while_under_way(do: Callable[[], Any]) -> Any:
        messages.run()
        return do()

    world.script = [while_under_way] * 4
    entries = flood(12)
    mine = press(Keep(cast.northwind, "mine", value="1"), by=cast.stranger)
    messages.run()
    assert [subject for _, subject, _ in world.calls[:5]] == ["x0", "x1", "x2", "x3", "mine"]
    assert {again(entry).state for entry in [*entries, mine]} == {State.DONE}
    assert len(world.calls) == 13


def test_a_sweep_takes_the_first_of_each_account_before_the_second_of_any(
    messages: Messages, flood: Flood, cast: Any, world: World, press: Any, time_machine: Any
) -> None:
    entries = flood(12)
    mine = press(Keep(cast.northwind, "mine", value="1"), by=cast.stranger)
    messages.clear()
    time_machine.shift(timedelta(seconds=6))
    sweeps.send_due()
    assert [pk for _, pk in messages] == [
        each.pk for each in (entries[0], mine, entries[1], entries[2], entries[3])
    ]


def test_looks_that_are_due_take_turns_by_account_too(
    changes: Any, flood: Flood, cast: Any, world: World, press: Any, time_machine: Any
) -> None:
    world.script, world.blind = [cut] * 13, True
    flood(12)
    mine = press(Keep(cast.northwind, "mine", value="1"), by=cast.stranger)
    time_machine.shift(timedelta(minutes=2))
    due = places.in_turn(rows.rows().filter(state=State.DOUBT), "due_at")
    assert [entry.pk for entry in due].index(mine.pk) == 1
    assert len(due) == 5


def test_waiting_for_a_place_does_not_count_towards_the_quarter_hour(
    changes: Any, flood: Flood, world: World, time_machine: Any
) -> None:
    """The last of thirty is sent 20 minutes after it was pressed, as VoiceTel takes 40 seconds."""

    def slow(do: Callable[[], Any]) -> Any:
        time_machine.shift(timedelta(seconds=40))
        return do()

    changes.later()
    entries = flood(30)
    world.script = [slow] * 30
    machine.run(entries[0].pk)
    assert [again(entry).state for entry in entries] == [State.DONE] * 30


@pytest.mark.django_db(transaction=True)
def test_no_race_takes_a_fifth_place(messages: Messages, flood: Flood) -> None:
    assert raced(flood(12)) == places.AT_ONCE


@pytest.mark.django_db(transaction=True)
def test_without_the_accounts_lock_a_race_takes_more(
    messages: Messages, flood: Flood, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control, where transactions run beside each other: each counts before any has written."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: there is no race to show")
    entries, free = flood(12), places.free
    counted = Barrier(len(entries), timeout=30)

    def free_for_all(account: int | None) -> int:
        found = free(account)
        counted.wait()
        return found

    monkeypatch.setattr(places, "lock", lambda account: None)
    monkeypatch.setattr(places, "free", free_for_all)
    assert raced(entries) == len(entries)


def raced(entries: list[Entry]) -> int:
    """How many of these are claimed by as many threads at once."""
    won = list[int]()

    def take(n: int) -> None:
        if claimed(entries[n]):
            won.append(n)

    at_once(take, len(entries))
    return len(won)
