"""Owners are told of what others did that can cost money, and of what happened after all."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.changes import machine, services, sweeps
from apps.changes.engine import telling, tokens
from apps.changes.models import Entry
from apps.changes.states import State
from apps.notifications.models import Notice
from apps.notifications.services import tell_all
from apps.voicetel.client import errors
from tests.cast import Cast
from tests.changes.pressing import again
from tests.changes.world import Keep, World, cut, lost, raises
from tests.notifications.told import kinds_of, second_owner


@pytest.fixture
def later(time_machine: Any) -> Callable[..., None]:
    def on(**span: float) -> None:
        time_machine.shift(timedelta(**span))
        sweeps.settle_due()

    return on


def test_a_dangerous_change_tells_every_owner_who_pressed_it_too(
    changes: Any,
    cast: Cast,
    world: World,
    press: Any,
) -> None:
    second = second_owner(cast)
    entry = press(Keep(cast.harbor, "x", value="abroad"))
    assert entry.state == State.DONE
    assert kinds_of(second) == kinds_of(cast.owner) == ["change_done"]
    assert kinds_of(cast.manager) == []
    facts = Notice.objects.of(second).get().facts
    assert (facts["by"], facts["what"], facts["entry"]) == (
        "Owner Harbor (owner@harbor.test)",
        "keep abroad for x",
        entry.pk,
    )


def test_a_manager_who_does_it_is_told_to_every_owner(
    changes: Any, cast: Cast, world: World, press: Any
) -> None:
    press(Keep(cast.harbor, "x", value="abroad"), by=cast.manager)
    assert kinds_of(cast.owner) == ["change_done"]
    assert kinds_of(cast.manager) == []


def test_an_everyday_change_tells_nobody(
    changes: Any, cast: Cast, world: World, press: Any
) -> None:
    second = second_owner(cast)
    assert press(Keep(cast.harbor, "x", value="new")).state == "done"
    assert kinds_of(second) == []


def test_one_in_doubt_is_told_when_it_is_seen_to_be_done(
    changes: Any, cast: Cast, world: World, press: Any, later: Any
) -> None:
    second = second_owner(cast)
    world.blind, world.script = True, [lost]
    entry = press(Keep(cast.harbor, "x", value="abroad"))
    assert (entry.state, kinds_of(second)) == (State.DOUBT, [])
    world.blind = False
    later(minutes=2)
    assert (again(entry).state, kinds_of(second)) == (State.DONE, ["change_done"])


def test_one_that_was_refused_is_told_to_nobody(
    changes: Any, cast: Cast, world: World, press: Any
) -> None:
    second = second_owner(cast)
    world.script = [raises(errors.Refused("no", status=400))]
    assert press(Keep(cast.harbor, "x", value="abroad")).state == State.REFUSED
    assert kinds_of(second) == []


def test_whose_copy_breaks_is_told_all_the_same(
    changes: Any, cast: Cast, world: World, press: Any
) -> None:
    second = second_owner(cast)
    world.copy_breaks = True
    assert press(Keep(cast.harbor, "x", value="abroad")).copy_stale
    assert kinds_of(second) == ["change_done"]


def test_what_happened_after_all_is_told_to_every_owner_and_who_pressed(
    changes: Any,
    cast: Cast,
    world: World,
    press: Any,
    later: Any,
) -> None:
    second = second_owner(cast)
    world.script = [cut]
    entry = press(Keep(cast.harbor, "x", value="new"))
    Entry.objects.across_accounts().filter(pk=entry.pk).update(
        state=State.ABSENT, due_at=entry.created_at
    )
    world.kept["x"] = "new"
    later(hours=1)
    assert again(entry).state == State.DONE
    assert kinds_of(cast.owner) == kinds_of(second) == ["change_late"]


def test_a_telling_that_breaks_undoes_no_outcome(
    changes: Any,
    cast: Cast,
    world: World,
    press: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    second = second_owner(cast)

    def breaks(*args: Any, **named: Any) -> None:
        tell_all([second.pk], "key_dead", account=cast.harbor)
        raise RuntimeError("no words")

    monkeypatch.setattr(telling, "tell_owners", breaks)
    entry = press(Keep(cast.harbor, "x", value="abroad"))
    assert (entry.state, entry.copy_stale, len(world.calls)) == (State.DONE, False, 1)
    assert kinds_of(second) == []


def test_one_that_a_person_says_happened_is_told_as_done(
    changes: Any, cast: Cast, world: World, press: Any
) -> None:
    second = second_owner(cast)
    changes.later()
    entry = press(Keep(cast.harbor, "x", value="abroad"))
    Entry.objects.across_accounts().filter(pk=entry.pk).update(
        state=State.ASK, sent_at=entry.created_at
    )
    services.answer(again(entry), "happened", by=cast.manager, token=tokens.mint(), fresh_at=None)
    assert again(entry).state == State.DONE
    assert kinds_of(second) == ["change_done"]
    with pytest.raises(machine.Declined):
        services.answer(
            again(entry), "happened", by=cast.manager, token=tokens.mint(), fresh_at=None
        )
    assert kinds_of(second) == ["change_done"]
