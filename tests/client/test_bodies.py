"""Answers that are too big, packed wrongly or nonsense, on real sockets, and which class of error
says so.
"""

import gzip
import socket
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from apps.voicetel.client import Client, OutcomeUnknown, Unavailable
from tests.client.asking import FORWARDED, change, look
from tests.client.servers import Asked, reply, says, serve

MEGABYTE = 1024 * 1024


def peak_of(work: Callable[[], Any]) -> float:
    """Megabytes that Python held at most while `work` ran."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / MEGABYTE
    finally:
        tracemalloc.stop()


def test_huge_answer_is_given_up_at_the_cap(client_of: Callable[..., Client]) -> None:
    def endless(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        for _ in range(200):
            connection.sendall(b" " * MEGABYTE)

    def give_up() -> None:
        with pytest.raises(OutcomeUnknown, match="larger"):
            change(client_of(server))

    with serve(endless) as server:
        assert peak_of(give_up) < 24


def test_huge_answer_that_says_so_is_not_even_read(client_of: Callable[..., Client]) -> None:
    with serve(says(reply(b"", length=200 * MEGABYTE))) as server:
        began = time.monotonic()
        with pytest.raises(OutcomeUnknown, match="larger"):
            change(client_of(server))
        assert time.monotonic() - began < 2


@pytest.mark.parametrize("members", [1, 40])
def test_gzip_bomb_is_given_up_at_the_cap_in_bounded_memory(
    members: int, client_of: Callable[..., Client]
) -> None:
    bomb = gzip.compress(b" " * (200 // members * MEGABYTE), 1) * members

    def give_up() -> None:
        with pytest.raises(OutcomeUnknown, match="unpacks"):
            change(client_of(server))

    with serve(says(reply(bomb, 200, "Content-Encoding: gzip"))) as server:
        assert peak_of(give_up) < 24


@pytest.mark.parametrize(
    ("body", "packing"),
    [
        (b"not gzip at all", "gzip"),
        (gzip.compress(FORWARDED)[:-12], "gzip"),
        (gzip.compress(FORWARDED)[:15] + b"\x00" * 40, "gzip"),
        (b"", "gzip"),
        (b"\x01\x02", "deflate"),
        (b"whatever", "br"),
    ],
    ids=["no gzip", "cut short", "broken within", "empty", "deflate", "brotli"],
)
def test_packing_that_is_broken_or_was_not_asked_for_is_unreadable(
    body: bytes, packing: str, client_of: Callable[..., Client]
) -> None:
    with (
        serve(says(reply(body, 200, f"Content-Encoding: {packing}"))) as server,
        pytest.raises(OutcomeUnknown) as unknown,
    ):
        change(client_of(server))
    assert unknown.value.likely_done


def test_204_that_claims_to_be_packed_is_a_success(client_of: Callable[..., Client]) -> None:
    with serve(says(reply(b"", 204, "Content-Encoding: gzip"))) as server:
        client_of(server).numbers.stop_forward("2015550100")


def test_refusal_of_megabytes_is_no_refusal_and_takes_little_memory(
    client_of: Callable[..., Client],
) -> None:
    endless = b'{"error": "no", "more": [' + b"[]," * 2_000_000 + b"[]]}"

    def give_up() -> None:
        with pytest.raises(OutcomeUnknown):
            change(client_of(server))

    with serve(says(reply(endless, 409))) as server:
        assert peak_of(give_up) < 16


def test_gzip_is_read(client_of: Callable[..., Client]) -> None:
    body = gzip.compress(b'{"status": "success", "data": {"gateways": []}}')
    with serve(says(reply(body, 200, "Content-Encoding: gzip"))) as server:
        assert look(client_of(server)) == []
    assert server.asked[0].headers["accept-encoding"] == "gzip"


NONSENSE = {
    "HTML": b"<html><body>It works!</body></html>",
    "nothing": b"",
    "NaN": b'{"status": "success", "data": NaN}',
    "a list": b"[]",
    "null": b"null",
    "a wrong type": b'{"status": "success", "data": {"number": ["2015550100"]}}',
    "no data": b'{"status": "success"}',
    "an error with 200": b'{"status": "error", "error": {"code": 200, "message": "no"}}',
    "depth 100,000": b'{"status": "success", "data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "depth 100,000 in a field nobody reads": b'{"status": "success", "x": '
    + b'{"a":' * 100_000
    + b"1"
    + b"}" * 100_001,
    "5,000 digits": b'{"status": "success", "data": {"number": ' + b"9" * 5000 + b"}}",
    "broken text": b'{"status": "success", "data": {"number": "\xff\xfe"}}',
    "half a pair": b'{"status": "success", "data": {"number": "\\ud800"}}',
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_with_200_is_most_likely_done_for_a_change_and_unavailable_for_a_look(
    name: str, client_of: Callable[..., Client]
) -> None:
    with serve(says(reply(NONSENSE[name]))) as server:
        with pytest.raises(OutcomeUnknown) as unknown:
            change(client_of(server))
        with pytest.raises(Unavailable):
            look(client_of(server))
    assert unknown.value.likely_done


# that one would be a good refusal
@pytest.mark.parametrize("name", [name for name in NONSENSE if name != "an error with 200"])
@pytest.mark.parametrize("status", [400, 404, 502])
def test_nonsense_with_an_error_status_is_no_refusal(
    name: str, status: int, client_of: Callable[..., Client]
) -> None:
    with (
        serve(says(reply(NONSENSE[name], status))) as server,
        pytest.raises(OutcomeUnknown) as unknown,
    ):
        change(client_of(server))
    assert not unknown.value.likely_done


def test_status_line_that_is_garbage_is_unknown(client_of: Callable[..., Client]) -> None:
    with (
        serve(lambda connection, asked: connection.sendall(b"\x00\x01 garbage\r\n\r\n")) as server,
        pytest.raises(OutcomeUnknown),
    ):
        change(client_of(server))


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 20\x000 garbage\r\n\r\n", reply(b"", 200, "Content-Encoding: b\x00r")],
    ids=["status", "header"],
)
def test_nul_around_the_body_reaches_no_message(
    answer: bytes, client_of: Callable[..., Client]
) -> None:
    with serve(says(answer)) as server, pytest.raises(Unavailable) as unavailable:
        look(client_of(server))
    assert "\0" not in f"{unavailable.value}{unavailable.value.message}"


def test_ten_thousand_headers_are_unknown(client_of: Callable[..., Client]) -> None:
    with (
        serve(says(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 10_000 + b"\r\n")) as server,
        pytest.raises(OutcomeUnknown),
    ):
        change(client_of(server))
