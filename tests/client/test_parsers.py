"""Whatever bytes come, the parsers give a record or one of our errors."""

import io
import json
import time
import zlib
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from requests import Response

from apps.voicetel.client import VoiceTelError, checks
from apps.voicetel.client.answers import Unreadable, decode, read, refusal
from apps.voicetel.client.errors import Malformed
from apps.voicetel.client.records.numbers import Numbers
from apps.voicetel.client.transport import wait_of
from tests.client.answering import Answering, client_to, touch
from tests.client.cases import CASES
from tests.client.cases.base import Case

WITH_DATA = [one for one in CASES if one.data is not None]
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**30, max_value=10**400),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.sampled_from(
        [
            "NaN",
            "Infinity",
            "sNaN",
            "1e999999999",
            "-0",
            "9" * 5000,
            "\ud800",
            "2026-01-01T00:00:00Z",
            "0",
            "null",
            "",
        ]
    ),
)
JSON = st.recursive(
    ODD,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


def changed(value: Any, draw: Any) -> Any:
    """The value with some of its parts, at any depth, replaced or gone."""
    fate = draw(st.integers(0, 9))
    if fate == 0:
        return draw(JSON)
    if isinstance(value, dict):
        return {
            name: changed(inner, draw) for name, inner in value.items() if draw(st.integers(0, 9))
        }
    return [changed(inner, draw) for inner in value] if isinstance(value, list) else value


def survives(one: Case, status: int, body: bytes) -> None:
    """A record whose every property can be read, or one of our errors."""
    try:
        answer = one.make(client_to(Answering((status, body))))
    except VoiceTelError:
        return
    touch(answer)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_answer_of_wrong_types_is_a_record_or_an_error_of_ours(data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(WITH_DATA))
    answer = changed({"status": "success", "data": one.data}, data.draw)
    survives(one, 200, json.dumps(answer).encode())


@given(
    st.sampled_from(CASES),
    st.sampled_from([200, 201, 204, 302, 400, 401, 404, 409, 429, 500, 502]),
    st.binary(max_size=200),
)
@settings(max_examples=300, deadline=None)
def test_any_bytes_with_any_status_are_an_answer_or_an_error_of_ours(
    one: Case, status: int, body: bytes
) -> None:
    survives(one, status, body)


@given(st.sampled_from(CASES), st.sampled_from([200, 400, 404, 409, 502]), JSON)
@settings(max_examples=300, deadline=None)
def test_any_json_with_any_status_is_an_answer_or_an_error_of_ours(
    one: Case, status: int, answer: Any
) -> None:
    survives(one, status, json.dumps(answer).encode())


@given(st.binary(max_size=400), st.sampled_from(WITH_DATA))
@settings(max_examples=200, deadline=None)
def test_body_cut_anywhere_is_unreadable(noise: bytes, one: Case) -> None:
    body = json.dumps({"status": "success", "data": one.data}).encode()
    at = len(noise) % len(body)
    with pytest.raises(VoiceTelError):
        one.make(client_to(Answering((200, body[:at]))))


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_refusal_is_found_only_in_an_envelope_with_words(body: bytes) -> None:
    found = refusal(body)
    assert found is None or (found[0] and isinstance(msgspec.json.decode(body), dict))


@pytest.mark.parametrize("depth", [500, 1_000, 5_000, 100_000])
@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'{"status":"success","data":{"numbers":['])
def test_depth_without_end_is_unreadable(depth: int, opening: bytes) -> None:
    with pytest.raises(Unreadable):
        decode(opening * depth, Numbers)
    assert refusal(opening * depth) is None


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_retry_after_is_a_wait_within_the_hour(said: str, date: str) -> None:
    for headers in (
        {"Retry-After": said},
        {"Retry-After": said, "Date": date},
        {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT", "Date": date},
    ):
        wait = wait_of(headers)
        assert wait is None or 0 < wait.total_seconds() <= 3600


@given(
    st.recursive(
        st.text(alphabet='\0\\u0a"'),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(alphabet="\0\\u0"), inner),
    )
)
@example("\\u0000")
@example("\\\0")
@example("\\\\u0000\0")
def test_nul_is_left_out_of_every_text_and_nothing_else_is(value: Any) -> None:
    body = json.dumps({"status": "success", "data": value}).encode()
    # Any takes whatever comes
    assert decode(bytearray(body), Any) == cleaned(value)  # type: ignore[arg-type]


def cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {cleaned(name): cleaned(inner) for name, inner in value.items()}
    return [cleaned(inner) for inner in value]


def test_nul_is_left_out_of_a_refusal_and_of_its_whole_body() -> None:
    body = rb'{"error": {"code": 400, "message": "no\u0000such \\u0000"}, "more": ["\u0000a"]}'
    told = refusal(body)
    assert told == (
        "nosuch \\u0000",
        {"error": {"code": 400, "message": "nosuch \\u0000"}, "more": ["a"]},
    )
    assert refusal(rb'{"error": "\u0000"}') is None


@pytest.mark.parametrize(
    "body", [b'{"status": "success", "data": "\0"}', b'{"status": "success", "data": "\\u0000 \0"}']
)
def test_nul_that_is_not_escaped_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        decode(body, str)


def test_megabytes_of_escapes_around_a_nul_are_cleaned_at_once() -> None:
    body = b'{"status": "success", "data": "' + rb"\\" * 3_000_000 + rb"\u0000" * 1_000_000 + b'"}'
    began = time.thread_time()
    assert decode(body, str) == "\\" * 3_000_000
    assert time.thread_time() - began < 1


TESTS = (
    checks.number,
    checks.email,
    checks.cidr,
    checks.host_and_port,
    checks.web_address,
    checks.state,
    checks.timezone,
)


@given(st.sampled_from(TESTS), JSON | st.text(alphabet="0123456789.:/@-ahtps", max_size=40))
@settings(max_examples=400, deadline=None)
def test_any_value_is_right_or_gets_a_sentence(check: Any, value: Any) -> None:
    sentence = check(value)
    assert sentence == "" or sentence.endswith(".")


@pytest.mark.parametrize("check", TESTS)
def test_100_kilobytes_are_checked_at_once(check: Any) -> None:
    for text in (
        "a" * 100_000,
        "1" * 100_000,
        "a@" + "a." * 50_000,
        "https://" + "a-" * 50_000,
        "2" * 99_999 + "!",
        "a" * 50_000 + "@",
    ):
        began = time.thread_time()
        check(text)
        assert time.thread_time() - began < 0.05


@given(st.binary(max_size=2000), st.integers(0, 60))
@example(b"\x00\x00\x00\x00\x01\x90\x90\x90\x91\x90\x90\x92", 58)
@settings(max_examples=100, deadline=None)
def test_packed_bytes_that_were_tampered_with_are_unreadable_or_themselves(
    content: bytes, at: int
) -> None:
    packed = bytearray(zlib.compress(content))
    packed[at % len(packed)] ^= 0x5A
    response = Response()
    response.raw, response.headers["Content-Encoding"] = io.BytesIO(bytes(packed)), "deflate"
    try:
        unpacked = read(response, 10_000)
    except Unreadable:
        return
    # another copy of the same bytes, further back: the checksum is right
    assert unpacked == content


def test_refusal_of_ours_has_a_sentence_for_each_field() -> None:
    with pytest.raises(Malformed) as wrong:
        checks.refuse(one="One is wrong.", other="", third="Third is wrong.")
    assert wrong.value.fields == {"one": "One is wrong.", "third": "Third is wrong."}
    assert wrong.value.message == "One is wrong. Third is wrong."
    assert wrong.value.status == 400
