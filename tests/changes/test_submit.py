"""Pressing: who may, what is written, and what a second press of one form does."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.changes import machine
from apps.changes.engine import rows, tokens
from apps.changes.machine import BadForm, Declined, NeedsFreshSignIn, NotAllowed, OtherBody
from apps.changes.states import State
from tests.changes.world import Keep, Order, Port, World


def test_a_press_is_sent_and_settled(changes: Any, cast: Any, world: World, press: Any) -> None:
    world.copy["x"] = "old"
    entry = press(Keep(cast.harbor, "x", value="new"))
    assert (entry.state, entry.before, entry.answer, entry.by_name) == (
        State.DONE,
        {"value": "old"},
        {"value": "new"},
        "Owner Harbor",
    )
    assert world.kept == world.copy == {"x": "new"}


def test_the_row_waits_until_somebody_takes_it(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    changes.later()
    entry = press(Keep(cast.harbor, "x", value="new"))
    assert (entry.state, world.calls) == (State.READY, [])


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("owner", True),
        ("manager", True),
        ("billing", False),
        ("viewer", False),
        ("stranger", False),
        ("admin", False),
    ],
)
def test_only_who_has_the_role_may_press(
    changes: Any, cast: Any, world: World, press: Any, who: str, may: bool
) -> None:
    if may:
        assert press(Keep(cast.harbor, "x", value="new"), by=getattr(cast, who)).state == State.DONE
        return
    with pytest.raises(NotAllowed):
        press(Keep(cast.harbor, "x", value="new"), by=getattr(cast, who))
    assert not rows.rows().exists()
    assert not world.calls


@pytest.mark.parametrize("fresh_at", [None, datetime.now(UTC) - timedelta(minutes=11)])
def test_some_changes_ask_for_a_fresh_sign_in(
    changes: Any, cast: Any, world: World, press: Any, fresh_at: Any
) -> None:
    with pytest.raises(NeedsFreshSignIn):
        press(Port(cast.harbor, "2015551234", pin="1"), fresh_at=fresh_at)
    assert not world.calls
    with pytest.raises(NeedsFreshSignIn):
        press(Keep(cast.harbor, "x", value="abroad"), fresh_at=fresh_at)
    assert press(Keep(cast.harbor, "x", value="home"), fresh_at=fresh_at).state == State.DONE


def test_the_second_press_of_a_form_ends_at_the_first(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    token = tokens.mint()
    first, second = (press(Keep(cast.harbor, "x", value="new"), token=token) for _ in range(2))
    assert first.pk == second.pk
    assert len(world.calls) == 1


def test_the_same_from_a_second_tab_or_after_back_ends_at_the_first(
    changes: Any, cast: Any, world: World, press: Any, time_machine: Any
) -> None:
    first = press(Keep(cast.harbor, "x", value="new"))
    assert press(Keep(cast.harbor, "x", value="new")).pk == first.pk
    assert press(Keep(cast.harbor, "x", value="new"), by=cast.manager).pk != first.pk, (
        "another person's press is their own"
    )
    time_machine.shift(timedelta(minutes=2))
    press(Keep(cast.harbor, "x", value="new"))
    assert len(world.calls) == 3, "later it is meant"


def test_back_and_forth_is_three_changes(changes: Any, cast: Any, world: World, press: Any) -> None:
    for value in ("1", "2", "1"):
        press(Keep(cast.harbor, "x", value=value))
    assert (len(world.calls), world.kept) == (3, {"x": "1"})


def test_what_was_refused_may_be_pressed_again(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    from apps.voicetel.client import errors
    from tests.changes.world import raises

    world.script = [raises(errors.Refused("no", status=400))]
    assert [press(Keep(cast.harbor, "x", value="new")).state for _ in range(2)] == [
        State.REFUSED,
        State.DONE,
    ]


def test_two_same_orders_may_both_be_meant(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    from decimal import Decimal

    for _ in range(2):
        press(Order(cast.harbor, "cart", numbers=["2015551234"], shown=Decimal("0.5")))
    assert len(world.bought) == 2


def test_other_contents_under_the_same_form_are_refused(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    token = tokens.mint()
    press(Keep(cast.harbor, "x", value="new"), token=token)
    with pytest.raises(OtherBody):
        press(Keep(cast.harbor, "x", value="newer"), token=token)
    assert world.kept == {"x": "new"}


@pytest.mark.parametrize(
    "token", ["x", "", "abc:def", tokens.mint() + "x"], ids=["short", "empty", "unsigned", "longer"]
)
def test_a_token_that_is_not_ours_is_refused(
    changes: Any, cast: Any, world: World, token: str
) -> None:
    with pytest.raises(BadForm):
        machine.submit(Keep(cast.harbor, "x", value="new"), by=cast.owner, token=token)
    assert not rows.rows().exists()


def test_a_form_of_somebody_else_is_refused(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    token = tokens.mint()
    press(Keep(cast.harbor, "x", value="new"), token=token)
    with pytest.raises(BadForm):
        press(Keep(cast.harbor, "x", value="new"), token=token, by=cast.manager)
    with pytest.raises(BadForm):
        press(Keep(cast.northwind, "x", value="new"), token=token, by=cast.stranger)


def test_every_refusal_is_a_sentence_for_the_page(cast: Any) -> None:
    for kind in (NotAllowed, NeedsFreshSignIn, BadForm, OtherBody):
        assert issubclass(kind, Declined)
        assert 400 <= kind.status < 500


def test_the_price_shown_is_kept_with_the_row(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    from decimal import Decimal

    assert (
        press(
            Order(cast.harbor, "cart", numbers=["2015551234", "2015551235"], shown=Decimal("0.5"))
        ).price
        == 1_000_000
    )


def test_the_key_that_is_sent_is_the_forms(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    token = tokens.mint()
    press(Keep(cast.harbor, "x", value="new"), token=token)
    key = world.calls[0][2]
    assert token.startswith(key)
    assert tokens.read(token) == key


def test_secrets_are_erased_with_the_outcome(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    changes.later()
    entry = press(Port(cast.harbor, "2015551234", pin="4711"))
    assert entry.sealed
    machine.run(entry.pk)
    done = rows.find(entry.pk)
    assert (done.state, done.sealed) == (State.DONE, None)
    assert world.calls == [("testPort", "2015551234", "4711")]


@pytest.mark.django_db(transaction=True)
def test_the_row_is_committed_before_anything_is_sent(
    changes: Any, cast: Any, sandbox: Any
) -> None:
    """The provider looks over a connection of its own, as another process would."""
    from threading import Thread

    from django.db import connections

    from apps.changes.models import Entry
    from apps.numbers.changes import SetForward

    number = sandbox.numbers_of("1000000001")[0]
    seen: list[str] = []

    def look(operation: str, request: Any) -> None:
        def elsewhere() -> None:
            seen.extend(Entry.objects.across_accounts().values_list("state", flat=True))
            connections.close_all()

        thread = Thread(target=elsewhere)
        thread.start()
        thread.join()

    with sandbox.probe(look):
        machine.submit(
            SetForward(cast.harbor, number, to="9175550000"), by=cast.manager, token=tokens.mint()
        )
    assert seen == [State.SENDING]
