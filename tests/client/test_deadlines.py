"""One deadline for a whole call, however the answer dribbles, on real sockets."""

import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from requests.adapters import HTTPAdapter

from apps.voicetel.client import Client, OutcomeUnknown, Unavailable
from tests.client.asking import FORWARDED, change, look
from tests.client.servers import Asked, error, reply, serve


def drip(data: bytes) -> Callable[[socket.socket, Asked], None]:
    """A byte every 20 ms: each read succeeds, the whole would take for ever."""

    def talk(connection: socket.socket, asked: Asked) -> None:
        for i in range(len(data)):
            connection.sendall(data[i : i + 1])
            time.sleep(0.02)

    return talk


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(drip(b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 4000), id="in a header"),
        pytest.param(drip(b"HTTP/1.1 " + b"2" * 4000), id="in the status line"),
        pytest.param(drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 200), id="in endless 100s"),
        pytest.param(drip(reply(b'{"status": "success", ' + b" " * 4000)), id="in the body"),
        pytest.param(
            drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 800),
            id="in chunks",
        ),
        pytest.param(lambda connection, asked: time.sleep(4), id="before anything"),
    ],
)
def test_deadline_holds_against_a_byte_at_a_time(
    answer: Any, client_of: Callable[..., Client]
) -> None:
    with serve(answer) as server:
        began = time.monotonic()
        with pytest.raises(OutcomeUnknown):
            change(client_of(server, seconds=0.5))
        assert 0.4 < time.monotonic() - began < 2


def test_control_requests_own_adapter_lets_a_byte_at_a_time_pass_the_deadline(
    client_of: Callable[..., Client],
) -> None:
    with serve(drip(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + b" " * 20)) as server:
        began = time.monotonic()
        with pytest.raises(OutcomeUnknown):
            change(client_of(server, seconds=0.5, adapter=HTTPAdapter()))
        assert time.monotonic() - began > 1


def test_deadline_holds_over_tls_too(
    self_signed: ssl.SSLContext, client_of: Callable[..., Client], tmp_path: Path
) -> None:
    from apps.voicetel.client.wire import Wire

    adapter = Wire()
    adapter.poolmanager.connection_pool_kw["ca_certs"] = str(tmp_path / "certificate.pem")
    # keeps the test's own authority
    adapter.cert_verify = lambda *rest: None  # type: ignore[method-assign]
    trusting = ssl.create_default_context(cafile=str(tmp_path / "certificate.pem"))
    adapter.poolmanager.connection_pool_kw["ssl_context"] = trusting
    with serve(drip(FORWARDED + b" " * 4000), tls=self_signed) as server:
        began = time.monotonic()
        with pytest.raises(OutcomeUnknown):
            change(client_of(server.url.replace("http", "https"), seconds=0.6, adapter=adapter))
        assert 0.4 < time.monotonic() - began < 2


def test_deadline_spans_the_second_attempt_of_a_look(client_of: Callable[..., Client]) -> None:
    def slow(connection: socket.socket, asked: Asked) -> None:
        time.sleep(0.4 if len(server.asked) == 1 else 4)
        connection.sendall(error(502))

    with serve(slow) as server:
        began = time.monotonic()
        with pytest.raises(Unavailable):
            look(client_of(server, seconds=0.6))
        assert time.monotonic() - began < 2
