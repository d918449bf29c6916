"""The inventory, orders, and what they cost."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import connections

from apps.sandbox.world import geography
from tests.sandbox.caller import Caller

DID = Decimal("0.50")


def free(caller: Caller, mask: str = "201", quantity: int = 10) -> list[str]:
    return [
        row["number"]
        for row in caller.data("GET", f"/inventory?tnMask={mask}&quantity={quantity}")["numbers"]
    ]


def fit(caller: Caller, count: int, mask: str = "201") -> list[str]:
    """Numbers that can be ordered."""
    return [number for number in free(caller, mask, 200) if not number.endswith("96")][:count]


def test_every_state_and_hundreds_of_area_codes_have_at_least_100_free_numbers(
    harbor: Caller,
) -> None:
    states = harbor.data("GET", "/inventory/coverage?countBy=state")["coverage"]
    assert len(states) == 51
    exchanges = harbor.data("GET", "/inventory/coverage?countBy=npanxx")["coverage"]
    by_area: dict[str, int] = {}
    for row in exchanges:
        by_area[row["npa"]] = by_area.get(row["npa"], 0) + row["count"]
    assert len(by_area) > 300
    assert min(by_area.values()) >= 100
    assert sum(row["count"] for row in states) == sum(by_area.values())


def test_exchanges_are_unique_and_their_numbers_well_formed() -> None:
    exchanges = [exchange for found in geography.exchanges().values() for exchange in found]
    assert len({exchange.npa + exchange.nxx for exchange in exchanges}) == len(exchanges)
    assert not [
        exchange for exchange in exchanges if exchange.nxx.endswith("11") or exchange.nxx == "555"
    ]
    assert all(len(set(exchange.lines())) == geography.LINES for exchange in exchanges[:50])


@pytest.mark.parametrize("count_by", ["state", "city", "rateCenter", "npanxx", "block"])
def test_coverage_agrees_with_search(harbor: Caller, count_by: str) -> None:
    coverage = harbor.data("GET", f"/inventory/coverage?countBy={count_by}&npa=201")["coverage"]
    assert sum(row["count"] for row in coverage) == len(free(harbor, "201", 1000))
    narrow = next(row for row in coverage if row["count"])
    if count_by == "npanxx":
        assert narrow["count"] == len(free(harbor, narrow["npa"] + narrow["nxx"], 1000))
    if count_by == "block":
        assert narrow["count"] == len(
            free(harbor, narrow["npa"] + narrow["nxx"] + narrow["block"], 1000)
        )


def test_a_search_is_narrowed_by_mask_province_rate_center_and_lata(harbor: Caller) -> None:
    rows = harbor.data(
        "GET", "/inventory?tnMask=201&rateCenter=closter&lata=224&province=nj&quantity=1000"
    )["numbers"]
    assert rows
    assert {(row["province"], row["rateCenter"], row["city"], row["lata"]) for row in rows} == {
        ("NJ", "CLOSTER", "Closter", "224")
    }
    assert harbor.data("GET", "/inventory?tnMask=201&province=NY")["numbers"] == []
    assert all(number.endswith("6") for number in free(harbor, "201*6", 50))


def test_ten_results_when_not_said_and_a_thousand_at_most(harbor: Caller) -> None:
    assert len(harbor.data("GET", "/inventory?tnMask=212")["numbers"]) == 10
    assert harbor.refusal("GET", "/inventory?tnMask=212&quantity=1001")[0] == 400
    assert harbor.refusal("GET", "/inventory?quantity=10")[0] == 400


def test_an_order_puts_numbers_on_the_account_and_charges_exactly(
    harbor: Caller, sandbox: Any
) -> None:
    wanted, before = fit(harbor, 3), sandbox.balance(harbor.username)
    order = harbor.data(
        "POST",
        "/orders",
        {"numbers": [wanted[0], {"number": wanted[1], "route": 1000}, {"number": wanted[2]}]},
    )
    assert order["numbersOrdered"] == wanted
    assert (order["failed"], order["amountCharged"]) == ([], 1.5)
    assert sandbox.balance(harbor.username) == before - 3 * DID
    assert [charge.amount for charge in sandbox.charges(harbor.username)] == [3 * DID]
    assert [sandbox.number_of(harbor.username, number).route for number in wanted] == [4, 1000, 4]
    assert not set(wanted) & set(free(harbor, "201", 1000))
    assert harbor.refusal("POST", "/orders", {"numbers": wanted[:1]})[0] == 400


def test_a_number_ending_96_fails_and_is_not_charged(harbor: Caller, sandbox: Any) -> None:
    bad = next(number for number in free(harbor, "212*96", 5))
    good = fit(harbor, 1, "212")[0]
    order = harbor.data("POST", "/orders", {"numbers": [good, bad]})
    assert order["numbersOrdered"] == [good]
    assert [row["number"] for row in order["failed"]] == [bad]
    assert order["failed"][0]["reason"]
    assert order["amountCharged"] == 0.5


def test_the_same_key_gives_the_first_answer_for_24_hours(harbor: Caller, sandbox: Any) -> None:
    wanted, key = fit(harbor, 2), {"Idempotency-Key": "cart-1"}
    first = harbor.data("POST", "/orders", {"numbers": wanted}, headers=key)
    sandbox.advance(86_000)
    assert harbor.data("POST", "/orders", {"numbers": wanted}, headers=key) == first
    assert len(sandbox.charges(harbor.username)) == 1
    sandbox.advance(1000)
    # they are no longer in the inventory
    assert harbor.refusal("POST", "/orders", {"numbers": wanted}, headers=key)[0] == 400


def test_a_key_belongs_to_its_account(harbor: Caller, northwind: Caller) -> None:
    one, two = fit(harbor, 2)
    key = {"Idempotency-Key": "same"}
    assert harbor.data("POST", "/orders", {"numbers": [one]}, headers=key)["numbersOrdered"] == [
        one
    ]
    assert northwind.data("POST", "/orders", {"numbers": [two]}, headers=key)["numbersOrdered"] == [
        two
    ]


def test_a_refused_order_keeps_no_answer(harbor: Caller, sandbox: Any) -> None:
    wanted, key = fit(harbor, 2), {"Idempotency-Key": "cart-2"}
    sandbox.set_account(harbor.username, cash=600_000)
    assert harbor.refusal("POST", "/orders", {"numbers": wanted}, headers=key)[0] == 402
    sandbox.set_account(harbor.username, cash=1_000_000)
    assert harbor.data("POST", "/orders", {"numbers": wanted}, headers=key)["amountCharged"] == 1


@pytest.mark.parametrize("key", ["with space", "x" * 129, "ü"])
def test_a_malformed_key_is_refused(harbor: Caller, key: str) -> None:
    assert (
        harbor.refusal(
            "POST",
            "/orders",
            {"numbers": fit(harbor, 1)},
            headers={"Idempotency-Key": key.encode()},
        )[0]
        == 400
    )


@pytest.mark.parametrize(
    "numbers",
    [
        None,
        "2012548000",
        [1],
        ["1"],
        [{}],
        ["2019085750"] * 2,
        [{"number": "2019085750", "route": 1002}],
    ],
)
def test_a_list_that_makes_no_sense_is_refused_before_anything(
    harbor: Caller, sandbox: Any, numbers: Any
) -> None:
    assert harbor.refusal("POST", "/orders", {"numbers": numbers})[0] == 400
    assert sandbox.charges(harbor.username) == []


def test_an_order_takes_100_numbers_and_no_more(harbor: Caller) -> None:
    assert (
        len(harbor.data("POST", "/orders", {"numbers": fit(harbor, 100)})["numbersOrdered"]) == 100
    )
    assert harbor.refusal("POST", "/orders", {"numbers": fit(harbor, 101)})[0] == 400


def test_a_lost_answer_is_found_again_by_its_key(harbor: Caller, sandbox: Any) -> None:
    wanted, key = fit(harbor, 1), {"Idempotency-Key": "cart-3"}
    sandbox.fault("orderCreate", "status_after", status=502)
    assert harbor("POST", "/orders", {"numbers": wanted}, headers=key).status_code == 502
    assert (
        harbor.data("POST", "/orders", {"numbers": wanted}, headers=key)["numbersOrdered"] == wanted
    )
    assert len(sandbox.charges(harbor.username)) == 1


def test_racing_orders_of_one_key_charge_once(transactional_db: None, sandbox: Any) -> None:
    harbor = Caller("1000000001")
    wanted = fit(harbor, 1)

    def order(_: int) -> int:
        try:
            return harbor(
                "POST", "/orders", {"numbers": wanted}, headers={"Idempotency-Key": "race"}
            ).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(order, range(16))) == {201}
    assert len(sandbox.charges(harbor.username)) == 1


def test_a_removed_number_comes_back_and_a_released_one_never_does(
    harbor: Caller, sandbox: Any
) -> None:
    removed, released = fit(harbor, 2)
    harbor.data("POST", "/orders", {"numbers": [removed, released]})
    harbor.data("DELETE", f"/numbers/{removed}")
    harbor.data("POST", f"/numbers/{released}/release")
    seeded = "2015550110"
    harbor.data("DELETE", f"/numbers/{seeded}")
    stock = set(free(harbor, "201", 1000))
    assert (removed in stock, released in stock, seeded in stock) == (True, False, True)
    assert harbor.data("POST", "/numbers", {"number": seeded}) == {"number": seeded, "route": 4}
    assert harbor.refusal("POST", "/numbers", {"number": released})[0] == 409
    assert seeded not in free(harbor, "201", 1000)


def test_a_number_added_costs_a_month_and_may_end_in_96(harbor: Caller, sandbox: Any) -> None:
    number = free(harbor, "212*96", 1)[0]
    harbor.data("POST", "/numbers", {"number": number, "route": 1001})
    assert [charge.amount for charge in sandbox.charges(harbor.username)] == [DID]
    assert sandbox.number_of(harbor.username, number).route == 1001


def test_a_moved_number_belongs_to_the_other_account(harbor: Caller, northwind: Caller) -> None:
    harbor.data("PATCH", "/numbers/2015550110", {"accountId": 1000000002, "route": 1002})
    assert harbor("GET", "/numbers/2015550110").status_code == 404
    moved = northwind.data("GET", "/numbers/2015550110")
    assert (moved["route"], moved["forward"], moved["smsEnabled"], moved["carrier"]) == (
        1002,
        False,
        False,
        0,
    )


def test_a_sub_account_is_billed_to_its_master(
    harbor: Caller, operator: Caller, sandbox: Any
) -> None:
    made = operator.data(
        "POST",
        "/account",
        {
            "username": "1000000055",
            "name": "Harbor North",
            "email": "n@demo.test",
            "masterAccount": "1000000001",
        },
    )
    key = harbor.session.post(
        "http://sandbox.test/v2.2/account/api-key",
        json={"username": made["username"], "password": made["password"]},
        timeout=5,
    ).json()["data"]["apikey"]
    before = sandbox.balance("1000000001")
    Caller("1000000055", headers={"Authorization": f"Bearer {key}"}).data(
        "POST", "/numbers", {"number": fit(harbor, 1)[0]}
    )
    assert sandbox.balance("1000000001") == before - DID
    assert len(sandbox.numbers_of("1000000055")) == 1
