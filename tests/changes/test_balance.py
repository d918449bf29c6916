"""The balance between two readings: what a page may say is left, to the cent where that is known,
and never more than there is.
"""

import random
from collections.abc import Callable
from typing import Any

import pytest

from apps.accounts import access, profiles
from apps.accounts.models import Account, Profile
from apps.changes import services, sweeps
from apps.changes.change import REGISTRY
from apps.changes.engine import rows
from apps.changes.engine.limits import Membership
from apps.changes.kit.balance import Balance, balance_about, cost_of, rate_of
from apps.changes.models import Entry
from apps.changes.states import State
from apps.money import micro
from apps.sandbox.world.geography import exchanges
from apps.voicetel import clock
from tests.changes import proof as played
from tests.changes.pressing import again
from tests.changes.proof import Buy

HALF = 500_000
STOCK = [line for area in ("201", "732") for each in exchanges()[area] for line in each.lines()]
GOOD = [number for number in STOCK if not number.endswith("96")]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, cast: Any, sandbox: Any) -> Callable[[], Account]:
    """Reads the balance of Harbor's, and gives the account with it."""
    monkeypatch.setattr(played, "OURS", played.Ours())
    monkeypatch.setitem(REGISTRY, "Buy", played.KINDS["Buy"])
    Membership.objects.update(day_limit=10**12)

    def now() -> Account:
        asked = clock.now()
        answer = access.client_for(cast.harbor).account.get()
        assert profiles.write(cast.harbor, answer, asked=asked)
        return fresh(cast.harbor)

    return now


def fresh(account: Account) -> Account:
    """The account as the middleware loads it."""
    return Account.objects.select_related("profile").get(pk=account.pk)


def about(account: Account) -> Balance:
    """What is known now; every page's header says the same, at no query."""
    found = balance_about(account)
    assert found
    assert fresh(account).profile.about == found.about
    return found


def test_before_the_first_reading_there_is_no_balance_and_no_rate(cast: Any) -> None:
    Profile.objects.all().delete()
    account = Account.objects.get(pk=cast.harbor.pk)
    assert balance_about(account) is None
    assert rate_of(account, "did") is None
    assert (cost_of(account, HALF).after, cost_of(account, HALF).low) == (None, False)


def test_what_was_charged_since_the_reading_is_taken_off(
    changes: Any, read: Any, sandbox: Any, press: Any
) -> None:
    account = read()
    assert about(account).exact
    assert rate_of(account, "did") == HALF
    press(Buy(account, "1", numbers=GOOD[:3]))
    found = about(account)
    assert (found.charged, found.under_way, found.exact) == (3 * HALF, 0, False)
    assert found.about == micro(sandbox.balance(account.number))
    assert about(read()).exact  # the next reading has it in


def test_what_waits_and_what_is_in_doubt_is_taken_off_until_it_is_known(
    changes: Any, cast: Any, read: Any, sandbox: Any, press: Any
) -> None:
    account = read()
    sandbox.lose_request("orderCreate", times=None)
    doubt = press(Buy(account, "1", numbers=GOOD[:2]))
    assert doubt.state == State.DOUBT
    waits = press(Buy(account, "2", numbers=GOOD[2:3]))  # the same lane
    assert waits.state == State.READY
    assert about(account).under_way == 3 * HALF
    services.cancel(waits, by=cast.owner)
    assert about(account).under_way == 2 * HALF
    rows.put(again(doubt), State.ABSENT, absent=3)
    assert about(account).exact


def test_a_charge_that_settles_long_after_the_reading_that_has_it_is_not_taken_off_twice(
    changes: Any, read: Any, sandbox: Any, press: Any
) -> None:
    account = read()
    sandbox.fault("orderCreate", "status_after", status=502)
    entry = press(Buy(account, "1", numbers=GOOD[:2]))
    clock.advance(40)
    account = read()
    found = about(account)
    assert found.about == micro(sandbox.balance(account.number))
    clock.advance(60)
    sweeps.settle_due()
    assert again(entry).state == State.DONE
    assert about(account).about == micro(sandbox.balance(account.number))


def test_a_charge_made_while_the_balance_was_being_read_counts_as_not_in_it(
    changes: Any, cast: Any, read: Any, press: Any
) -> None:
    read()
    asked = clock.now()
    answer = access.client_for(cast.harbor).account.get()
    press(Buy(cast.harbor, "1", numbers=GOOD[:1]))
    assert profiles.write(cast.harbor, answer, asked=asked)
    assert about(fresh(cast.harbor)).charged == HALF


def test_another_account_s_charges_are_not_ours(
    changes: Any, cast: Any, read: Any, press: Any
) -> None:
    account = read()
    press(Buy(account, "1", numbers=GOOD[:1]))
    Entry.objects.of(account).update(account=cast.stranger.memberships.get().account)
    found = balance_about(account)
    assert found
    assert found.exact


def test_a_low_balance_is_said(read: Any) -> None:
    account = read()
    assert not cost_of(account, HALF).low
    assert cost_of(account, about(account).about + 1).low


@pytest.mark.parametrize("times", [40, pytest.param(200, marks=pytest.mark.slow)])
def test_after_orders_that_go_well_and_badly_it_equals_the_sandbox_s(
    changes: Any, read: Any, sandbox: Any, press: Any, times: int
) -> None:
    dice = random.Random(17)
    sandbox.set_account("1000000001", cash=500 * 1_000_000)
    account, left = read(), iter(STOCK)
    for n in range(times):
        if dice.random() < 0.2:
            sandbox.refuse("orderCreate", 402)
        press(Buy(account, f"c{n}", numbers=[next(left) for _ in range(dice.randint(1, 4))]))
        if n % 20 == 0:
            assert about(account).about == micro(sandbox.balance(account.number))
    assert about(account).about == micro(sandbox.balance(account.number))
    assert about(account).charged > times * HALF
