"""What a person may spend in a day is asked at the press and again, exactly, at the claim."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest

from apps.accounts.models import Account, Membership, User
from apps.accounts.roles import DAY_LIMITS, Role, day_limit
from apps.changes import machine
from apps.changes.change import unpack
from apps.changes.engine import limits, rows, tokens
from apps.changes.states import State
from apps.voicetel.client import errors
from tests.changes.pressing import again
from tests.changes.world import Keep, Order, World, broken, raises
from tests.threads import at_once

DOLLAR = 1_000_000


def order(account: Account, numbers: int = 1) -> Order:
    """Costs 50 cents a number."""
    return Order(
        account, "cart", numbers=[f"201{n:05}50" for n in range(numbers)], shown=Decimal(1)
    )


def allow(user: User, micro: int | None) -> None:
    Membership.objects.filter(user=user).update(day_limit=micro)


@pytest.fixture
def pressed(changes: Any, cast: Any, world: World, press: Any) -> Callable[..., Any]:
    def one(numbers: int = 1, **named: Any) -> Any:
        return press(order(cast.harbor, numbers), by=cast.billing, **named)

    return one


def test_each_role_has_its_limit() -> None:
    assert {role: day_limit(role, None) for role in Role} == DAY_LIMITS
    assert (DAY_LIMITS[Role.OWNER], DAY_LIMITS[Role.MANAGER]) == (None, 300 * DOLLAR)
    assert day_limit(Role.MANAGER, 5) == 5
    assert day_limit("no role", None) == 0


def test_what_is_over_the_limit_is_declined_and_says_why(cast: Any, pressed: Any) -> None:
    allow(cast.billing, DOLLAR)
    assert pressed(2).state == State.DONE
    with pytest.raises(machine.TooDear) as declined:
        pressed(1)
    assert str(declined.value) == (
        "This costs $0.50, and you have used $1.00 of the $1.00 that you may spend in 24 hours."
        " An owner can raise your limit. Nothing was sent."
    )
    assert rows.rows().count() == 1


def test_an_owner_has_no_limit(changes: Any, cast: Any, world: World, press: Any) -> None:
    entry = press(order(cast.harbor, 1000))
    assert (entry.state, entry.price) == (State.DONE, 500 * DOLLAR)


def test_the_double_click_of_what_used_the_limit_up_ends_at_the_first_row(
    cast: Any, pressed: Any
) -> None:
    allow(cast.billing, DOLLAR)
    token = tokens.mint()
    first = pressed(2, token=token)
    assert pressed(2, token=token) == first


def test_after_a_day_it_is_free_again(cast: Any, pressed: Any, time_machine: Any) -> None:
    allow(cast.billing, DOLLAR)
    pressed(2)
    time_machine.shift(timedelta(hours=24, seconds=1))
    assert pressed(2).state == State.DONE


def test_what_was_refused_or_never_left_counts_nothing(
    cast: Any, world: World, pressed: Any
) -> None:
    allow(cast.billing, DOLLAR)
    world.script = [raises(errors.Refused("no", status=400))]
    assert pressed(2).state == State.REFUSED
    world.script = [raises(errors.NotSent("no connection"))]
    waits = pressed(2)
    with pytest.raises(machine.TooDear):
        pressed(1)
    rows.put(waits, State.CLOSED)
    assert pressed(2).state == State.DONE


def test_a_doubt_counts(cast: Any, world: World, pressed: Any) -> None:
    allow(cast.billing, DOLLAR)
    world.script, world.blind = [broken()], True
    assert pressed(2).state == State.DOUBT
    with pytest.raises(machine.TooDear):
        pressed(1)


def test_what_voicetel_charged_counts_instead_of_the_price(cast: Any, pressed: Any) -> None:
    allow(cast.billing, DOLLAR)
    rows.rows().filter(pk=pressed(2).pk).update(charged=DOLLAR // 2)
    assert pressed(1).state == State.DONE
    assert limits.spent(cast.billing.pk, cast.harbor.pk, waiting=True) == DOLLAR


def test_another_persons_and_another_accounts_spending_do_not_count(
    changes: Any, cast: Any, world: World, press: Any, pressed: Any
) -> None:
    press(order(cast.harbor, 100))
    Membership.objects.create(user=cast.billing, account=cast.northwind, role=Role.BILLING)
    allow(cast.billing, DOLLAR)
    assert press(order(cast.northwind, 2), by=cast.billing).state == State.DONE
    assert pressed(2).state == State.DONE


def test_a_limit_that_was_lowered_meanwhile_stops_it_at_the_claim(
    changes: Any, cast: Any, world: World, pressed: Any
) -> None:
    changes.later()
    entry = pressed(2)
    allow(cast.billing, DOLLAR // 2)
    machine.run(entry.pk)
    entry = again(entry)
    assert (entry.state, entry.sent_at, world.calls) == (State.CLOSED, None, [])
    assert entry.said.startswith("Not sent: This costs $1.00, and you have used $0.00 of the $0.50")


def test_a_change_without_a_price_asks_nothing_of_it(
    changes: Any, cast: Any, world: World, press: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "_check", None)  # calling it would fail
    assert press(Keep(cast.harbor, "x", value="1"), by=cast.manager).state == State.DONE


def sent_of_twenty(cast: Any, monkeypatch: pytest.MonkeyPatch) -> int:
    """Micro-dollars of what was claimed of twenty orders of 50 cents, each in a lane of its own."""
    monkeypatch.setattr(Order, "lane", lambda self: f"order:{self.subject}")
    allow(cast.billing, 3 * DOLLAR)
    # all press before anybody's row is seen, as a burst may
    monkeypatch.setattr(limits, "check", lambda entry, along: None)
    pressed: list[int] = []

    def press_one(n: int) -> None:
        change = Order(cast.harbor, f"cart-{n}", numbers=["2015551234"], shown=Decimal(1))
        pressed.append(machine.submit(change, by=cast.billing, token=tokens.mint()).pk)

    at_once(press_one, 20)
    together = Barrier(20, timeout=30)

    def claim_one(n: int) -> None:
        together.wait()
        entry = rows.find(pressed[n])
        assert entry
        with suppress(limits.OverLimit):
            rows.claim(entry, unpack(entry))

    at_once(claim_one, 20)
    assert len(pressed) == 20
    return sum(rows.rows().exclude(sent_at=None).values_list("price", flat=True))


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_stay_within_the_limit(
    changes: Any, cast: Any, world: World, many_places: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes.later()
    assert sent_of_twenty(cast, monkeypatch) == 3 * DOLLAR


@pytest.mark.django_db(transaction=True)
def test_without_the_count_at_the_claim_twenty_at_once_pass_the_limit(
    changes: Any, cast: Any, world: World, many_places: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    changes.later()
    monkeypatch.setattr(limits, "check_alone", lambda entry: None)
    assert sent_of_twenty(cast, monkeypatch) > 3 * DOLLAR
