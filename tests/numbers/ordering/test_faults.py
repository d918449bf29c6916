"""An order of 3, one of 250 and an added number, each under every fault of the provider: what was
charged is what happened, nothing twice, and no page says otherwise.

Once each here; 25 times each: `pytest -m slow tests/numbers/ordering/test_faults.py`.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Account, Membership
from apps.changes import sweeps
from apps.changes.models import Entry
from apps.changes.states import State
from apps.numbers.models import Number
from apps.voicetel import clock
from tests.accounts.proof import confirm
from tests.numbers.ordering.shop import (
    HARBOR,
    MANY,
    PRICE,
    STOCK,
    buy,
    charged,
    confirmation,
    entries,
    the_order,
)
from tests.pages import words

FAULTS: dict[str, tuple[str, dict[str, Any]]] = {
    "drop_before": ("drop_before", {}),
    "drop_after": ("drop_after", {}),
    "cut_body": ("cut_body", {}),
    "html_after": ("html_after", {}),
    "500": ("status", {"status": 500}),
    "502": ("status", {"status": 502}),
    "500 after": ("status_after", {"status": 500}),
    "502 after": ("status_after", {"status": 502}),
    "garbage": ("garbage", {}),
    "redirect": ("redirect", {}),
    "conflict": ("conflict", {}),
}
SLOW = pytest.mark.slow
TIMES = [1, pytest.param(25, marks=SLOW)]
faults = pytest.mark.parametrize("fault", FAULTS)
times = pytest.mark.parametrize("times", TIMES)
Settle = Callable[[], list[Entry]]


@pytest.fixture
def settle(harbor: Account) -> Settle:
    """Time goes on until nothing of Harbor's moves any more."""

    def run() -> list[Entry]:
        for minute in range(60):
            if not any(each.moves for each in entries(harbor)):
                break
            clock.advance(60 + minute * 10)
            sweeps.send_due()
            sweeps.settle_due()
        found = entries(harbor)
        assert not any(each.moves for each in found)
        return found

    return run


@pytest.fixture(autouse=True)
def _rich(harbor: Account, sandbox: Any) -> None:
    Membership.objects.update(day_limit=10**12)
    sandbox.set_account(HARBOR, cash=10**11)


def agree(account: Account, sandbox: Any) -> None:
    """What our rows say was charged is what the provider charged, to the cent, and for numbers that
    are there.
    """
    sure = [e for e in entries(account) if e.state in {State.DONE, State.PARTLY}]
    ours = sum(e.price if e.charged is None else e.charged for e in sure)
    assert ours == sum(charged(sandbox))
    bought = [n for n in (*STOCK, *MANY) if n in set(sandbox.numbers_of(HARBOR))]
    assert sum(charged(sandbox)) == PRICE * len(set(bought))
    held = set(Number.objects.of(account).values_list("number", flat=True))
    assert set(bought) <= held


def never_wrong(client: Client, address: str, account: Account, sandbox: Any) -> None:
    """While it is not known, the page neither calls it free nor asks to try again."""
    page = words(client.get(address))
    moving = [each for each in entries(account) if each.state == State.DOUBT]
    if moving:
        assert "Don't order these again" in page or "No need to try again" in page
        assert "weren't charged" not in page
        assert "Order the other" not in page
    if charged(sandbox):
        assert "Nothing was ordered" not in page


@faults
@times
def test_an_order_of_three(
    harbor: Account, shopper: Client, sandbox: Any, settle: Settle, fault: str, times: int
) -> None:
    kind, options = FAULTS[fault]
    for n in range(times):
        sandbox.fault("orderCreate", kind, **options)
        answer = buy(shopper, STOCK[n * 3 : n * 3 + 3])
        never_wrong(shopper, answer["Location"], harbor, sandbox)
        settle()
        agree(harbor, sandbox)
        never_wrong(shopper, answer["Location"], harbor, sandbox)
        page = words(shopper.get(answer["Location"]))
        done = entries(harbor)[-1].state == State.DONE
        assert ("3 numbers ordered" in page) is done
        assert ("Nothing was ordered" in page) is not done


@pytest.mark.parametrize(
    "fault",
    [
        each if each in {"drop_after", "502", "502 after"} else pytest.param(each, marks=SLOW)
        for each in FAULTS
    ],
)
@times
def test_an_order_of_250(
    harbor: Account, shopper: Client, sandbox: Any, settle: Settle, fault: str, times: int
) -> None:
    kind, options = FAULTS[fault]
    for n in range(times):
        wanted = MANY[n * 250 : n * 250 + 250]
        sandbox.fault("orderCreate", kind, **options)
        answer = confirm(shopper, buy(shopper, wanted))
        assert answer["Location"] == f"/numbers/orders/{the_order(harbor).pk}/"
        never_wrong(shopper, answer["Location"], harbor, sandbox)
        settle()
        agree(harbor, sandbox)
        parts = entries(harbor)[-3:]
        assert [len(each.args["numbers"]) for each in parts] == [100, 100, 50]
        if parts[0].state == State.DONE:
            assert [each.state for each in parts] == [State.DONE] * 3
        else:  # what was not done stops what was to follow
            assert [each.state for each in parts[1:]] == [State.CLOSED] * 2


@faults
@times
def test_one_added_number(
    harbor: Account, shopper: Client, sandbox: Any, settle: Settle, fault: str, times: int
) -> None:
    kind, options = FAULTS[fault]
    for n in range(times):
        sandbox.fault("numbersCreate", kind, **options)
        form = confirmation(shopper, "/numbers/add/") | {"number": STOCK[n]}
        answer = shopper.post("/numbers/add/", form)
        never_wrong(shopper, answer["Location"], harbor, sandbox)
        settle()
        agree(harbor, sandbox)
    assert sandbox.count("numbersCreate") == times  # it knows no key: never sent twice


def test_control_a_second_charge_would_be_seen(
    harbor: Account, shopper: Client, sandbox: Any
) -> None:
    buy(shopper, STOCK[:1])
    agree(harbor, sandbox)
    Entry.objects.of(harbor).update(charged=0)
    with pytest.raises(AssertionError):
        agree(harbor, sandbox)
