"""A client written for the live service, with the standard library alone: only base URL, username
and password are ours to give.
"""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from apps.sandbox import people
from apps.sandbox.front.remote import Remote
from tests.sandbox.fuzz.rounds import Served, served

LETTERS = "0123456789abcdef"


class Stranger:
    """As short as a customer's script would be."""

    def __init__(self, base_url: str, username: str, password: str) -> None:
        self.base_url, self.key = base_url, ""
        self.key = self(
            "POST", "/v2.2/account/api-key", {"username": username, "password": password}
        )["apikey"]

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(
            self.base_url + path,
            data=data,
            method=method,
            headers={"Accept": "application/json", **headers},
        )
        if data:
            request.add_header("Content-Type", "application/json")
        if self.key and "Authorization" not in headers:
            request.add_header("Authorization", f"Bearer {self.key}")
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            request, timeout=20
        ) as answer:
            text = answer.read()
        if not text:
            return None
        told = json.loads(text)
        assert told["status"] == "success"
        return told["data"]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Served]:
    with served() as running:
        yield running


@pytest.fixture
def harbor(sandbox: Served) -> Stranger:
    Remote(sandbox.url).reset(1, 40, 50)
    return Stranger(sandbox.url, people.HARBOR.username, people.PASSWORD)


def test_a_username_and_password_give_the_key_that_opens_the_rest(harbor: Stranger) -> None:
    assert len(harbor.key) == 32
    assert set(harbor.key) <= set(LETTERS)
    assert harbor("GET", "/v2.2/account")["username"] == people.HARBOR.username


def test_a_wrong_password_and_a_wrong_key_are_401_in_the_envelope(
    sandbox: Served, harbor: Stranger
) -> None:
    with pytest.raises(urllib.error.HTTPError) as wrong:
        Stranger(sandbox.url, people.HARBOR.username, "wrong1234")
    assert wrong.value.code == 401
    told = json.loads(wrong.value.read())
    assert (told["status"], told["error"]["code"]) == ("error", 401)
    with pytest.raises(urllib.error.HTTPError) as refused:
        harbor("GET", "/v2.2/numbers", Authorization="Bearer " + "0" * 32)
    assert refused.value.code == 401


def test_numbers_are_listed_forwarded_and_looked_at_again(harbor: Stranger) -> None:
    numbers = [row["number"] for row in harbor("GET", "/v2.2/numbers")["numbers"]]
    assert len(numbers) == 24
    assert (
        harbor("PUT", f"/v2.2/numbers/{numbers[0]}/forward", {"destination": "9175550123"})[
            "forwardTo"
        ]
        == "9175550123"
    )
    assert harbor("GET", f"/v2.2/numbers/{numbers[0]}")["forwardTo"] == "9175550123"
    assert harbor("DELETE", f"/v2.2/numbers/{numbers[0]}/forward") is None


def test_an_order_with_a_key_charges_once_however_often_it_is_sent(harbor: Stranger) -> None:
    found = harbor("GET", "/v2.2/inventory?" + urlencode({"tnMask": "212", "quantity": 3}))[
        "numbers"
    ]
    wanted = [row["number"] for row in found if not row["number"].endswith("96")][:2]
    order = {"numbers": [wanted[0], {"number": wanted[1], "route": 1000}]}
    first = harbor("POST", "/v2.2/orders", order, **{"Idempotency-Key": "customer-1"})
    again = harbor("POST", "/v2.2/orders", order, **{"Idempotency-Key": "customer-1"})
    assert first == again
    assert first["numbersOrdered"] == wanted
    assert first["amountCharged"] == 1.0
    assert harbor("GET", f"/v2.2/numbers/{wanted[1]}")["route"] == 1000


def test_a_port_is_checked_submitted_and_found_in_the_list(harbor: Stranger) -> None:
    number = "9175550123"
    assert harbor("GET", f"/v2.2/ports/availability/{number}")["portable"] is True
    lines = """did=9175550123 lcBtn=9175550123 lcAccountNumber=123456789 name=Harbor
        nameType=business authPerson=Jane streetNumber=550 street=Main streetType=ST
        city=Hackensack state=NJ zip=07601 country=US"""
    order: dict[str, Any] = dict(pair.split("=") for pair in lines.split())
    order["did"] = [number]
    submitted = harbor("POST", "/v2.2/ports", order)
    assert submitted["pid"] in [row["pid"] for row in harbor("GET", "/v2.2/ports")["ports"]]
    assert harbor("GET", f"/v2.2/ports/{submitted['pid']}")["port"]["numbers"] == [number]


def test_a_message_is_sent_and_stands_in_the_history(harbor: Stranger) -> None:
    sent = harbor(
        "POST",
        "/v2.2/messages",
        {"fromNumber": "2015550110", "toNumber": "9175550123", "text": "Your appointment is at 3."},
    )
    assert sent["parts"] == 1
    messages = harbor(
        "GET", "/v2.2/messages?" + urlencode({"number": "2015550110", "type": "sms"})
    )["messages"]
    assert "Your appointment is at 3." in [row["value"]["message"] for row in messages]


def test_one_kept_connection_carries_calls_of_every_kind(sandbox: Served, harbor: Stranger) -> None:
    """http.client keeps the connection only when every answer is framed exactly: bodies, none,
    refusals, HEAD.
    """
    where = urlsplit(sandbox.url)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=20)
    headers = {"Authorization": f"Bearer {harbor.key}", "Content-Type": "application/json"}
    connection.connect()
    kept = connection.sock
    for method, path, body, status in (
        ("GET", "/v2.2/gateways", None, 200),
        ("PUT", "/v2.2/numbers/2015550111/forward", {"destination": "9175550123"}, 200),
        ("DELETE", "/v2.2/numbers/2015550111/forward", None, 204),
        ("GET", "/v2.2/numbers/2125550100", None, 404),
        ("POST", "/v2.2/messages", {}, 400),
        ("GET", "/no/such/address", None, 404),
        ("GET", "/v2.2/numbers", None, 200),
    ):
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status, path
        assert connection.sock is kept
    connection.close()


def test_the_seventh_limited_call_of_the_hour_says_when_to_come_back(
    sandbox: Served, harbor: Stranger
) -> None:
    for _ in range(5):  # the key's exchange was the first
        harbor("GET", "/v2.2/account/recurring-charges")
    with pytest.raises(urllib.error.HTTPError) as limited:
        harbor("GET", "/v2.2/account")
    assert limited.value.code == 429
    assert 0 < int(limited.value.headers["Retry-After"]) <= 3600
