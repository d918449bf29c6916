"""What a person decides about a change: taken back, sent after all, left, undone."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.accounts.models import Membership
from apps.changes import selectors, services
from apps.changes.engine import rows, tokens
from apps.changes.machine import BadForm, NeedsFreshSignIn, OtherBody
from apps.changes.models import Entry
from apps.changes.states import State
from apps.notifications.models import Notice
from apps.voicetel.client import errors
from tests.changes.pressing import again
from tests.changes.world import Bought, Keep, Order, Port, World, broken, cut, lost, raises


def answer(entry: Entry, value: str, by: Any, **named: Any) -> Entry:
    """One of list_answers(), pressed on a page that was just opened."""
    return services.answer(
        again(entry), value, by=by, token=tokens.mint(), **{"fresh_at": None} | named
    )


def test_a_process_that_dies_while_it_withdraws_leaves_the_change_moving(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None], monkeypatch: Any
) -> None:
    """In two commits it was left READY without a time, which no sweep takes up, and held its lane
    for ever.
    """
    world.script = [raises(errors.NotSent("away"))]
    first, second = (press(Keep(cast.harbor, "x", value=value)) for value in ("1", "2"))
    commits = rows.put

    def dies_after_a_commit(entry: Entry, to: State, **values: Any) -> bool:
        commits(entry, to, **values)
        raise SystemExit

    monkeypatch.setattr(rows, "put", dies_after_a_commit)
    with pytest.raises(SystemExit):
        services.cancel(first, by=cast.owner)
    monkeypatch.setattr(rows, "put", commits)
    later(minutes=1)
    assert (again(first).state, again(second).state, world.kept) == (
        State.CLOSED,
        State.DONE,
        {"x": "2"},
    )


def until_absent(entry: Entry, later: Callable[..., None]) -> Entry:
    for _ in range(60):
        later(minutes=1)
    assert again(entry).state == State.ABSENT
    return again(entry)


def late(cast: Any) -> int:
    """How often Harbor's owner was told that something happened after all."""
    return Notice.objects.of(cast.owner).filter(kind="change_late").count()


