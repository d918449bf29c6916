"""A doubt is settled by looking; sent again only where that is harmless."""

import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from apps.accounts.models import Account
from apps.changes.change import Change, unpack
from apps.changes.engine import rows
from apps.changes.models import Entry
from apps.changes.states import State
from apps.voicetel.client import errors
from tests.changes.pressing import again
from tests.changes.world import Bought, Keep, Order, Port, World, broken, cut, lost, raises


def order(cast: Any, *numbers: str) -> Order:
    return Order(
        cast.harbor, "cart", numbers=list(numbers or ("2015551234",)), shown=Decimal("0.5")
    )


def test_a_lost_answer_is_read_back_at_once(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    world.script = [lost]
    entry = press(Keep(cast.harbor, "x", value="new"))
    assert (entry.state, len(world.calls), world.looks) == (State.DONE, 1, 1)
    assert world.copy == {"x": "new"}


def test_what_is_absent_before_the_deadline_is_not_sent_again_yet(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    """The first one may still be on its way."""
    world.script = [cut]
    entry = press(Keep(cast.harbor, "x", value="new"))
    later(seconds=20)
    assert (again(entry).state, len(world.calls)) == (State.DOUBT, 1)
    later(seconds=15)
    assert (again(entry).state, len(world.calls)) == (State.DONE, 2)
    assert world.kept == {"x": "new"}


def test_what_somebody_else_changed_meanwhile_is_asked_about(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [cut]
    entry = press(Keep(cast.harbor, "x", value="new"))
    world.kept["x"] = "theirs"
    later(seconds=40)
    assert (again(entry).state, again(entry).said, len(world.calls)) == (
        State.ASK,
        "somebody else changed it",
        1,
    )


def test_a_person_is_not_asked_while_the_sending_may_still_arrive(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    """The answer would free the lane, and what arrives then would overwrite the next change."""
    world.kept["x"] = "theirs"  # elsewhere, since our copy
    arrive = world.on_its_way()
    first, second = (
        press(Keep(cast.harbor, "x", value="1")),
        press(Keep(cast.harbor, "x", value="2")),
    )
    assert (first.state, first.said, second.state) == (
        State.DOUBT,
        "VoiceTel's answer was lost.",
        State.READY,
    )
    arrive()
    later(seconds=40)
    assert (again(first).state, again(second).state, world.kept) == (
        State.DONE,
        State.DONE,
        {"x": "2"},
    )


def test_a_newer_change_of_the_lane_takes_the_place_of_a_lost_one(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [cut]
    first, second = (
        press(Keep(cast.harbor, "x", value="1")),
        press(Keep(cast.harbor, "x", value="2")),
    )
    later(seconds=40)
    assert (again(first).state, again(second).state) == (State.CLOSED, State.DONE)
    assert (world.kept, len(world.calls)) == ({"x": "2"}, 2)


def test_who_lost_the_right_has_nothing_sent_again(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    from apps.accounts.models import Membership

    world.script = [cut]
    entry = press(Keep(cast.harbor, "x", value="new"), by=cast.manager)
    Membership.objects.filter(user=cast.manager).delete()
    later(seconds=40)
    assert (again(entry).state, len(world.calls)) == (State.ASK, 1)


def test_unreadable_looks_come_back_ever_later_and_ask_after_a_day(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script, world.blind = [cut], True
    entry = press(Keep(cast.harbor, "x", value="new"))
    for _ in range(23 * 6):
        later(minutes=10)
    assert again(entry).state == State.DOUBT
    assert 24 <= world.looks <= 40
    later(hours=2)
    assert (again(entry).state, len(world.calls)) == (State.ASK, 1)


def test_what_was_done_before_a_day_without_the_portal_is_seen(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    changes.later()
    entry = press(Keep(cast.harbor, "x", value="new"))
    assert rows.claim(entry, unpack(entry))
    world.kept["x"] = "new"
    later(hours=25)
    assert (again(entry).state, world.looks, world.copy) == (State.DONE, 1, {"x": "new"})


@pytest.mark.parametrize("away", ["nothing of it there", "the provider", "the key"])
def test_a_day_without_the_portal_ends_in_a_question_when_a_look_shows_nothing(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None], away: str
) -> None:
    changes.later()
    entry = press(Keep(cast.harbor, "x", value="new"))
    assert rows.claim(entry, unpack(entry))
    world.blind = away == "the provider"
    if away == "the key":
        Account.objects.filter(pk=cast.harbor.pk).update(key_state=Account.Key.DEAD)
    later(hours=25)
    assert (again(entry).state, world.calls) == (State.ASK, [])
    assert world.looks == (away != "the key")


def test_a_question_that_a_later_look_answers_settles_and_asks_nobody(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script, world.blind = [lost], True
    entry = press(Keep(cast.harbor, "x", value="new"))
    later(hours=25)
    assert again(entry).state == State.ASK
    world.blind = False
    later(minutes=6)
    assert (again(entry).state, world.copy) == (State.DONE, {"x": "new"})
    assert len(world.calls) == 1


def test_a_question_is_looked_at_for_a_day_and_then_left_to_the_person(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script, world.blind = [cut], True
    entry = press(Keep(cast.harbor, "x", value="new"))
    for _ in range(60):
        later(hours=1)
    looks = world.looks
    assert (again(entry).state, again(entry).due_at) == (State.ASK, None)
    later(hours=2)
    assert world.looks == looks
    assert len(world.calls) == 1


def test_a_look_that_kills_its_process_after_the_day_is_not_made_for_ever(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None], monkeypatch: Any
) -> None:
    world.script, world.blind = [cut], True
    entry = press(Keep(cast.harbor, "x", value="new"))
    monkeypatch.setattr(World, "look", lambda self: sys.exit("out of memory"))
    with pytest.raises(SystemExit):
        later(hours=25)
    assert again(entry).state == State.DOUBT
    later(minutes=1)
    assert (again(entry).state, again(entry).due_at) == (State.ASK, None)


def test_what_was_sent_again_as_the_day_ended_is_not_asked_about_while_it_may_still_arrive(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [cut]
    entry = press(Keep(cast.harbor, "x", value="new"))
    arrive = world.on_its_way()
    later(hours=23, minutes=59, seconds=50)
    later(seconds=15)
    assert (again(entry).state, len(world.calls)) == (State.DOUBT, 2)
    arrive()
    later(seconds=40)
    assert again(entry).state == State.DONE


def test_a_keyed_change_is_sent_again_with_the_same_key(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [lost]
    entry = press(order(cast))
    later(seconds=20)
    assert (again(entry).state, len(world.calls), len({key for _, _, key in world.calls})) == (
        State.DONE,
        2,
        1,
    )
    assert len(world.bought) == 1


def test_a_second_5xx_to_one_key_moves_to_looking(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [broken(500), broken(500)]
    entry = press(order(cast))
    for _ in range(60):
        later(seconds=30)
    assert (again(entry).state, len(world.calls)) == (State.ABSENT, 2)


def test_a_key_is_not_used_a_quarter_hour_after_the_press(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [cut]
    entry = press(order(cast))
    later(minutes=16)
    assert (again(entry).state, len(world.calls), world.looks) == (State.DOUBT, 1, 1)


def test_what_has_no_key_is_looked_for_and_never_sent_again(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [cut]
    entry = press(Port(cast.harbor, "2015551234", pin="1"))
    states = []
    for _ in range(60):
        later(minutes=1)
        states.append(again(entry).state)
    assert states[25] == State.DOUBT, "ports have half an hour"
    assert (states[-1], len(world.calls), again(entry).sealed) == (State.ABSENT, 1, None)
    assert again(entry).absent >= 3


def test_evidence_settles_it_and_binds_the_providers_id(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [lost]
    entry = press(Port(cast.harbor, "2015551234", pin="1"))
    later(seconds=20)
    assert (again(entry).state, again(entry).bound, again(entry).sealed) == (State.DONE, "p0", None)


def test_one_thing_there_settles_only_one_of_two_twins(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [lost, cut]
    first, second = (
        press(Port(cast.harbor, "2015551234", pin="1")),
        press(Port(cast.harbor, "2015551234", pin="1")),
    )
    for _ in range(80):
        later(minutes=1)
    assert (again(first).state, again(second).state) == (State.DONE, State.ABSENT)


def test_two_that_fit_are_asked_about(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [lost]
    entry = press(Port(cast.harbor, "2015551234", pin="1"))
    world.ports["theirs"] = "2015551234"
    later(seconds=40)
    assert again(entry).state == State.ASK


def test_evidence_that_turns_up_after_all_is_told(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [cut]
    entry = press(Port(cast.harbor, "2015551234", pin="1"))
    for _ in range(60):
        later(minutes=1)
    assert again(entry).state == State.ABSENT
    world.ports["late"] = "2015551234"
    later(hours=2)
    assert (again(entry).state, again(entry).bound) == (State.DONE, "late")


def test_an_absent_one_is_not_looked_for_for_ever(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [cut]
    entry = press(Port(cast.harbor, "2015551234", pin="1"))
    for _ in range(40):
        later(hours=1)
    assert (again(entry).state, again(entry).due_at) == (State.ABSENT, None)


def test_the_same_evidence_cannot_bind_two_rows(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    press(Port(cast.harbor, "2015551234", pin="1"))
    world.script = [lambda do: "p0"]
    second = press(Port(cast.harbor, "2015551235", pin="1"))
    assert (second.state, second.bound) == (State.DOUBT, "")


def test_a_lost_process_is_found_by_the_sweep(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    changes.later()
    entry = press(Keep(cast.harbor, "x", value="new"))
    assert rows.claim(entry, unpack(entry))
    later(seconds=40)
    assert again(entry).state == State.SENDING, "its claim still holds"
    changes.now()
    later(seconds=10)
    assert (again(entry).state, world.kept) == (State.DONE, {"x": "new"})


def test_a_twin_in_flight_is_asked_again_in_half_a_minute(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [broken(409)]
    entry = press(order(cast))
    later(seconds=25)
    assert len(world.calls) == 1
    later(seconds=10)
    assert (again(entry).state, len(world.calls)) == (State.DONE, 2)


def test_a_look_back_can_be_partly_done_too(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [cut]
    entry: Entry = press(order(cast, "2015551234", "2015551296"))
    world.bought["elsewhere"] = Bought("o9", ["2015551234"], ["2015551296"])
    later(minutes=16)
    assert (again(entry).state, again(entry).bound) == (State.PARTLY, "o9")


REFUSALS = {
    "400": errors.Refused("no", status=400),
    "401": errors.Unauthorized("no", status=401),
    "402": errors.BalanceTooLow("no", status=402),
    "403": errors.Forbidden("no", status=403),
    "ours": errors.Malformed({"numbers": "Not numbers."}),
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refused_repeat_says_nothing_of_the_first_order(
    changes: Any,
    cast: Any,
    sandbox: Any,
    world: World,
    press: Any,
    later: Callable[..., None],
    refusal: str,
) -> None:
    world.script = [lost, raises(REFUSALS[refusal])]
    entry = press(order(cast))
    later(seconds=20)
    assert (again(entry).state, again(entry).status, len(world.calls)) == (State.DOUBT, None, 2)
    later(minutes=1)
    assert (again(entry).state, again(entry).bound, len(world.calls)) == (State.DONE, "o0", 2)


def test_an_order_whose_key_died_before_the_repeat_is_looked_for_once_the_key_works(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [lost]
    entry = press(order(cast))
    Account.objects.filter(pk=cast.harbor.pk).update(key_state=Account.Key.DEAD)
    later(seconds=20)
    assert (again(entry).state, len(world.calls)) == (State.DOUBT, 1)
    assert "An owner can reconnect it" in again(entry).said
    Account.objects.filter(pk=cast.harbor.pk).update(key_state=Account.Key.LIVE)
    later(minutes=1)
    assert (again(entry).state, len(world.calls)) == (State.DONE, 1)


def test_an_order_that_never_arrived_and_was_refused_the_second_time_counts_as_absent(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [cut, raises(errors.BalanceTooLow("no", status=402))]
    entry = press(order(cast))
    for _ in range(30):
        later(minutes=1)
    assert (again(entry).state, len(world.calls)) == (State.ABSENT, 2)


def test_what_was_seen_absent_and_is_refused_when_repeated_is_refused(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [cut, raises(errors.Refused("That number is barred", status=400))]
    entry = press(Keep(cast.harbor, "x", value="new"))
    later(seconds=40)
    assert (again(entry).state, again(entry).said, world.looks) == (
        State.REFUSED,
        "That number is barred",
        2,
    )


def test_what_no_look_shows_and_is_refused_when_repeated_is_asked_about(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None], monkeypatch: Any
) -> None:
    monkeypatch.setattr(Keep, "look", Change.look)
    world.script = [lost, raises(errors.Refused("Wrong password", status=400))]
    entry = press(Keep(cast.harbor, "x", value="new"))
    later(seconds=40)
    assert (again(entry).state, len(world.calls)) == (State.ASK, 2)
    assert "Wrong password" in again(entry).said
