"""What an order's answer means: taken numbers, numbers in neither list, a balance that ends on the
way, a price that changed; and that nobody is charged twice for it.
"""

from collections.abc import Callable
from typing import Any

import structlog
from django.test import Client

from apps.accounts.models import Account, Membership, Profile
from apps.changes import machine, sweeps
from apps.changes.models import Entry, Item
from apps.changes.states import State
from apps.numbers.models import Cart, Number
from apps.sandbox.world import inventory
from apps.voicetel import clock
from tests.accounts.proof import confirm
from tests.numbers.ordering.shop import (
    FAILS,
    HARBOR,
    MANY,
    PRICE,
    STOCK,
    buy,
    charged,
    confirmation,
    entries,
    pick,
    press,
    the_order,
)
from tests.pages import words


def on(seconds: float = 60) -> None:
    clock.advance(seconds)
    sweeps.send_due()
    sweeps.settle_due()


def items(account: Account) -> dict[str, str]:
    found = Item.objects.filter(entry__account=account)
    return dict(found.values_list("subject", "state"))


def test_when_every_number_fails_it_is_declined_and_nothing_is_charged(
    harbor: Account, shopper: Client, sandbox: Any
) -> None:
    page = words(shopper.get(buy(shopper, FAILS[:2])["Location"]))
    assert [each.state for each in entries(harbor)] == [State.REFUSED]
    assert charged(sandbox) == []
    assert "Nothing was ordered" in page
    assert "Number is no longer available" in page


def test_a_number_in_neither_list_is_confirmed_by_looks_and_not_sent_again(
    harbor: Account, shopper: Client, sandbox: Any
) -> None:
    wanted = STOCK[:3]
    sandbox.fault("orderCreate", "patched", data={"numbersOrdered": wanted[:2]})
    answer = buy(shopper, wanted)
    (entry,) = entries(harbor)
    assert (entry.state, entry.reads_only) == (State.DOUBT, True)
    assert items(harbor)[wanted[2]] == State.DOUBT
    page = words(shopper.get(answer["Location"]))
    assert "1 number is being confirmed" in page
    assert "Don't order these again" in page
    on()
    assert entries(harbor)[0].state == State.DONE
    assert items(harbor) == dict.fromkeys(wanted, State.DONE)
    assert sandbox.count("orderCreate") == 1
    assert charged(sandbox) == [3 * PRICE]
    assert "3 numbers ordered" in words(shopper.get(answer["Location"]))


def test_a_number_in_neither_list_that_never_shows_is_not_ordered_after_three_looks(
    harbor: Account, shopper: Client, sandbox: Any
) -> None:
    wanted = [*STOCK[:2], FAILS[0]]
    sandbox.fault("orderCreate", "patched", data={"failed": []})
    answer = buy(shopper, wanted)
    for _ in range(12):
        on(120)
    (entry,) = entries(harbor)
    assert (entry.state, entry.charged) == (State.PARTLY, 2 * PRICE)
    assert items(harbor)[FAILS[0]] == State.REFUSED
    assert entry.absent >= 2
    assert "2 of 3 numbers ordered" in words(shopper.get(answer["Location"]))


def test_one_taken_number_refuses_the_call_and_the_others_can_be_ordered(
    harbor: Account, shopper: Client, sandbox: Any
) -> None:
    Membership.objects.update(day_limit=10**12)
    wanted = MANY[:100]
    pick(shopper, wanted)
    form = confirmation(shopper)
    inventory.take(wanted[40])  # someone else was quicker
    answer = confirm(shopper, shopper.post("/numbers/order/review/", form))
    page = words(shopper.get(answer["Location"]))
    assert charged(sandbox) == []
    assert "Nothing was ordered" in page
    assert f"Not available: {wanted[40]}" in page
    assert "Order the other 99" in page
    again = shopper.post(f"{answer['Location']}again/", {"account": HARBOR})
    assert again["Location"] == "/numbers/order/review/"
    press(shopper)
    assert charged(sandbox) == [99 * PRICE]
    assert "99 numbers ordered" in words(shopper.get(f"/numbers/orders/{the_order(harbor).pk}/"))


def test_a_balance_that_ends_with_the_second_call_says_what_was_bought_and_what_not_tried(
    harbor: Account, shopper: Client, sandbox: Any
) -> None:
    Membership.objects.update(day_limit=10**12)
    sandbox.set_account(HARBOR, cash=120 * PRICE)
    answer = confirm(shopper, buy(shopper, MANY[:250]))
    states = [each.state for each in entries(harbor)]
    assert states == [State.DONE, State.REFUSED, State.CLOSED]
    page = words(shopper.get(answer["Location"]))
    assert "100 of 250 numbers ordered" in page
    assert "Insufficient funds" in page
    assert "Order the other 150" in page
    assert charged(sandbox) == [100 * PRICE]


