"""While an account has a hold, none of its changes is sent, and the 15 minutes do not run."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection

from apps.changes import machine, selectors, sweeps
from apps.changes.change import unpack
from apps.changes.engine import holds, places, rows
from apps.changes.models import Entry, Hold
from apps.changes.states import State
from apps.voicetel import clock
from tests.changes.pressing import again
from tests.changes.world import Keep, Order, World, cut
from tests.threads import at_once

EVERYTHING, CHARGES = Hold.Over.EVERYTHING, Hold.Over.CHARGES
WHY = "VoiceTel's key is being turned."


def take(account: Any, over: Hold.Over = EVERYTHING, seconds: float = 30) -> Hold:
    hold = holds.take(account, over, WHY, seconds)
    assert hold is not None
    return hold


def order(account: Any) -> Order:
    return Order(account, "cart", numbers=["2015551234"], shown=Decimal(1))


def test_nothing_is_sent_until_it_is_released(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    hold = take(cast.harbor, seconds=60)
    entry = press(Keep(cast.harbor, "x", value="1"))
    later(seconds=20)
    assert (again(entry).state, world.calls) == (State.READY, [])
    assert holds.release(hold.token)
    later(seconds=1)
    assert again(entry).state == State.DONE
    assert not holds.release(hold.token)


def test_a_hold_over_charges_stops_only_what_costs(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    hold = take(cast.harbor, CHARGES, seconds=600)
    free, dear = press(Keep(cast.harbor, "x", value="1")), press(order(cast.harbor))
    later(seconds=20)
    assert (free.state, again(dear).state) == (State.DONE, State.READY)
    holds.release(hold.token)
    later(seconds=20)
    assert again(dear).state == State.DONE


def test_what_charges_by_its_operation_is_held_without_a_price(
    changes: Any, cast: Any, world: World, press: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Keep, "operation", "portSubmit")
    take(cast.harbor, CHARGES)
    entry = press(Keep(cast.harbor, "x", value="1"))
    sweeps.send_due(everything=True)
    assert again(entry).state == State.READY


def test_another_account_goes_on(changes: Any, cast: Any, world: World, press: Any) -> None:
    take(cast.northwind)
    assert press(Keep(cast.harbor, "x", value="1")).state == State.DONE


def test_a_jobs_row_is_held_too(changes: Any, cast: Any, world: World, press: Any) -> None:
    changes.later()
    entry = press(Keep(cast.harbor, "x", value="1"))
    rows.rows().filter(pk=entry.pk).update(job=1)
    hold = take(cast.harbor)
    machine.run(entry.pk)
    assert again(entry).state == State.READY
    holds.release(hold.token)
    machine.run(entry.pk)
    assert again(entry).state == State.DONE


def test_the_quarter_hour_stands_still(
    changes: Any, cast: Any, world: World, press: Any, time_machine: Any
) -> None:
    changes.later()
    entry = press(Keep(cast.harbor, "x", value="1"))
    pressed_at = entry.first_at
    time_machine.shift(timedelta(minutes=10))
    hold = take(cast.harbor, seconds=3600)
    time_machine.shift(timedelta(minutes=30))
    during = press(Keep(cast.harbor, "y", value="1"))
    machine.run(entry.pk)
    assert again(entry).state == State.READY
    time_machine.shift(timedelta(minutes=10))
    holds.release(hold.token)
    seconds = (again(entry).first_at - pressed_at).total_seconds()
    assert seconds == pytest.approx(40 * 60, abs=5)
    assert (clock.about_now() - again(during).first_at).total_seconds() < 5
    time_machine.shift(timedelta(minutes=4))
    machine.run(entry.pk)
    assert again(entry).state == State.DONE


def test_a_hold_whose_process_died_is_ended_by_the_sweep(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    take(cast.harbor, seconds=1200)
    entry = press(Keep(cast.harbor, "x", value="1"))
    later(minutes=19)
    assert again(entry).state == State.READY
    later(minutes=2)
    assert again(entry).state == State.DONE
    assert not Hold.objects.across_accounts().exists()


def test_the_account_has_one_at_a_time(cast: Any, time_machine: Any) -> None:
    first = take(cast.harbor)
    assert holds.take(cast.harbor, CHARGES, WHY, 30) is None
    take(cast.northwind)
    time_machine.shift(timedelta(seconds=31))
    second = take(cast.harbor, CHARGES)
    assert not holds.release(first.token)
    assert holds.release(second.token)


def test_it_says_what_was_under_way_when_it_was_taken(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    changes.later()
    free, dear = press(Keep(cast.harbor, "x", value="1")), press(order(cast.harbor))
    assert rows.claim(free, unpack(free))
    hold = take(cast.harbor, CHARGES)
    assert not holds.is_busy(hold)
    holds.release(hold.token)
    assert rows.claim(dear, unpack(dear))
    assert holds.is_busy(take(cast.harbor, CHARGES))


def test_a_doubt_is_not_sent_again_during_it(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [cut]
    entry = press(order(cast.harbor))
    hold = take(cast.harbor, CHARGES, seconds=3600)
    later(seconds=40)
    assert (again(entry).state, len(world.calls)) == (State.DOUBT, 1)
    holds.release(hold.token)
    later(seconds=40)
    assert (again(entry).state, len(world.calls)) == (State.DONE, 2)


def test_the_page_says_why_a_change_waits(
    changes: Any, cast: Any, world: World, press: Any, sign_in: Any
) -> None:
    hold = take(cast.harbor)
    entry = press(Keep(cast.harbor, "x", value="1"))
    page = sign_in(cast.owner).get(f"/changes/{entry.pk}/").content.decode()
    assert "key is being turned." in page
    holds.release(hold.token)
    member = cast.owner.memberships.get()
    assert WHY not in selectors.entry_panel(again(entry), member)["sentence"]


def claimed_after(cast: Any, press: Any, rounds: int) -> int:
    """Rows claimed although a hold had been taken before: twenty threads claim, one takes it."""
    late = 0
    for each in range(rounds):
        entries = [press(Keep(cast.harbor, f"{each}-{n}", value="1")) for n in range(20)]
        together, taken = Barrier(21), []

        def work(
            n: int,
            entries: list[Entry] = entries,
            together: Barrier = together,
            taken: list[set[int]] = taken,
        ) -> None:
            together.wait()
            if n < 20:
                rows.claim(entries[n], unpack(entries[n]))
            else:
                take(cast.harbor, seconds=600)
                taken.append(sending())

        at_once(work, 21)
        late += len(sending() - taken[0])
        rows.rows().update(state=State.CLOSED)
        Hold.objects.across_accounts().delete()
    return late


def sending() -> set[int]:
    return set(rows.rows().filter(state=State.SENDING).values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_no_row_is_claimed_once_a_hold_is_taken(
    changes: Any, cast: Any, world: World, press: Any, many_places: None
) -> None:
    changes.later()
    assert claimed_after(cast, press, 5) == 0


@pytest.mark.django_db(transaction=True)
def test_a_claim_that_does_not_ask_for_holds_goes_on_during_one(
    changes: Any,
    cast: Any,
    world: World,
    press: Any,
    many_places: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control."""
    changes.later()
    monkeypatch.setattr(rows, "holds_of", lambda entry: Hold.objects.across_accounts().none())
    assert claimed_after(cast, press, 5) > 0


