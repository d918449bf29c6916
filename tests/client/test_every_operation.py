"""Each of the 74 operations: one row, one method, the request that leaves, and what the caller has
of the answer.
"""

import json
import subprocess
import sys
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from apps.voicetel.client import (
    BY_ID,
    ROWS,
    Refused,
    Retry,
    Unavailable,
    VoiceTelError,
)
from apps.voicetel.client.operations import MEGABYTE
from tests.client.answering import IDS, Answering, answering, client_to
from tests.client.cases import CASES
from tests.client.cases.base import Case, N


def test_there_are_74_rows_and_each_has_one_case() -> None:
    assert len(ROWS) == len(BY_ID) == 74
    assert sorted(IDS) == sorted(BY_ID)


@pytest.mark.parametrize("one", CASES, ids=IDS)
def test_request_leaves_as_the_document_wants_it(one: Case) -> None:
    adapter = answering(one)
    one.make(client_to(adapter))
    (asked,) = adapter.asked
    row, url = BY_ID[one.operation], urlsplit(asked.url)
    assert asked.method == row.method
    assert url.path == one.path
    assert dict(parse_qsl(url.query, keep_blank_values=True)) == one.query
    assert (json.loads(asked.body) if asked.body else None) == one.body
    assert ("Authorization" in asked.headers) is not row.public


@pytest.mark.parametrize("one", CASES, ids=IDS)
def test_answer_is_a_record_with_python_names_and_types(one: Case) -> None:
    assert one.have(one.make(client_to(answering(one)))) == one.gives


@pytest.mark.parametrize(
    "one",
    [one for one in CASES if isinstance(one.data, dict)],
    ids=[one.operation for one in CASES if isinstance(one.data, dict)],
)
def test_unknown_fields_are_passed_over_at_every_depth(one: Case) -> None:
    data = sprinkled(one.data)
    assert (
        one.have(
            one.make(client_to(Answering((200, {"status": "success", "data": data, "later": 1}))))
        )
        == one.gives
    )


def sprinkled(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            **{name: sprinkled(inner) for name, inner in value.items()},
            "laterField": {"deep": [1, None, "x"]},
        }
    return [sprinkled(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("one", CASES, ids=IDS)
def test_nonsense_and_refusals_never_leave_the_tree_of_errors(one: Case) -> None:
    for answer in (
        (200, b"<html>"),
        (200, b'{"status": "success", "data": [NaN]}'),
        (500, b""),
        (401, {"error": "no"}),
        (302, b""),
    ):
        with pytest.raises(VoiceTelError) as caught:
            one.make(client_to(Answering(answer)))
        assert caught.value.operation == one.operation


@pytest.mark.parametrize("one", CASES, ids=IDS)
def test_only_reads_outside_the_pool_are_sent_twice_after_a_502(one: Case) -> None:
    adapter = Answering((502, b""))
    with pytest.raises(VoiceTelError):
        one.make(client_to(adapter))
    row = BY_ID[one.operation]
    assert len(adapter.asked) == (2 if row.retry is Retry.SAFE and not row.pool else 1)


@pytest.mark.parametrize("one", CASES, ids=IDS)
def test_404_is_empty_for_those_rows_only_that_say_so(one: Case) -> None:
    client = client_to(
        Answering((404, {"status": "error", "error": {"code": 404, "message": "Nothing here."}}))
    )
    if BY_ID[one.operation].empty:
        assert one.make(client) in ([], None)
    else:
        with pytest.raises(Refused, match="Nothing here"):
            one.make(client)


def test_rows_tell_what_the_facts_say() -> None:
    def of(test: Any) -> set[str]:
        return {row.id for row in ROWS if test(row)}

    assert of(lambda row: row.pool) == {
        "accountGet",
        "accountRecurringCharges",
        "accountCdr",
        "accountApiKey",
    }
    assert of(lambda row: row.charges) == {
        "orderCreate",
        "numbersCreate",
        "portSubmit",
        "messageSend",
        "cnamLookup",
        "lrnLookup",
    }
    assert of(lambda row: row.public) == {"accountApiKey", "accountCreate", "accountRecovery"}
    assert of(lambda row: row.empty) == {
        "numbersList",
        "e911QueryAll",
        "aclList",
        "accountRegistration",
        "numbersFaxGet",
        "numbersSmsGet",
    }
    assert of(lambda row: row.nothing_done) == {"orderCreate"}
    assert of(lambda row: row.partly) == {"aclCreate", "aclDelete", "authPut"}
    assert of(lambda row: row.retry is Retry.KEYED) == {"orderCreate"}
    assert of(lambda row: row.retry is Retry.SAFE and row.method != "GET") == {
        "accountApiKey",
        "e911Validate",
    }
    assert of(lambda row: row.retry is Retry.SAFE and row.charges) == set()
    assert of(lambda row: row.largest == 64 * MEGABYTE) == {
        "numbersList",
        "messageHistory",
        "e911QueryAll",
        "ticketsList",
        "ticketsGet",
        "supportTicketMessages",
    }
    assert of(lambda row: row.largest == 24 * MEGABYTE) == {"accountCdr"}
    assert {row.largest // MEGABYTE for row in BY_ID.values()} == {8, 24, 64}
    assert of(lambda row: row.charges and not row.fresh) == set()


def test_order_sends_its_key() -> None:
    adapter = answering(next(one for one in CASES if one.operation == "orderCreate"))
    client_to(adapter).orders.create([N], key="order-1")
    assert adapter.asked[0].headers["Idempotency-Key"] == "order-1"
    assert json.loads(adapter.asked[0].body or "") == {"numbers": [N]}


def test_messaging_states_of_many_numbers_are_asked_300_at_a_time() -> None:
    adapter = Answering((200, {"status": "success", "data": {"numbers": []}}))
    client_to(adapter).messaging.numbers([str(2015550000 + i) for i in range(700)])
    assert [
        len(dict(parse_qsl(urlsplit(asked.url).query))["numbers"].split(","))
        for asked in adapter.asked
    ] == [300, 300, 100]


@pytest.mark.parametrize("body", [b"<h1>URI too long</h1>", {"error": "too long"}])
def test_messaging_states_are_asked_in_halves_where_the_address_is_too_long(body: Any) -> None:
    good = (200, {"status": "success", "data": {"numbers": [{"number": N}]}})
    adapter = Answering((414, body), good)
    assert len(client_to(adapter).messaging.numbers([str(2015550000 + i) for i in range(100)])) == 2
    assert len(adapter.asked) == 3


def test_messaging_state_of_one_number_that_is_too_long_is_an_error() -> None:
    with pytest.raises(Unavailable):
        client_to(Answering((414, b"<h1>"))).messaging.numbers([N])


def test_campaigns_are_asked_a_hundred_at_a_time_and_none_costs_no_call() -> None:
    adapter = Answering((200, {"status": "success", "data": {"campaigns": []}}))
    assert client_to(adapter).messaging.campaigns([]) == []
    client_to(adapter).messaging.campaigns([f"C{i:06d}" for i in range(150)])
    assert len(adapter.asked) == 2


def test_client_imports_no_django_celery_or_redis() -> None:
    code = (
        "import sys, apps.voicetel.client; print([m for m in ('django', 'celery', 'redis',"
        " 'apps.accounts') if m in sys.modules])"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.strip()
        == "[]"
    )
