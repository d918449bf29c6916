"""Each kind of fault, as a caller meets it in process: what was done, what is raised, and that it
ends.
"""

import time
import zlib
from typing import Any

import pytest
import requests
import urllib3

from apps.sandbox.faults import KINDS
from apps.sandbox.front.control_http import PREFIX
from tests.sandbox.caller import URL, Caller, session_from

OWN, ELSEWHERE = "2015550110", "9175550123"


def forward(caller: Caller, **options: Any) -> requests.Response:
    return caller("PUT", f"/numbers/{OWN}/forward", {"destination": ELSEWHERE}, **options)


def is_done(sandbox: Any) -> bool:
    return bool(sandbox.number_of("1000000001", OWN).forward_to == ELSEWHERE)


@pytest.mark.parametrize(("kind", "done"), [("status", False), ("status_after", True)])
def test_a_status_comes_in_the_envelope(
    harbor: Caller, sandbox: Any, kind: str, done: bool
) -> None:
    sandbox.fault("numbersForwardSet", kind, status=503)
    answer = forward(harbor)
    assert (answer.status_code, answer.json()["error"]["code"], is_done(sandbox)) == (
        503,
        503,
        done,
    )
    assert forward(harbor).status_code == 200  # times=1 is over


@pytest.mark.parametrize(("kind", "done"), [("drop_before", False), ("drop_after", True)])
def test_a_cut_connection_raises_as_a_socket_would(
    harbor: Caller, sandbox: Any, kind: str, done: bool
) -> None:
    sandbox.fault("numbersForwardSet", kind)
    with pytest.raises(requests.exceptions.ConnectionError) as caught:
        forward(harbor)
    assert isinstance(caught.value.args[0], urllib3.exceptions.ProtocolError)
    assert is_done(sandbox) is done
    assert sandbox.requests("numbersForwardSet")[-1].status == 0


def test_a_body_cut_short_raises_while_it_is_read(harbor: Caller, sandbox: Any) -> None:
    sandbox.fault("numbersForwardSet", "cut_body")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        forward(harbor)
    assert is_done(sandbox)
    sandbox.fault("numbersForwardSet", "cut_body")
    answer = forward(harbor, stream=True)
    assert answer.status_code == 200
    with pytest.raises(urllib3.exceptions.ProtocolError):
        answer.raw.read(65536, decode_content=False)


@pytest.mark.parametrize(
    ("kind", "status", "done"),
    [("html", 502, False), ("html", 200, False), ("html_after", 502, True)],
)
def test_html_of_a_proxy(harbor: Caller, sandbox: Any, kind: str, status: int, done: bool) -> None:
    sandbox.fault("numbersForwardSet", kind, **({} if status == 502 else {"status": status}))
    answer = forward(harbor)
    assert (answer.status_code, answer.headers["Content-Type"], is_done(sandbox)) == (
        status,
        "text/html; charset=utf-8",
        done,
    )
    assert answer.text.startswith("<!doctype html>")


@pytest.mark.parametrize("flavor", ["text", "half", "types", "nan", "digits", "deep", "empty"])
def test_garbage_is_a_200_that_means_nothing(harbor: Caller, sandbox: Any, flavor: str) -> None:
    sandbox.fault("numbersForwardSet", "garbage", flavor=flavor)
    assert forward(harbor).status_code == 200


def test_a_delay_within_the_caller_s_patience_is_slept(harbor: Caller, sandbox: Any) -> None:
    sandbox.slow("numbersForwardSet", 0.2)
    began = time.monotonic()
    assert forward(harbor).status_code == 200
    assert 0.2 <= time.monotonic() - began < 1


@pytest.mark.parametrize(
    "timeout", [5, (1, 5), urllib3.Timeout(total=5), urllib3.Timeout(connect=1, read=5)]
)
def test_a_delay_beyond_it_times_out_at_once_and_is_done_all_the_same(
    harbor: Caller, sandbox: Any, timeout: Any
) -> None:
    sandbox.slow("numbersForwardSet", 30)
    began = time.monotonic()
    with pytest.raises(requests.exceptions.ReadTimeout):
        forward(harbor, timeout=timeout)
    assert time.monotonic() - began < 1
    assert is_done(sandbox)


def test_a_slow_body_ends_at_the_caller_s_deadline_without_waiting(
    harbor: Caller, sandbox: Any
) -> None:
    sandbox.fault("numbersForwardSet", "slow_body")
    answer = forward(harbor, stream=True, timeout=urllib3.Timeout(total=10))
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        answer.raw.read(65536, decode_content=False)


def test_a_slow_body_is_whole_in_the_end(harbor: Caller, sandbox: Any) -> None:
    sandbox.fault("numbersForwardSet", "slow_body", seconds=0.001)
    assert forward(harbor).json()["data"]["forwardTo"] == ELSEWHERE


def test_a_rate_limit_says_when_or_nothing_or_nonsense(harbor: Caller, sandbox: Any) -> None:
    sandbox.fault("gatewaysList", "rate_limit", seconds=90)
    sandbox.fault("gatewaysList", "rate_limit", retry_after=None)
    sandbox.fault("gatewaysList", "rate_limit", retry_after="soon")
    answers = [harbor("GET", "/gateways") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429] * 3
    assert [answer.headers.get("Retry-After") for answer in answers] == ["90", None, "soon"]


