"""Each way a connection can fail, on real sockets, and which class of error says so."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.voicetel.client import Client, NotSent, OutcomeUnknown, Unavailable
from tests.client.asking import FORWARDED, change, look
from tests.client.servers import Asked, cut, error, reply, says, serve


@pytest.fixture
def nobody() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def busy() -> Iterator[str]:
    """A listener whose queue is full: it never accepts."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(listener.getsockname())
        time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        for one in waiting:
            one.close()


@pytest.mark.parametrize("call", [change, look])
def test_refused_connection_is_not_sent(
    call: Any, nobody: str, client_of: Callable[..., Client]
) -> None:
    with pytest.raises(NotSent):
        call(client_of(nobody))


@pytest.mark.parametrize("call", [change, look])
def test_name_that_does_not_exist_is_not_sent(call: Any, client_of: Callable[..., Client]) -> None:
    with pytest.raises(NotSent):
        call(client_of("http://nowhere.invalid"))


@pytest.mark.parametrize(
    "address",
    [
        "http://",
        "http://:80",
        "nowhere",
        "ftp://nowhere.invalid",
        "http://a..b",
        "http://" + "a" * 300 + ".invalid",
    ],
)
def test_address_that_is_none_is_not_sent(address: str, client_of: Callable[..., Client]) -> None:
    with pytest.raises(NotSent):
        change(client_of(address))


def test_listener_that_never_accepts_is_not_sent_within_the_time_to_connect(
    busy: str, client_of: Callable[..., Client]
) -> None:
    began = time.monotonic()
    with pytest.raises(NotSent):
        change(client_of(busy, connect=0.3))
    assert time.monotonic() - began < 2


def test_look_up_that_hangs_is_not_sent_within_the_time_to_connect(
    client_of: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = socket.getaddrinfo

    def slow(
        host: str, port: int, family: int = 0, kind: int = 0, proto: int = 0, flags: int = 0
    ) -> Any:
        if not flags & socket.AI_NUMERICHOST:
            time.sleep(4)
        return resolve(host, port, family, kind, proto, flags)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    began = time.monotonic()
    with pytest.raises(NotSent):
        change(client_of("http://localhost:9", connect=0.3))
    assert time.monotonic() - began < 2


def test_certificate_that_nobody_signed_is_not_sent(
    self_signed: ssl.SSLContext, client_of: Callable[..., Client]
) -> None:
    with serve(says(FORWARDED), tls=self_signed) as server, pytest.raises(NotSent):
        change(client_of(server.url.replace("http", "https")))
    assert server.asked == []


def test_handshake_that_never_ends_is_not_sent(client_of: Callable[..., Client]) -> None:
    with serve(says(FORWARDED), on_connect=lambda connection: time.sleep(4)) as server:
        began = time.monotonic()
        with pytest.raises(NotSent):
            change(client_of(server.url.replace("http", "https"), connect=0.3))
        assert time.monotonic() - began < 2


def test_handshake_that_is_reset_is_not_sent(client_of: Callable[..., Client]) -> None:
    with serve(says(FORWARDED), on_connect=cut) as server, pytest.raises(NotSent):
        change(client_of(server.url.replace("http", "https")))


def test_server_that_speaks_plain_http_where_tls_was_asked_is_not_sent(
    client_of: Callable[..., Client],
) -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 400 Bad\r\n\r\n")

    with serve(says(FORWARDED), on_connect=talk) as server, pytest.raises(NotSent):
        change(client_of(server.url.replace("http", "https")))


def test_reset_after_the_request_is_unknown_for_a_change_and_unavailable_for_a_look(
    client_of: Callable[..., Client],
) -> None:
    with serve(lambda connection, asked: cut(connection)) as server:
        with pytest.raises(OutcomeUnknown) as unknown:
            change(client_of(server))
        with pytest.raises(Unavailable):
            look(client_of(server))
    assert not unknown.value.likely_done
    assert len(server.asked) == 2


def test_close_without_an_answer_is_unknown(client_of: Callable[..., Client]) -> None:
    with (
        serve(lambda connection, asked: connection.shutdown(socket.SHUT_RDWR)) as server,
        pytest.raises(OutcomeUnknown),
    ):
        change(client_of(server))


def test_reset_before_anyone_read_the_request_proves_nothing(
    client_of: Callable[..., Client],
) -> None:
    def talk(connection: socket.socket) -> None:
        time.sleep(0.1)
        cut(connection)

    with serve(says(FORWARDED), on_connect=talk) as server, pytest.raises(OutcomeUnknown):
        change(client_of(server))
    assert server.asked == []


def test_success_cut_in_its_body_is_most_likely_done(client_of: Callable[..., Client]) -> None:
    def half(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(FORWARDED[:-20])
        connection.shutdown(socket.SHUT_RDWR)

    with serve(half) as server:
        with pytest.raises(OutcomeUnknown) as unknown:
            change(client_of(server))
        with pytest.raises(Unavailable):
            look(client_of(server))
    assert unknown.value.likely_done
    assert unknown.value.status == 200


def test_refusal_cut_in_its_body_proves_nothing(client_of: Callable[..., Client]) -> None:
    def half(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(error(409)[:-5])
        connection.shutdown(socket.SHUT_RDWR)

    with serve(half) as server, pytest.raises(OutcomeUnknown) as unknown:
        change(client_of(server))
    assert not unknown.value.likely_done


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_never_followed(status: int, client_of: Callable[..., Client]) -> None:
    with (
        serve(says(FORWARDED)) as elsewhere,
        serve(says(reply(b"", status, f"Location: {elsewhere.url}/"))) as server,
    ):
        with pytest.raises(OutcomeUnknown):
            change(client_of(server))
        with pytest.raises(Unavailable):
            look(client_of(server))
    assert elsewhere.connections == 0


def test_environment_and_netrc_change_nothing(
    client_of: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    with serve(says(FORWARDED)) as proxy, serve(says(FORWARDED)) as server:
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("NETRC", str(netrc))
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nonexistent")
        change(client_of(server))
    assert proxy.connections == 0
    assert server.asked[0].headers["authorization"] == "Bearer 0123456789abcdef0123456789abcdef"