def taken_before_the_claim(
    cast: Any, press: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> bool:
    """Whether a hold was taken while a claim that had not seen it was still to be committed."""
    entry, claiming, taken = press(Keep(cast.harbor, "x", value="1")), Event(), Event()
    early: list[bool] = []

    def before(change: Keep) -> dict[str, Any]:
        claiming.set()
        early.append(taken.wait(0.5))
        return {"value": ""}

    monkeypatch.setattr(Keep, "before", before)

    def work(n: int) -> None:
        if n:
            rows.claim(entry, unpack(entry))
        else:
            claiming.wait()
            take(cast.harbor)
            taken.set()

    at_once(work, 2)
    assert again(entry).state == State.SENDING
    return early[0]


@pytest.mark.django_db(transaction=True)
def test_a_hold_is_taken_only_once_a_claim_beside_it_is_committed(
    changes: Any, cast: Any, world: World, press: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes.later()
    assert not taken_before_the_claim(cast, press, world, monkeypatch)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_a_hold_is_taken_beside_a_claim(
    changes: Any, cast: Any, world: World, press: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control, where transactions run beside each other."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: there is no race to show")
    changes.later()
    monkeypatch.setattr(places, "lock", lambda account: None)
    assert taken_before_the_claim(cast, press, world, monkeypatch)
