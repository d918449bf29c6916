"""What somebody would send who wants us to fall over, for the record of each operation: an error of
the tree, and bounded memory.
"""

import gzip
import json
import tracemalloc
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from requests import PreparedRequest, Response

from apps.voicetel.client import BY_ID, Client, VoiceTelError
from apps.voicetel.client.answers import MOST_OBJECTS, MOST_VALUES, OF_OBJECTS, Unreadable, decode
from apps.voicetel.client.operations import MEGABYTE
from apps.voicetel.client.records.numbers import Numbers
from tests.client.answering import Answering, client_to, touch
from tests.client.cases import CASES
from tests.client.cases.base import Case

WITH_DATA = [one for one in CASES if one.data is not None]
OF_EACH = [one.operation for one in WITH_DATA]
MARK = "put the wrong thing here"
DEEP = 100_000
WRONG: dict[str, bytes] = {
    "NaN": b"NaN",
    "minus infinity": b"-Infinity",
    "5,000 digits": b"9" * 5000,
    "a fraction of 5,000 digits": b"0." + b"3" * 5000,
    "an exponent of 5,000 digits": b"1e" + b"9" * 5000,
    "5,000 digits as text": b'"' + b"9" * 5000 + b'"',
    "NaN as text": b'"NaN"',
    "lists without end": b"[" * DEEP + b"]" * DEEP,
    "objects without end": b'{"a":' * DEEP + b"0" + b"}" * DEEP,
    "lists never closed": b"[" * DEEP,
    "null": b"null",
    "true": b"true",
    "an object": b"{}",
    "a list": b"[]",
    "an empty text": b'""',
    "half a pair": b'"\\ud800"',
    "no text at all": b'"\xff\xfe"',
}


def marked(value: Any) -> Iterator[Any]:
    """The value with each of its parts in turn, at every depth, marked."""
    yield MARK
    if isinstance(value, dict):
        for name in value:
            yield from ({**value, name: inner} for inner in marked(value[name]))
        yield {**value, "laterField": MARK}
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from ([*value[:place], inner, *value[place + 1 :]] for inner in marked(item))


def bodies(one: Case, wrong: bytes) -> Iterator[bytes]:
    for answer in marked({"status": "success", "data": one.data}):
        yield json.dumps(answer).encode().replace(json.dumps(MARK).encode(), wrong)


def survives(one: Case, body: bytes, **headers: str) -> bool:
    """True: an error of ours. False: a record, whose every field can be read."""
    try:
        touch(one.make(client_to(Packed(body, headers))))
    except VoiceTelError:
        return True
    return False


class Packed(Answering):
    """One answer for ever, with headers of its own."""

    def __init__(self, body: bytes, headers: dict[str, str]) -> None:
        super().__init__((200, body))
        self.headers = headers

    def send(self, request: PreparedRequest, *rest: Any, **named: Any) -> Response:
        response = super().send(request, *rest, **named)
        response.headers.update(self.headers)
        return response


@pytest.mark.parametrize("one", WITH_DATA, ids=OF_EACH)
def test_wrong_thing_in_each_place_of_each_record_stays_in_the_tree(one: Case) -> None:
    for wrong in WRONG.values():
        for place, body in enumerate(bodies(one, wrong)):
            if len(wrong) < 1000 or place % 7 == 0:  # what is long is put into every seventh place
                survives(one, body)


@pytest.mark.parametrize("one", WITH_DATA, ids=OF_EACH)
def test_what_is_no_json_or_too_deep_is_an_error_wherever_it_stands(one: Case) -> None:
    for name in ("NaN", "minus infinity", "unfinished"):
        assert all(survives(one, body) for body in bodies(one, WRONG.get(name, b"[")))