def test_a_price_that_changed_under_the_page_is_asked_again(
    harbor: Account, shopper: Client, sandbox: Any
) -> None:
    pick(shopper, STOCK[:2])
    form = confirmation(shopper)
    profile = Profile.objects.get(account=harbor)
    Profile.objects.filter(pk=profile.pk).update(rates=profile.rates | {"did": 750_000})
    answer = shopper.post("/numbers/order/review/", form)
    assert answer.status_code == 422
    assert "The price changed to $0.75" in words(answer)
    assert "Order 2 numbers for $1.50" in words(answer)
    assert entries(harbor) == []


def test_a_cart_that_changed_in_another_tab_is_shown_again(
    harbor: Account, shopper: Client, sandbox: Any
) -> None:
    pick(shopper, STOCK[:2])
    form = confirmation(shopper)
    pick(shopper, STOCK[2:3])
    answer = shopper.post("/numbers/order/review/", form)
    assert answer["Location"] == "/numbers/order/review/"
    assert "changed in another tab" in words(shopper.get(answer["Location"]))
    assert charged(sandbox) == []


def test_an_amount_other_than_shown_is_kept_as_charged_and_raises_an_alarm(
    harbor: Account, shopper: Client, sandbox: Any
) -> None:
    sandbox.fault("orderCreate", "patched", data={"amountCharged": 9.5})
    with structlog.testing.capture_logs() as logs:
        answer = buy(shopper, STOCK[:2])
    assert entries(harbor)[0].charged == 9_500_000
    alarms = [each for each in logs if "charged otherwise" in each["event"]]
    assert [(each["log_level"], each["charged"], each["shown"]) for each in alarms] == [
        ("error", "$9.50", "$1.00")
    ]
    assert "$9.50" in words(shopper.get(answer["Location"]))


def test_two_orders_within_a_second_are_both_done(
    harbor: Account, shopper: Client, sandbox: Any
) -> None:
    for number in STOCK[:2]:
        sandbox.fault("orderCreate", "patched", data={"orderId": "1747345200"})
        buy(shopper, [number])
    found = entries(harbor)
    assert [each.state for each in found] == [State.DONE] * 2
    assert [each.bound.partition(":")[0] for each in found] == ["1747345200"] * 2
    assert charged(sandbox) == [PRICE] * 2


def test_a_limit_that_covers_one_of_two_orders_lets_one_through(
    harbor: Account, shopper: Client, sandbox: Any, cast: Any
) -> None:
    Membership.objects.filter(user=cast.manager).update(day_limit=3 * PRICE)
    buy(shopper, STOCK[:2])
    answer = buy(shopper, STOCK[2:4])
    assert answer.status_code == 403
    assert "that you may spend in 24 hours" in words(answer)
    assert charged(sandbox) == [2 * PRICE]
    cart = Cart.objects.of(harbor).get(state=Cart.State.OPEN)  # nothing is lost
    assert cart.lines.count() == 2


def test_a_limit_that_covers_the_first_hundred_only_stops_all_of_them(
    harbor: Account, shopper: Client, sandbox: Any, cast: Any
) -> None:
    Membership.objects.filter(user=cast.manager).update(day_limit=150 * PRICE)
    answer = confirm(shopper, buy(shopper, MANY[:250]))
    assert "This costs $125.00" in words(answer)
    assert (entries(harbor), charged(sandbox)) == ([], [])


def test_a_big_order_asks_who_it_is_and_tells_the_owners(
    harbor: Account, shopper: Client, sandbox: Any, notices: Any
) -> None:
    answer = buy(shopper, MANY[:50])
    assert "/reauthenticate/" in answer["Location"]
    assert charged(sandbox) == []
    confirm(shopper, answer)
    assert charged(sandbox) == [50 * PRICE]
    assert [each.kind for each in notices()] == ["change_done"]


def test_an_order_that_our_copy_had_before_is_not_taken_for_this_one_s(
    harbor: Account, shopper: Client, sandbox: Any
) -> None:
    number = STOCK[0]
    buy(shopper, [number])
    Number.objects.of(harbor).filter(number=number).delete()  # so that only the result tells
    before = {"held": [], "had": []}
    (entry,) = entries(harbor)
    change = machine.unpack(entry)
    assert change.is_ours(number, before, lambda bound: True) is False  # type: ignore[attr-defined]
    had = before | {"had": [number]}
    assert change.is_ours(number, had, lambda bound: True) is True  # type: ignore[attr-defined]
    assert change.before()["had"] == [number]


def test_another_account_s_order_does_not_exist(
    harbor: Account, shopper: Client, sandbox: Any, cast: Any, sign_in: Callable[..., Client]
) -> None:
    answer = buy(shopper, STOCK[:1])
    stranger = sign_in(cast.stranger)
    assert stranger.get(answer["Location"]).status_code == 404
    assert stranger.post(f"{answer['Location']}again/").status_code == 404
    assert "Order" not in [
        each.shown.word for each in Entry.objects.of(cast.stranger.memberships.get().account)
    ]
    assert words(stranger.get("/numbers/orders/")).count("No orders yet") == 1
