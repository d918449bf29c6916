"""An undo brings back what the provider had before its change was sent, whatever was queued."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from apps.accounts.models import Account
from apps.changes import machine, selectors, services
from apps.changes.change import Change
from apps.changes.engine import tokens
from apps.changes.models import Entry
from apps.changes.states import State
from apps.numbers.changes import SetCnam, SetForward, SetRoute, StopForward
from apps.numbers.models import Gateway
from apps.numbers.services import rows
from tests.cast import Cast
from tests.numbers.looking import FIRST

COLUMNS = {"SetForward": "forward_to", "StopForward": "forward_to"} | {
    "SetRoute": "route",
    "SetCnam": "cnam",
}
FIRST_CHOICE, SECOND_CHOICE = "9175550142", "9175550143"


class Play:
    """One number, changed and changed back in a random order by one person."""

    def __init__(self, cast: Cast, sandbox: Any, chance: random.Random) -> None:
        self.cast, self.sandbox, self.chance = cast, sandbox, chance
        self.account = cast.harbor
        gateways = Gateway.objects.of(self.account).values_list("gateway", flat=True)
        self.routes = list(gateways.order_by("gateway")[:3])
        # (entry, what the provider had when its request arrived), in the order of arrival
        self.arrived: list[tuple[int, dict[str, Any]]] = []

    def there(self) -> dict[str, Any]:
        found = self.sandbox.number_of(self.account.number, FIRST)
        return {name: getattr(found, name) or None for name in set(COLUMNS.values())}

    def press(self, change: Change) -> Entry:
        return machine.submit(change, by=self.cast.manager, token=tokens.mint())

    def undo(self, entry: Entry) -> Entry:
        return services.undo(entry, by=self.cast.manager, token=tokens.mint(), fresh_at=None)

    def send(self) -> None:
        ready = Entry.objects.of(self.account).filter(state=State.READY).order_by("pk").first()
        if ready:
            machine.run(ready.pk)

    def step(self) -> None:
        """Press a change, or undo one that is done."""
        done = Entry.objects.of(self.account).filter(state=State.DONE).select_related("account")
        undoable = [entry for entry in done if selectors.find_undo(entry)]
        if undoable and self.chance.random() < 0.5:
            self.undo(self.chance.choice(undoable))
            return
        to = f"91755501{self.chance.randint(50, 52)}"
        wishes: list[Callable[[], Change]] = [
            lambda: SetForward(self.account, FIRST, to=to),
            lambda: StopForward(self.account, FIRST),
            lambda: SetRoute(self.account, FIRST, route=self.chance.choice(self.routes)),
            lambda: SetCnam(self.account, FIRST, enabled=self.chance.random() < 0.5),
        ]
        self.press(self.chance.choice(wishes)())

    def arrives(self, operation: str, request: Any) -> None:
        """The provider gets a request; someone may press meanwhile."""
        sending = Entry.objects.of(self.account).get(state=State.SENDING)
        self.arrived.append((sending.pk, self.there()))
        if len(self.arrived) < 12 and self.chance.random() < 0.4:
            self.step()

    def undone(self) -> int:
        """How many undos there were; each brought back what stood before its change was sent."""
        after = [had for _, had in self.arrived[1:]] + [self.there()]
        left = {pk: has for (pk, _), has in zip(self.arrived, after, strict=True)}
        had = dict(self.arrived)
        undos = Entry.objects.of(self.account).exclude(follows=None).select_related("follows")
        for entry in undos:
            assert entry.state == State.DONE
            column = COLUMNS[entry.follows.kind]
            assert left[entry.pk][column] == had[entry.follows.pk][column], str(entry)
        return len(undos)


def played(cast: Cast, sandbox: Any, seed: int) -> int:
    play = Play(cast, sandbox, random.Random(seed))
    with sandbox.probe(play.arrives):
        for _ in range(6):
            play.step()
            if play.chance.random() < 0.6:
                play.send()
        play.send()
    assert not Entry.objects.of(cast.harbor).exclude(state=State.DONE).exists()
    undos = play.undone()
    Entry.objects.of(cast.harbor).delete()
    return undos


@pytest.mark.parametrize("seeds", [range(5), pytest.param(range(200), marks=pytest.mark.slow)])
def test_each_undo_restores_what_stood_before_its_change_was_sent(
    harbor: Account, cast: Cast, sandbox: Any, changes: Any, seeds: range
) -> None:
    changes.later()
    undos = sum(played(cast, sandbox, seed) for seed in seeds)
    assert undos > len(seeds)


def test_control_an_undo_from_the_press_would_restore_something_else(
    harbor: Account, cast: Cast, sandbox: Any, changes: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what stood when it was pressed in place of what stood when it was sent."""
    changes.later()
    monkeypatch.setattr(Entry, "was", property(lambda entry: entry.before))
    with pytest.raises(AssertionError):
        sum(played(cast, sandbox, seed) for seed in range(60))


def test_a_second_forward_pressed_while_the_first_is_sent_undoes_to_the_first(
    harbor: Account, cast: Cast, sandbox: Any, changes: Any
) -> None:
    changes.later()
    play = Play(cast, sandbox, random.Random(0))
    second: list[Entry] = []

    def arrives(operation: str, request: Any) -> None:
        if not second:
            second.append(play.press(SetForward(harbor, FIRST, to=SECOND_CHOICE)))

    play.press(SetForward(harbor, FIRST, to=FIRST_CHOICE))
    with sandbox.probe(arrives):
        play.send()
    assert play.there()["forward_to"] == SECOND_CHOICE
    entry = Entry.objects.of(harbor).select_related("account").get(pk=second[0].pk)
    assert entry.before == {"to": ""}, "pressed while the number was not forwarded"
    undo = selectors.find_undo(entry)
    assert undo is not None
    assert undo.describe() == "forward (201) 555-0110 to (917) 555-0142"
    play.undo(entry)
    play.send()
    assert play.there()["forward_to"] == FIRST_CHOICE


def test_a_change_written_by_the_release_before_undoes_too(
    harbor: Account, cast: Cast, sandbox: Any, changes: Any
) -> None:
    """Stored names of values are theirs: "to", and "route_id" with the gateway's name."""
    changes.now()
    play = Play(cast, sandbox, random.Random(0))
    rows.write(harbor, FIRST, forward_to=FIRST_CHOICE)
    rows.write_route(harbor, FIRST, play.routes[1])
    for kind, args, before, answer in (
        ("SetForward", {"to": FIRST_CHOICE}, {"to": SECOND_CHOICE}, {"to": FIRST_CHOICE}),
        (
            "SetRoute",
            {"route": play.routes[1]},
            {"route_id": play.routes[0], "route": "before"},
            {"route": Gateway.objects.of(harbor).get(gateway=play.routes[1]).address},
        ),
    ):
        entry = Entry.objects.of(harbor).create(
            account=harbor,
            kind=kind,
            subject=FIRST,
            lane=f"number:{FIRST}",
            what="as before",
            args=args,
            before=before,
            answer=answer,
            token=kind,
            by=cast.manager,
            state=State.DONE,
        )
        assert play.undo(entry).state == State.DONE
    assert play.there() | {"cnam": None} == {
        "forward_to": SECOND_CHOICE,
        "route": play.routes[0],
        "cnam": None,
    }
