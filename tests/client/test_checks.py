"""What never leaves, with the field and the sentence that says why, and what is let through."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.voicetel.client import Client, Feature, Malformed, checks
from tests.client.answering import Answering, client_to
from tests.client.cases.base import OTHER, N
from tests.client.cases.porting import ORDER

STREET = {"address1": "1 Main St", "city": "Closter", "state": "NJ", "zip_code": "07624"}
NAIVE = datetime(2026, 1, 1)
NOW = datetime(2026, 1, 1, tzinfo=UTC)

WRONG: list[tuple[str, Callable[[Client], Any]]] = [
    ("number", lambda c: c.numbers.get("12015550100")),
    ("number", lambda c: c.numbers.get("2015550100 ")),
    ("number", lambda c: c.numbers.get("1015550100")),
    ("number", lambda c: c.numbers.get("2011550100")),
    ("number", lambda c: c.numbers.get("２０１５５５０１００")),
    ("number", lambda c: c.numbers.stop_forward("")),
    ("number", lambda c: c.numbers.delete("../account")),
    ("number", lambda c: c.numbers.release("201555010")),
    ("to", lambda c: c.numbers.set_forward(N, "911")),
    ("gateway_id", lambda c: c.numbers.route(N, 0)),
    ("gateway_id", lambda c: c.numbers.route(N, True)),
    ("gateway_id", lambda c: c.numbers.create(N, -4)),
    ("account_id", lambda c: c.numbers.move(N, "ten", 4)),
    ("name", lambda c: c.numbers.set_caller_name(N, "SIXTEEN LETTERS X")),
    ("name", lambda c: c.numbers.set_caller_name(N, "A & B")),
    ("name", lambda c: c.numbers.set_caller_name(N, "   ")),
    ("pin", lambda c: c.numbers.set_port_out_pin(N, "42871")),
    ("pin", lambda c: c.numbers.set_port_out_pin(N, "42a7")),
    ("pin", lambda c: c.numbers.set_port_out_pin(N, "٤٢٨٧")),
    ("translation", lambda c: c.numbers.translate(N, "#1234")),
    ("enabled", lambda c: c.numbers.set_cnam(N, "yes")),  # type: ignore[arg-type]
    ("email", lambda c: c.numbers.set_fax(N, "fax at example.com")),
    ("email", lambda c: c.numbers.set_fax(N, "a@example.com\r\nBcc: b@example.com")),
    ("kind", lambda c: c.numbers.set_sms(N, "pigeon", "x")),
    ("resource", lambda c: c.numbers.set_sms(N, "webhook", "http://example.com/in")),
    ("resource", lambda c: c.numbers.set_sms(N, "webhook", "https://127.0.0.1/in")),
    ("resource", lambda c: c.numbers.set_sms(N, "webhook", "https://user:pw@example.com/")),
    ("resource", lambda c: c.numbers.set_sms(N, "webhook", "https://localhost/")),
    ("resource", lambda c: c.numbers.set_sms(N, "sip", "192.168.1.1")),
    ("resource", lambda c: c.numbers.set_sms(N, "email", "https://example.com")),
    ("numbers", lambda c: c.orders.create([], key="k")),
    ("numbers", lambda c: c.orders.create([N, N], key="k")),
    ("numbers", lambda c: c.orders.create([str(2015550000 + i) for i in range(101)], key="k")),
    ("numbers", lambda c: c.orders.create(N, key="k")),
    ("key", lambda c: c.orders.create([N], key="")),
    ("idempotency_key", lambda c: c.orders.create([N], key="not a key")),
    ("mask", lambda c: c.inventory.search("")),
    ("mask", lambda c: c.inventory.search("201; drop")),
    ("quantity", lambda c: c.inventory.search("201", quantity=1001)),
    ("quantity", lambda c: c.inventory.search("201", quantity=0)),
    ("province", lambda c: c.inventory.search("201", province="nj")),
    ("count_by", lambda c: c.inventory.coverage("planet")),
    ("npa", lambda c: c.inventory.coverage("state", npa="1")),
    ("username", lambda c: c.account.exchange_key("", "pw")),
    ("password", lambda c: c.account.exchange_key("1000000001", "")),
    ("email", lambda c: c.account.recover("nobody")),
    ("settings", lambda c: c.account.update()),
    ("timezone", lambda c: c.account.update(timezone="Mars/Olympus")),
    ("timezone", lambda c: c.account.update(timezone="../../etc/passwd")),
    ("notify_threshold", lambda c: c.account.update(notify_threshold=-1)),
    ("caller_id", lambda c: c.account.update(caller_id="anonymous")),
    ("status", lambda c: c.account.credits("late")),
    ("username", lambda c: c.account.create_subaccount("12", "A", "a@example.com")),
    ("newest", lambda c: c.account.cdr(NAIVE)),
    ("newest", lambda c: c.account.cdr(NOW - timedelta(days=1), NOW)),
    ("oldest", lambda c: c.messages.history(N, "sms", NOW, NAIVE)),
    ("kind", lambda c: c.messages.history(N, "fax")),
    ("text", lambda c: c.messages.send(N, OTHER, "")),
    ("text", lambda c: c.messages.send(N, OTHER, "half \ud83d")),
    ("text", lambda c: c.messages.send(N, OTHER, "a\x00b")),
    ("media", lambda c: c.messages.send(N, OTHER, "x", media=["file:///etc/passwd"])),
    ("media", lambda c: c.messages.send(N, OTHER, "x", media=["https://10.0.0.1/a.png"])),
    ("subject", lambda c: c.messages.send(N, OTHER, "x", subject="only with media")),
    ("brand_id", lambda c: c.messaging.create_brand("XMQ8L9X", "A")),
    ("campaign_id", lambda c: c.messaging.assign(N, "c123")),
    ("campaign_id", lambda c: c.messaging.unassign(N, "C12345")),
    (
        "numbers",
        lambda c: c.messaging.unassign_many([str(2015550000 + i) for i in range(301)], "CH5K5IZ"),
    ),
    ("inbound", lambda c: c.messaging.route(N)),
    ("outbound", lambda c: c.messaging.route(N, outbound=-1)),
    ("ids", lambda c: c.messaging.campaigns(["A,B"])),
    ("start", lambda c: c.messaging.create_campaign("CH5K5IZ", "BMQ8L9X", "x", start=NAIVE)),
    ("state", lambda c: c.e911.validate(**{**STREET, "state": "New Jersey"})),
    ("zip_code", lambda c: c.e911.validate(**{**STREET, "zip_code": "0762"})),
    ("address1", lambda c: c.e911.validate(**{**STREET, "address1": " "})),
    ("caller_name", lambda c: c.e911.create(N, caller_name="", **STREET)),
    ("address_id", lambda c: c.e911.provision(N, 0, "Acme")),
    ("number", lambda c: c.e911.delete("1" + N)),
    ("pid", lambda c: c.ports.get("8654d228e5f6f004e10edaed574424531da3517e")),
    ("number", lambda c: c.ports.availability("800555")),
    ("billing_number", lambda c: c.ports.submit(replace(ORDER, billing_number="x"))),
    ("account_number", lambda c: c.ports.submit(replace(ORDER, account_number=""))),
    ("name_type", lambda c: c.ports.submit(replace(ORDER, name_type="person"))),
    ("street_prefix", lambda c: c.ports.submit(replace(ORDER, street_prefix="North"))),
    (
        "features",
        lambda c: c.ports.submit(
            replace(ORDER, features=(Feature(number=N, caller_name="SIXTEEN LETTERS X"),))
        ),
    ),
    ("numbers", lambda c: c.ports.submit(replace(ORDER, numbers=()))),
    ("cidrs", lambda c: c.acl.add([])),
    ("cidrs", lambda c: c.acl.add("8.8.8.0/24")),
    ("cidrs", lambda c: c.acl.add(["8.8.8.0/23"])),
    ("cidrs", lambda c: c.acl.add(["8.8.8.8"])),
    ("cidrs", lambda c: c.acl.add(["8.8.8.8/24"])),
    ("cidrs", lambda c: c.acl.add(["10.1.2.3/32"])),
    ("cidrs", lambda c: c.acl.add(["2001:db8::/32"])),
    ("cidrs", lambda c: c.acl.remove(["0.0.0.0/8"])),
    ("auth_type", lambda c: c.auth.update()),
    ("auth_type", lambda c: c.auth.update(auth_type=4)),
    ("password", lambda c: c.auth.update(password="letters")),
    ("password", lambda c: c.auth.update(password="12345678")),
    ("password", lambda c: c.auth.update(password="a1b2c")),
    ("password", lambda c: c.auth.update(password="a1b2c3d4e5f")),
    ("address", lambda c: c.gateways.create("127.0.0.1")),
    ("address", lambda c: c.gateways.create("example.com:99999")),
    ("address", lambda c: c.gateways.create("localhost")),
    ("address", lambda c: c.gateways.update(1000)),
    ("limit", lambda c: c.gateways.create("8.8.8.8", limit=0)),
    ("limit", lambda c: c.gateways.create("8.8.8.8", limit=1001)),
    ("prefix", lambda c: c.gateways.create("8.8.8.8", prefix="9,")),
    ("gateway_id", lambda c: c.gateways.delete(0)),
    ("caller", lambda c: c.lookups.lrn(N, "anonymous")),
    ("subject", lambda c: c.tickets.create("", "x")),
    ("message", lambda c: c.tickets.reply(1, " \n ")),
    ("status", lambda c: c.tickets.set_status(1, "done")),
    ("ticket_id", lambda c: c.tickets.get(-1)),
]

RIGHT: list[Callable[[Client], Any]] = [
    lambda c: c.numbers.set_sms(N, "webhook", "https://hooks.example.com:8443/in?x=1"),
    lambda c: c.numbers.set_sms(N, "sip", "203.0.113.10:5060"),
    lambda c: c.numbers.set_caller_name(N, "ACME 24"),
    lambda c: c.gateways.create("sip.example-host.co.uk:5060"),
    lambda c: c.gateways.create("8.8.8.8", prefix="", limit=1000),
    lambda c: c.acl.add(["8.0.0.0/8", "8.8.0.0/16", "8.8.8.0/24", "8.8.8.8/32"]),
    lambda c: c.auth.update(password="abc123"),
    lambda c: c.auth.update(auth_type=0),
    lambda c: c.account.update(notify=False),
    lambda c: c.account.update(notify_threshold=0),
    lambda c: c.messages.send(N, OTHER, "Grüße 👋\nzwei Zeilen"),
    lambda c: c.messages.send(N, OTHER, "", media=["https://example.com/a.png"]),
    lambda c: c.messaging.route(N, inbound=0),
    lambda c: c.account.cdr(NOW, NOW),
    lambda c: c.e911.create(
        N, caller_name="Ann O'Neil-Smith", **{**STREET, "zip_code": "07624-1234"}
    ),
]


@pytest.mark.parametrize(
    ("field", "call"), WRONG, ids=[f"{i}-{field}" for i, (field, _) in enumerate(WRONG)]
)
def test_wrong_field_is_named_in_a_sentence_and_nothing_leaves(
    field: str, call: Callable[[Client], Any]
) -> None:
    adapter = Answering((200, {"status": "success", "data": {}}))
    with pytest.raises(Malformed) as wrong:
        call(client_to(adapter))
    assert list(wrong.value.fields) == [field]
    assert wrong.value.fields[field].endswith(".")
    assert adapter.asked == []


@pytest.mark.parametrize("call", RIGHT)
def test_what_the_provider_takes_is_let_through(call: Callable[[Client], Any]) -> None:
    adapter = Answering((400, {"error": "arrived"}))
    with pytest.raises(Exception, match="arrived"):
        call(client_to(adapter))
    assert len(adapter.asked) == 1


def test_every_wrong_field_of_a_call_is_told_at_once() -> None:
    with pytest.raises(Malformed) as wrong:
        client_to(Answering((200, {}))).numbers.set_forward("1", "2")
    assert set(wrong.value.fields) == {"number", "to"}


def test_what_is_left_out_does_not_leave() -> None:
    adapter = Answering((200, {"status": "success", "data": {"updated": []}}))
    client_to(adapter).account.update(notify=False)
    assert json.loads(adapter.asked[0].body or "") == {"notify": False}


def test_text_leaves_as_utf_8() -> None:
    adapter = Answering((201, {"status": "success", "data": {"id": "1"}}))
    client_to(adapter).messages.send(N, OTHER, "Grüße 👋")
    body = adapter.asked[0].body
    assert isinstance(body, bytes)
    assert json.loads(body)["text"] == "Grüße 👋"
    assert adapter.asked[0].headers["Content-Length"] == str(len(body))


def test_newest_and_oldest_are_sent_under_the_providers_backward_names() -> None:
    assert checks.span(NOW, NOW - timedelta(days=1), "start", "end") == {
        "start": 1767225600,
        "end": 1767139200,
    }
    assert checks.span(None, NOW, "from", "to") == {"to": 1767225600}
    assert checks.span(None, None, "from", "to") == {}


def test_secrets_of_a_port_stay_out_of_what_is_printed() -> None:
    assert "4287" not in repr(ORDER)
    assert type(ORDER).__name__ in repr(ORDER)
