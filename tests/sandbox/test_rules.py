"""Who may call what, how often, and how refusals look."""

from decimal import Decimal
from typing import Any

import pytest
import requests

from apps.sandbox import people
from tests.sandbox.caller import URL, Caller, session_from

OWN, FOREIGN = "2015550110", "3123001000"


def exchange(username: Any, password: Any, peer: str = "127.0.0.1") -> requests.Response:
    return session_from(peer).post(
        f"{URL}/v2.2/account/api-key", json={"username": username, "password": password}, timeout=5
    )


def test_the_seeded_password_is_exchanged_for_the_seeded_key(sandbox: Any) -> None:
    assert exchange("1000000001", "demo1234").json() == {
        "status": "success",
        "data": {"apikey": people.key_of("1000000001")},
    }


def test_an_integer_username_is_tolerated(sandbox: Any) -> None:
    assert exchange(1000000001, "demo1234").status_code == 200


@pytest.mark.parametrize(
    ("username", "password", "status"),
    [("1000000001", "wrong", 401), ("nobody", "demo1234", 401), ("", "", 400)],
)
def test_a_wrong_exchange_is_refused(
    sandbox: Any, username: str, password: str, status: int
) -> None:
    assert exchange(username, password).status_code == status


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer " + "0" * 32, "Basic abc"])
def test_without_a_known_key_nothing_is_told(sandbox: Any, header: str) -> None:
    answer = session_from("127.0.0.1").get(
        f"{URL}/v2.2/gateways", headers={"Authorization": header}, timeout=5
    )
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == 401


def test_a_changed_key_is_dead(harbor: Caller, sandbox: Any) -> None:
    sandbox.rotate_key(harbor.username)
    assert harbor("GET", "/gateways").status_code == 401


def test_the_four_limited_operations_share_six_calls_an_hour(harbor: Caller, sandbox: Any) -> None:
    for path in ("/account", "/account/recurring-charges", "/account/cdr", "/account"):
        assert harbor("GET", path).status_code == 200
    assert exchange("1000000001", "wrong").status_code == 401  # counts as well
    assert exchange("1000000001", "demo1234").status_code == 200
    refused = harbor("GET", "/account")
    assert refused.status_code == 429
    assert 3590 <= int(refused.headers["Retry-After"]) <= 3600
    assert [seen.status for seen in sandbox.requests("accountGet")] == [200, 200, 429]


def test_the_hour_slides_by_the_provider_s_clock(harbor: Caller, sandbox: Any) -> None:
    harbor("GET", "/account")
    sandbox.advance(1800)
    for _ in range(5):
        harbor("GET", "/account")
    assert harbor("GET", "/account").status_code == 429
    sandbox.advance(1801)
    assert harbor("GET", "/account").status_code == 200
    assert harbor("GET", "/account").status_code == 429


def test_each_peer_address_has_its_own_hour(sandbox: Any) -> None:
    here, there = Caller("1000000001", "127.0.0.1"), Caller("1000000001", "127.0.0.2")
    assert [here("GET", "/account").status_code for _ in range(7)][-1] == 429
    assert there("GET", "/account").status_code == 200


def test_four_pools_when_the_environment_says_so(
    harbor: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDBOX_POOLS", "four")
    assert [harbor("GET", "/account").status_code for _ in range(7)] == [200] * 6 + [429]
    assert harbor("GET", "/account/cdr").status_code == 200


def test_unlimited_operations_are_not_counted(harbor: Caller) -> None:
    assert {harbor("GET", "/gateways").status_code for _ in range(20)} == {200}


def test_an_empty_list_of_numbers_is_404(quiet: Caller) -> None:
    assert quiet.refusal("GET", "/numbers") == (404, "No numbers found")


def test_unknown_addresses_and_methods_are_refused_in_the_envelope(harbor: Caller) -> None:
    assert harbor.refusal("GET", "/nothing/here")[0] == 404
    wrong = harbor("DELETE", "/gateways")
    assert wrong.status_code == 405
    assert wrong.headers["Allow"] == "GET, POST"


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"x"', b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(harbor: Caller, body: bytes) -> None:
    answer = harbor.session.put(
        f"{URL}/v2.2/numbers/{OWN}/forward",
        data=body,
        headers={"Authorization": f"Bearer {people.key_of(harbor.username)}"},
        timeout=5,
    )
    assert answer.status_code == 400


def test_money_keeps_its_digits(harbor: Caller) -> None:
    account = requests.models.complexjson.loads(
        harbor("GET", "/account").text, parse_float=Decimal
    )["data"]
    assert account["cash"] == Decimal("184.25")
    assert account["rates"]["sms"] == Decimal("0.0075")


def test_the_log_tells_operation_account_key_and_peer(harbor: Caller, sandbox: Any) -> None:
    harbor("PUT", f"/numbers/{OWN}/route", {"route": 4}, headers={"Idempotency-Key": "a-1"})
    seen = sandbox.requests("numbersRoute")[-1]
    assert (seen.operation, seen.account, seen.status, seen.idempotency_key, seen.peer) == (
        "numbersRoute",
        "1000000001",
        200,
        "a-1",
        "127.0.0.1",
    )


def test_seeded_accounts_hold_what_is_promised(sandbox: Any) -> None:
    assert [len(sandbox.numbers_of(person.username)) for person in people.PEOPLE] == [
        24,
        12,
        0,
        3,
        0,
    ]
    assert sandbox.balance("1000000003") == Decimal("1.00")
    assert sandbox.balance("1000000001") >= 100
    assert sandbox.balance("1000000002") >= 1000
    for username in ("1000000001", "1000000002"):
        services = sandbox.account(username).services
        assert {name for name, on in services.items() if not on} == {
            "intl",
            "dialer",
            "bypassMedia",
        }
        assert all(rate > 0 for rate in sandbox.account(username).rates.values())
    assert sandbox.account("9000000001").admin


@pytest.mark.parametrize("start", ["", " ", "now", "1.5", "1e9", "9" * 16])
def test_a_moment_that_is_no_unix_time_is_refused_even_the_empty_one(
    harbor: Caller, start: str
) -> None:
    assert harbor.refusal("GET", "/account/cdr", params={"start": start})[0] == 400