@pytest.mark.parametrize("one", WITH_DATA, ids=OF_EACH)
def test_broken_gzip_of_each_answer_is_an_error(one: Case) -> None:
    whole = gzip.compress(json.dumps({"status": "success", "data": one.data}).encode())
    assert not survives(one, whole, **{"Content-Encoding": "gzip"})
    broken = [
        whole[:-9],
        whole[:12],
        b"",
        b"\x1f\x8b",
        whole[:-8] + b"\x00" * 8,
        b"no gzip",
        whole + b"and more",
        whole[:10] + b"\xff" * 50,
    ]
    for body in broken:
        assert survives(one, body, **{"Content-Encoding": "gzip"}) or body == b"", body[:20]
    for packing in ("br", "zstd", "gzip, gzip", "\xff"):
        assert survives(one, whole, **{"Content-Encoding": packing})


@cache
def bomb() -> bytes:
    """200 MB in 1 MB of gzip."""
    return gzip.compress(b'{"status": "success", "data": ' + b" " * (200 * MEGABYTE), 1)


def peak_of(work: Callable[[], Any]) -> float:
    """Megabytes that Python held at most while `work` ran, beyond what it held before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / MEGABYTE
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("one", WITH_DATA, ids=OF_EACH)
def test_bomb_is_given_up_at_the_operations_own_cap(one: Case) -> None:
    cap = BY_ID[one.operation].largest / MEGABYTE
    bomb()

    def unpack() -> None:
        assert survives(one, bomb(), **{"Content-Encoding": "gzip"})

    assert peak_of(unpack) < cap * 1.3 + 2


ROWS = {
    "numbersList": (b'{"number":"ab"},', b'{"numbers":['),
    "accountCdr": (b'{"id":"1","key":["1","1"],"value":{}},', b'{"cdr":['),
    "messageHistory": (b'{"id":"1","key":["1",1],"value":{}},', b'{"messages":['),
    "e911QueryAll": (
        b'{"dn":"1","address1":"","city":"","state":"","zip":"","callername":""},',
        b'{"records":[',
    ),
    "ticketsList": (b'{"id":1,"status":""},', b'{"tickets":['),
    "ticketsGet": (b'{"id":1},', b'{"ticket":{"id":1,"status":"","_embedded":{"threads":['),
    "supportTicketMessages": (b'{"id":1},', b'{"messages":['),
}


@pytest.mark.parametrize("operation", ROWS)
def test_longest_list_of_the_smallest_rows_is_not_even_read(operation: str) -> None:
    """A row costs more than its bytes: 64 MB of these would be 600."""
    row, opening = ROWS[operation]
    body = (
        b'{"status":"success","data":'
        + opening
        + row * (62 * MEGABYTE // len(row))
        + row[:-1]
        + b"]}}"
    )
    assert body.count(b"{") > MOST_OBJECTS or body.count(b",") > MOST_VALUES

    def read() -> None:
        with pytest.raises(Unreadable, match="crowded"):
            decode(body, dict)

    assert peak_of(read) < 1


def test_control_rows_as_many_as_are_allowed_are_read() -> None:
    row = b'{"number":"2015550100","gateway":"203.0.113.10:5060"},'
    body = b'{"status":"success","data":{"numbers":[' + row * 300_000 + row[:-1] + b"]}}"
    assert len(body) > OF_OBJECTS
    found = decode(body, Numbers)
    assert found is not None
    assert len(found.numbers) == 300_001


def test_endless_key_of_a_message_is_not_even_read() -> None:
    key = b",".join([b'"ab"'] * (50 * MEGABYTE // 5))
    body = b'{"status":"success","data":{"messages":[{"id":"1","key":[' + key + b'],"value":{}}]}}'

    def read() -> None:
        with pytest.raises(Unreadable, match="crowded"):
            decode(body, dict)

    assert peak_of(read) < 1


def test_client_keeps_nothing_of_what_it_refused() -> None:
    (one,) = [one for one in CASES if one.operation == "numbersList"]
    client: Client = client_to(Packed(bomb(), {"Content-Encoding": "gzip"}))
    with pytest.raises(VoiceTelError) as caught:
        one.make(client)
    assert len(str(caught.value)) < 1000
