"""Ticket 12, gateway 12 and number 12 are three things: their changes never meet."""

from dataclasses import dataclass
from typing import Any

import pytest

from apps import things
from apps.accounts.roles import Right
from apps.changes import machine, selectors
from apps.changes.change import REGISTRY, Change, change
from apps.changes.engine import rows
from apps.changes.models import Entry
from apps.changes.states import State
from apps.things import Thing
from tests.changes.pressing import again
from tests.changes.world import Keep, World, cut

NAMES = ("ticket", "gateway", "number")


@dataclass
class Planted:
    """A class of change for each kind of thing; all of them are done to the id 12."""

    kinds: dict[str, type[Keep]]

    def change(self, account: Any, name: str, value: str = "1") -> Change:
        return self.kinds[name](account, "12", value=value)


@pytest.fixture
def planted(changes: Any, cast: Any, world: World, monkeypatch: pytest.MonkeyPatch) -> Planted:
    monkeypatch.setattr(things, "_known", {})
    kinds: dict[str, type[Keep]] = {}
    for name in NAMES:
        thing = Thing(name, name.capitalize(), href=f"/{name}s/{{}}/".format)
        cls = type(f"Keep{name.capitalize()}", (Keep,), {"thing": thing})
        # told apart in the activity by what it says
        cls.describe = lambda self: f"keep {self.thing.name} twelve"  # type: ignore[attr-defined]
        kinds[name] = change("testKeep", needs=Right.MANAGE, again=True)(cls)
        # undone with the test
        monkeypatch.setitem(REGISTRY, cls.__name__, REGISTRY.pop(cls.__name__))
    return Planted(kinds)


def pressed(planted: Planted, cast: Any, press: Any) -> dict[str, Entry]:
    return {name: press(planted.change(cast.harbor, name)) for name in NAMES}


def test_a_doubt_about_one_holds_up_no_other(
    planted: Planted, cast: Any, world: World, press: Any
) -> None:
    world.script, world.blind = [cut], True
    entries = pressed(planted, cast, press)
    assert [entry.state for entry in entries.values()] == [State.DOUBT, State.DONE, State.DONE]


def test_without_the_kind_in_the_lane_they_wait_for_each_other(
    planted: Planted, cast: Any, world: World, press: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(Change, "lane", lambda self: self.subject)
    world.script, world.blind = [cut], True
    entries = pressed(planted, cast, press)
    assert [entry.state for entry in entries.values()] == [State.DOUBT, State.READY, State.READY]
    assert rows.newer_of_same(entries["ticket"]) == [entries["gateway"], entries["number"]]


def test_a_newer_change_of_one_takes_no_others_place(
    changes: Any, planted: Planted, cast: Any, world: World, press: Any
) -> None:
    changes.later()
    entries = pressed(planted, cast, press)
    rows.rows().filter(pk=entries["ticket"].pk).update(job=1)
    for entry in reversed(entries.values()):
        machine.run(entry.pk)
    assert {again(entry).state for entry in entries.values()} == {State.DONE}
    assert all(rows.newer_of_same(entry) == [] for entry in entries.values())


def test_without_the_kind_in_the_lane_one_would_take_anothers_place(
    changes: Any,
    planted: Planted,
    cast: Any,
    world: World,
    press: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control."""
    monkeypatch.setattr(Change, "lane", lambda self: self.subject)
    changes.later()
    entries = pressed(planted, cast, press)
    rows.rows().filter(pk=entries["ticket"].pk).update(job=1)
    machine.run(entries["gateway"].pk)
    machine.run(entries["ticket"].pk)
    assert again(entries["ticket"]).state == State.CLOSED


def test_the_same_press_for_another_kind_is_another_change(
    planted: Planted, cast: Any, press: Any
) -> None:
    """An again-change pressed twice is one; the id alone would make it one across kinds."""
    first, other = (press(planted.change(cast.harbor, name)) for name in ("ticket", "gateway"))
    assert press(planted.change(cast.harbor, "gateway")) == other != first


def test_activity_and_links_are_each_things_own(
    planted: Planted, cast: Any, press: Any, sign_in: Any
) -> None:
    entries = pressed(planted, cast, press)
    browser = sign_in(cast.owner)
    for name, entry in entries.items():
        about = {"about": f"{name}:12"}
        for address in ("/settings/audit/", "/changes/"):
            page = browser.get(address, about).content.decode()
            assert [other for other in NAMES if f"Keep {other} twelve" in page] == [name], address
        assert list(selectors.list_of_thing(cast.harbor, name, "12")) == [entry]
        assert f'href="/{name}s/12/"' in browser.get(f"/changes/{entry.pk}/").content.decode()