def test_a_rate_limit_spends_nothing_of_the_hour(harbor: Caller, sandbox: Any) -> None:
    sandbox.fault("accountGet", "rate_limit", times=3)
    assert [harbor("GET", "/account").status_code for _ in range(10)] == [429] * 3 + [200] * 6 + [
        429
    ]


def test_a_redirect_points_where_it_is_told(harbor: Caller, sandbox: Any) -> None:
    sandbox.fault("numbersForwardSet", "redirect", location="http://127.0.0.1:8129/elsewhere")
    answer = forward(harbor)
    assert (answer.status_code, answer.headers["Location"], is_done(sandbox)) == (
        307,
        "http://127.0.0.1:8129/elsewhere",
        False,
    )


def test_a_conflict_changes_nothing(harbor: Caller, sandbox: Any) -> None:
    sandbox.fault("numbersForwardSet", "conflict")
    assert (forward(harbor).status_code, is_done(sandbox)) == (409, False)


def test_a_huge_answer_is_200_mb(harbor: Caller, sandbox: Any) -> None:
    sandbox.fault("numbersForwardSet", "huge")
    answer = forward(harbor, stream=True)
    assert int(answer.headers["Content-Length"]) == 200 * 1024 * 1024
    assert len(answer.raw.read(1_000_000)) == 1_000_000


def test_a_bomb_unpacks_to_200_mb(harbor: Caller, sandbox: Any) -> None:
    sandbox.fault("numbersForwardSet", "bomb")
    packed = forward(harbor, stream=True).raw.read(decode_content=False)
    assert len(packed) < 400_000
    opened, size = zlib.decompressobj(31), 0
    while packed:
        size += len(opened.decompress(packed, 1024 * 1024))
        packed = opened.unconsumed_tail
    assert size > 200 * 1024 * 1024


def test_bad_gzip_does_not_unpack(harbor: Caller, sandbox: Any) -> None:
    sandbox.fault("numbersForwardSet", "bad_gzip")
    with pytest.raises(requests.exceptions.ContentDecodingError):
        forward(harbor)
    assert is_done(sandbox)


def test_a_star_spoils_every_operation_but_not_the_control(harbor: Caller, sandbox: Any) -> None:
    sandbox.down()
    assert harbor("GET", "/gateways").status_code == forward(harbor).status_code == 502
    control = session_from("127.0.0.1")
    assert control.get(f"{URL}{PREFIX}requests", timeout=5).status_code == 200
    sandbox.clear_faults()
    assert harbor("GET", "/gateways").status_code == 200


def test_a_probability_of_none_spoils_nothing(harbor: Caller, sandbox: Any) -> None:
    sandbox.fault("gatewaysList", "status", times=None, probability=0.0)
    assert {harbor("GET", "/gateways").status_code for _ in range(20)} == {200}


def test_a_delay_and_a_spoilt_answer_go_together(harbor: Caller, sandbox: Any) -> None:
    sandbox.slow("numbersForwardSet", 0.05)
    sandbox.lose_answer("numbersForwardSet")
    with pytest.raises(requests.exceptions.ConnectionError):
        forward(harbor)
    assert is_done(sandbox)


@pytest.mark.parametrize(
    "fault",
    [
        {"operation": "nothing", "kind": "html"},
        {"operation": "*", "kind": "nothing"},
        {"operation": "*"},
        {"operation": "*", "kind": "garbage", "flavor": "sweet"},
        {"operation": "*", "kind": "html", "times": "many"},
        {"operation": "*", "kind": "html", "probability": 2},
        {"operation": "*", "kind": "html", "status": "bad"},
        {"operation": "*", "kind": "delay", "seconds": -1},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(sandbox: Any, fault: dict[str, Any]) -> None:
    answer = session_from("127.0.0.1").post(f"{URL}{PREFIX}faults", json=fault, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_every_kind_of_the_interface_is_known() -> None:
    named = (
        "status status_after delay drop_before drop_after cut_body html html_after garbage"
        " slow_body rate_limit redirect huge bomb"
    )
    assert {*named.split(), "bad_gzip", "conflict", "patched"} == KINDS


def test_a_probe_sees_a_change_before_it_is_done(harbor: Caller, sandbox: Any) -> None:
    found: list[bool] = []
    with sandbox.probe(lambda operation, request: found.append(is_done(sandbox))) as seen:
        forward(harbor)
        harbor("GET", "/gateways")
    assert (seen, found, is_done(sandbox)) == (["numbersForwardSet"], [False], True)


def test_what_a_probe_raises_reaches_the_test_not_the_caller(harbor: Caller, sandbox: Any) -> None:
    def look(operation: str, request: Any) -> None:
        raise AssertionError("the row is not there")

    with pytest.raises(AssertionError, match="not there"), sandbox.probe(look):
        assert forward(harbor).status_code == 200


def test_a_fault_of_one_account_spoils_nobody_elses_answers(sandbox: Any) -> None:
    sandbox.fault("gatewaysList", "status", times=None, status=502, account="1000000001")
    for _ in range(2):
        assert Caller("1000000001")("GET", "/gateways").status_code == 502
        assert Caller("1000000002")("GET", "/gateways").status_code == 200
