"""Numbers, forward, route and gateways as the provider plays them."""

import time
from typing import Any

import pytest

from apps.sandbox.people import LARK, NORTHWIND
from tests.sandbox.caller import Caller

OWN, FOREIGN = "2015550110", "3123001000"


def test_a_forward_set_is_seen_by_the_next_look(harbor: Caller) -> None:
    assert harbor.data("PUT", f"/numbers/{OWN}/forward", {"destination": "9175550123"}) == {
        "number": OWN,
        "forwardTo": "9175550123",
    }
    number = harbor.data("GET", f"/numbers/{OWN}")
    assert (number["forward"], number["forwardTo"]) == (True, "9175550123")
    assert number in harbor.data("GET", "/numbers")["numbers"]


def test_a_forward_removed_is_gone(harbor: Caller) -> None:
    harbor.data("PUT", f"/numbers/{OWN}/forward", {"destination": "9175550123"})
    gone = harbor("DELETE", f"/numbers/{OWN}/forward")
    assert (gone.status_code, gone.content) == (204, b"")
    number = harbor.data("GET", f"/numbers/{OWN}")
    assert (number["forward"], number["forwardTo"]) == (False, None)


@pytest.mark.parametrize(
    "destination", ["", "123", "1175550123", "917555012", "91755501234", None, 5.5, ["9175550123"]]
)
def test_a_forward_needs_ten_digits(harbor: Caller, destination: Any) -> None:
    assert harbor.refusal("PUT", f"/numbers/{OWN}/forward", {"destination": destination})[0] == 400


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "", None, 404),
        ("PUT", "/forward", {"destination": "9175550123"}, 404),
        ("DELETE", "/forward", None, 404),
        ("PUT", "/route", {"route": 4}, 400),
    ],
)
def test_a_number_of_another_account_does_not_exist(
    harbor: Caller, sandbox: Any, method: str, path: str, body: Any, status: int
) -> None:
    before = sandbox.number_of(NORTHWIND.username, FOREIGN)
    assert harbor.refusal(method, f"/numbers/{FOREIGN}{path}", body)[0] == status
    after = sandbox.number_of(NORTHWIND.username, FOREIGN)
    assert (before.route, before.forward_to) == (after.route, after.forward_to)


def test_a_route_set_is_shown_with_its_gateway(harbor: Caller) -> None:
    assert harbor.data("PUT", f"/numbers/{OWN}/route", {"route": 1001}) == {
        "number": OWN,
        "route": 1001,
    }
    number = harbor.data("GET", f"/numbers/{OWN}")
    assert (number["route"], number["gateway"]) == (1001, "203.0.113.20:5060")
    assert OWN in [row["number"] for row in harbor.data("GET", "/gateways/1001/numbers")["numbers"]]
    assert harbor.data("PUT", f"/numbers/{OWN}/route", {"route": 4})["route"] == 4
    assert harbor.data("GET", f"/numbers/{OWN}")["gateway"] == "DID"


@pytest.mark.parametrize("route", [7, 99, 1002, -1, None, True, "x"])
def test_a_route_must_be_the_system_s_or_one_s_own(harbor: Caller, route: Any) -> None:
    assert harbor.refusal("PUT", f"/numbers/{OWN}/route", {"route": route})[0] == 400


def test_gateways_are_the_system_s_and_one_s_own(harbor: Caller) -> None:
    gateways = harbor.data("GET", "/gateways")["gateways"]
    assert [(row["id"], row["gateway"], row["system"]) for row in gateways[:4]] == [
        (1, "USER", True),
        (2, "T30", True),
        (3, "VOICE_BRIDGE", True),
        (4, "DID", True),
    ]
    assert [row["id"] for row in gateways] == [1, 2, 3, 4, 5, 6, 8, 1000, 1001]
    assert harbor.data("GET", "/gateways/1000") == gateways[-2]
    assert harbor.data("GET", "/gateways/8") == gateways[6]


@pytest.mark.parametrize("gateway", ["7", "1002", "abc", "99999999999999999999"])
def test_a_gateway_of_nobody_or_another_is_404(harbor: Caller, gateway: str) -> None:
    assert harbor.refusal("GET", f"/gateways/{gateway}")[0] == 404
    assert harbor.refusal("GET", f"/gateways/{gateway}/numbers")[0] == 404


def test_monthly_charges_add_up(harbor: Caller) -> None:
    mrc = harbor.data("GET", "/account/recurring-charges")
    assert mrc["charges"][0] == {"description": "Telephone numbers (24 at 0.5)", "amount": 12}
    assert mrc["total"] == pytest.approx(sum(row["amount"] for row in mrc["charges"]))


def test_call_records_come_newest_first_within_what_was_asked(
    northwind: Caller, sandbox: Any
) -> None:
    newest = int(time.time())
    oldest = newest - 90 * 86_400
    answer = northwind.data("GET", f"/account/cdr?start={newest}&end={oldest}")
    times = [int(row["key"][1]) for row in answer["cdr"]]
    assert (answer["start"], answer["end"]) == (newest, oldest)
    assert len(times) > 20
    assert times == sorted(times, reverse=True)
    assert {row["key"][0] for row in answer["cdr"]} == {northwind.username}


def test_call_records_with_the_ends_mixed_up_are_none(northwind: Caller) -> None:
    now = int(time.time())
    assert northwind.data("GET", f"/account/cdr?start={now - 90 * 86_400}&end={now}")["cdr"] == []
    assert northwind.data("GET", f"/account/cdr?start={now}&end={now - 90 * 86_400}")["cdr"]


def test_call_records_go_on_by_the_clock(harbor: Caller, sandbox: Any) -> None:
    before = len(harbor.data("GET", "/account/cdr")["cdr"])
    sandbox.advance(86_400)
    assert len(harbor.data("GET", "/account/cdr")["cdr"]) > before


def test_a_lark_number_belongs_to_an_account_that_the_portal_does_not_know(sandbox: Any) -> None:
    assert Caller(LARK.username).data("GET", "/numbers")["numbers"][0]["number"] == "5035550141"