def test_what_was_left_is_looked_for_all_the_day_and_its_owner_told(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [cut]
    entry = until_absent(press(Port(cast.harbor, "2015551234", pin="1")), later)
    answer(entry, "leave", cast.owner)
    later(hours=2)
    assert (again(entry).state, late(cast)) == (State.CLOSED, 0)
    world.ports["late"] = "2015551234"
    later(hours=2)
    assert (again(entry).state, again(entry).bound, late(cast)) == (State.DONE, "late", 1)


def test_what_was_sent_again_and_then_shows_after_all_is_told(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [cut, broken(500)]
    first = until_absent(
        press(Order(cast.harbor, "cart", numbers=["2015551234"], shown=Decimal(1))), later
    )
    second = answer(first, "again", cast.owner)
    assert (again(first).state, second.state, second.bound) == (State.CLOSED, State.DONE, "o0")
    later(hours=2)
    assert again(first).state == State.CLOSED, "what the second one bought is not the first one's"
    world.bought["late"] = Bought("late", ["2015551234"])
    later(hours=2)
    assert (again(first).state, again(first).bound, late(cast)) == (State.DONE, "late", 1)


def test_what_shows_while_a_twin_is_under_way_is_not_called_the_one_given_up(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [cut, broken(500), lost]
    first = until_absent(
        press(Order(cast.harbor, "cart", numbers=["2015551234"], shown=Decimal(1))), later
    )
    answer(first, "leave", cast.owner)
    later(minutes=59, seconds=55)
    twin = press(Order(cast.harbor, "cart", numbers=["2015551234"], shown=Decimal(1)))
    later(seconds=8)
    assert (again(first).state, again(twin).state, late(cast)) == (State.CLOSED, State.DOUBT, 0)
    later(hours=2)
    assert (again(first).state, again(twin).state, late(cast)) == (State.CLOSED, State.DONE, 0)


def test_what_was_left_is_not_looked_for_for_ever(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    world.script = [cut]
    entry = until_absent(press(Port(cast.harbor, "2015551234", pin="1")), later)
    answer(entry, "leave", cast.owner)
    for _ in range(30):
        later(hours=1)
    assert (again(entry).state, again(entry).due_at) == (State.CLOSED, None)


def test_what_was_never_sent_is_not_looked_for(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    changes.later()
    entry = press(Port(cast.harbor, "2015551234", pin="1"))
    later(minutes=16)
    answer(entry, "leave", cast.owner)
    later(hours=2)
    assert (again(entry).state, again(entry).due_at, world.looks) == (State.CLOSED, None, 0)


def too_late(
    changes: Any, press: Any, later: Callable[..., None], change: Keep, **named: Any
) -> Entry:
    """A change that nobody sent for a quarter of an hour."""
    changes.later()
    entry = press(change, **named)
    later(minutes=16)
    changes.now()
    assert again(entry).state == State.ASK
    return again(entry)


def test_sending_it_now_asks_for_the_fresh_sign_in_that_the_press_asked_for(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    entry = too_late(changes, press, later, Keep(cast.harbor, "x", value="abroad"))
    for fresh_at in (None, datetime.now(UTC) - timedelta(minutes=11)):
        with pytest.raises(NeedsFreshSignIn):
            answer(entry, "send", cast.owner, fresh_at=fresh_at)
    assert (again(entry).state, world.calls) == (State.ASK, [])
    assert answer(entry, "send", cast.owner, fresh_at=datetime.now(UTC)).state == State.DONE


def test_who_sends_it_now_is_who_must_have_the_right(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    """Who asked for it first may have left meanwhile."""
    entry = too_late(changes, press, later, Keep(cast.harbor, "x", value="new"), by=cast.manager)
    Membership.objects.filter(user=cast.manager).delete()
    answer(entry, "send", cast.owner)
    assert (again(entry).state, again(entry).by, again(entry).by_name) == (
        State.DONE,
        cast.owner,
        "Owner Harbor",
    )


def test_an_older_change_is_not_sent_over_a_newer_one_of_the_same_values(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    """Its answer would stand over what was pressed later, which still says done."""
    older = too_late(changes, press, later, Keep(cast.harbor, "x", value="old"))
    page_of_before = selectors.list_answers(older)
    newer = press(Keep(cast.harbor, "x", value="new"))
    assert [each.value for each in page_of_before] == ["send", "leave"]
    assert [each.value for each in selectors.list_answers(older)] == ["leave"]
    with pytest.raises(services.TooLate):
        answer(older, "send", cast.owner)
    assert (again(older).state, again(newer).state, world.kept) == (
        State.ASK,
        State.DONE,
        {"x": "new"},
    )


def test_an_older_change_is_sent_beside_a_newer_one_of_other_values(
    changes: Any, cast: Any, world: World, press: Any, later: Callable[..., None]
) -> None:
    older = too_late(changes, press, later, Keep(cast.harbor, "x", value="old"))
    newer = press(Keep(cast.harbor, "x", value="new"))
    rows.rows().filter(pk=newer.pk).update(before={"route": "y"})
    assert answer(older, "send", cast.owner).state == State.DONE


def test_a_form_of_another_account_shows_nothing_of_that_account(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    """Its change was drawn in this account's page, even for who had left the other one."""
    member = Membership.objects.create(user=cast.owner, account=cast.northwind, role="owner")
    token = tokens.mint()
    press(Keep(cast.northwind, "north", value="theirs"), token=token)
    member.delete()
    entry = press(Keep(cast.harbor, "x", value="new"))
    with pytest.raises(BadForm):
        services.undo(entry, by=cast.owner, token=token, fresh_at=None)
    assert world.kept == {"north": "theirs", "x": "new"}


def test_a_form_that_made_something_else_undoes_nothing(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    token = tokens.mint()
    press(Keep(cast.harbor, "y", value="other"), token=token)
    entry = press(Keep(cast.harbor, "x", value="new"))
    with pytest.raises(OtherBody):
        services.undo(entry, by=cast.owner, token=token, fresh_at=None)
    assert world.kept == {"y": "other", "x": "new"}


def test_the_second_press_of_undo_ends_at_the_first(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    entry, token = press(Keep(cast.harbor, "x", value="new")), tokens.mint()
    first, second = (
        services.undo(again(entry), by=cast.owner, token=token, fresh_at=None) for _ in range(2)
    )
    assert (first.pk, first.follows, len(world.calls)) == (second.pk, entry, 2)


def test_what_was_changed_elsewhere_since_is_not_undone(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    """Undoing it would put what was before over what somebody set at the provider."""
    entry = press(Keep(cast.harbor, "x", value="ours"))
    assert selectors.find_undo(entry) is not None
    world.copy["x"] = world.kept["x"] = "theirs"
    assert selectors.find_undo(entry) is None
    with pytest.raises(services.TooLate):
        services.undo(entry, by=cast.owner, token=tokens.mint(), fresh_at=None)
    assert world.kept == {"x": "theirs"}


def test_what_was_changed_elsewhere_since_is_not_done_because_it_was(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    """The same press within a minute is meant, once our copy shows another value."""
    press(Keep(cast.harbor, "x", value="ours"))
    world.copy["x"] = world.kept["x"] = "theirs"
    press(Keep(cast.harbor, "x", value="ours"))
    assert (world.kept, len(world.calls)) == ({"x": "ours"}, 2)
