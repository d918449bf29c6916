"""Each way a connection can fail, on real sockets, and which class of error says so."""

import gzip
import socket
import ssl
import subprocess
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from requests.adapters import HTTPAdapter

from apps.voicetel.client import Client, NotSent, OutcomeUnknown, Unavailable
from tests.client.servers import Asked, cut, error, reply, says, serve, success

MEGABYTE = 1024 * 1024
FORWARDED = success({"number": "2015550100", "forwardTo": "2015550199"})


def change(client: Client) -> Any:
    return client.numbers.set_forward("2015550100", "2015550199")


def look(client: Client) -> Any:
    return client.gateways.list()


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


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1"
    subprocess.run(
        [*make.split(), "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@pytest.mark.parametrize("call", [change, look])
def test_refused_connection_is_not_sent(call: Any, nobody: str, client_of: Callable[..., Client]) -> None:
    with pytest.raises(NotSent):
        call(client_of(nobody))


@pytest.mark.parametrize("call", [change, look])
def test_name_that_does_not_exist_is_not_sent(call: Any, client_of: Callable[..., Client]) -> None:
    with pytest.raises(NotSent):
        call(client_of("http://nowhere.invalid"))


@pytest.mark.parametrize(
    "address",
    ["http://", "http://:80", "nowhere", "ftp://nowhere.invalid", "http://a..b", "http://" + "a" * 300 + ".invalid"],
)
def test_address_that_is_none_is_not_sent(address: str, client_of: Callable[..., Client]) -> None:
    with pytest.raises(NotSent):
        change(client_of(address))


def test_listener_that_never_accepts_is_not_sent_within_the_time_to_connect(busy: str, client_of: Callable[..., Client]) -> None:
    began = time.monotonic()
    with pytest.raises(NotSent):
        change(client_of(busy, connect=0.3))
    assert time.monotonic() - began < 2


def test_look_up_that_hangs_is_not_sent_within_the_time_to_connect(
    client_of: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = socket.getaddrinfo

    def slow(host: str, port: int, family: int = 0, kind: int = 0, proto: int = 0, flags: int = 0) -> Any:
        if not flags & socket.AI_NUMERICHOST:
            time.sleep(4)
        return resolve(host, port, family, kind, proto, flags)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    began = time.monotonic()
    with pytest.raises(NotSent):
        change(client_of("http://localhost:9", connect=0.3))
    assert time.monotonic() - began < 2


def test_certificate_that_nobody_signed_is_not_sent(self_signed: ssl.SSLContext, client_of: Callable[..., Client]) -> None:
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


def test_server_that_speaks_plain_http_where_tls_was_asked_is_not_sent(client_of: Callable[..., Client]) -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 400 Bad\r\n\r\n")

    with serve(says(FORWARDED), on_connect=talk) as server, pytest.raises(NotSent):
        change(client_of(server.url.replace("http", "https")))


def test_reset_after_the_request_is_unknown_for_a_change_and_unavailable_for_a_look(client_of: Callable[..., Client]) -> None:
    with serve(lambda connection, asked: cut(connection)) as server:
        with pytest.raises(OutcomeUnknown) as unknown:
            change(client_of(server))
        with pytest.raises(Unavailable):
            look(client_of(server))
    assert not unknown.value.likely_done
    assert len(server.asked) == 2


def test_close_without_an_answer_is_unknown(client_of: Callable[..., Client]) -> None:
    with serve(lambda connection, asked: connection.shutdown(socket.SHUT_RDWR)) as server, pytest.raises(OutcomeUnknown):
        change(client_of(server))


def test_reset_before_anyone_read_the_request_proves_nothing(client_of: Callable[..., Client]) -> None:
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
        pytest.param(drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 800), id="in chunks"),
        pytest.param(lambda connection, asked: time.sleep(4), id="before anything"),
    ],
)
def test_deadline_holds_against_a_byte_at_a_time(answer: Any, client_of: Callable[..., Client]) -> None:
    with serve(answer) as server:
        began = time.monotonic()
        with pytest.raises(OutcomeUnknown):
            change(client_of(server, seconds=0.5))
        assert 0.4 < time.monotonic() - began < 2


def test_control_requests_own_adapter_lets_a_byte_at_a_time_pass_the_deadline(client_of: Callable[..., Client]) -> None:
    with serve(drip(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + b" " * 20)) as server:
        began = time.monotonic()
        with pytest.raises(OutcomeUnknown):
            change(client_of(server, seconds=0.5, adapter=HTTPAdapter()))
        assert time.monotonic() - began > 1


def test_deadline_holds_over_tls_too(self_signed: ssl.SSLContext, client_of: Callable[..., Client], tmp_path: Path) -> None:
    from apps.voicetel.client.wire import Wire

    adapter = Wire()
    adapter.poolmanager.connection_pool_kw["ca_certs"] = str(tmp_path / "certificate.pem")
    adapter.cert_verify = lambda *rest: None  # type: ignore[method-assign]  # keeps the test's own authority
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


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_never_followed(status: int, client_of: Callable[..., Client]) -> None:
    with serve(says(FORWARDED)) as elsewhere, serve(says(reply(b"", status, f"Location: {elsewhere.url}/"))) as server:
        with pytest.raises(OutcomeUnknown):
            change(client_of(server))
        with pytest.raises(Unavailable):
            look(client_of(server))
    assert elsewhere.connections == 0


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
def test_gzip_bomb_is_given_up_at_the_cap_in_bounded_memory(members: int, client_of: Callable[..., Client]) -> None:
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
def test_packing_that_is_broken_or_was_not_asked_for_is_unreadable(body: bytes, packing: str, client_of: Callable[..., Client]) -> None:
    with serve(says(reply(body, 200, f"Content-Encoding: {packing}"))) as server, pytest.raises(OutcomeUnknown) as unknown:
        change(client_of(server))
    assert unknown.value.likely_done


def test_204_that_claims_to_be_packed_is_a_success(client_of: Callable[..., Client]) -> None:
    with serve(says(reply(b"", 204, "Content-Encoding: gzip"))) as server:
        client_of(server).numbers.stop_forward("2015550100")


def test_refusal_of_megabytes_is_no_refusal_and_takes_little_memory(client_of: Callable[..., Client]) -> None:
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
    "depth 100,000 in a field nobody reads": b'{"status": "success", "x": ' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001,
    "5,000 digits": b'{"status": "success", "data": {"number": ' + b"9" * 5000 + b"}}",
    "broken text": b'{"status": "success", "data": {"number": "\xff\xfe"}}',
    "half a pair": b'{"status": "success", "data": {"number": "\\ud800"}}',
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_with_200_is_most_likely_done_for_a_change_and_unavailable_for_a_look(name: str, client_of: Callable[..., Client]) -> None:
    with serve(says(reply(NONSENSE[name]))) as server:
        with pytest.raises(OutcomeUnknown) as unknown:
            change(client_of(server))
        with pytest.raises(Unavailable):
            look(client_of(server))
    assert unknown.value.likely_done


@pytest.mark.parametrize("name", [name for name in NONSENSE if name != "an error with 200"])  # that one would be a good refusal
@pytest.mark.parametrize("status", [400, 404, 502])
def test_nonsense_with_an_error_status_is_no_refusal(name: str, status: int, client_of: Callable[..., Client]) -> None:
    with serve(says(reply(NONSENSE[name], status))) as server, pytest.raises(OutcomeUnknown) as unknown:
        change(client_of(server))
    assert not unknown.value.likely_done


def test_status_line_that_is_garbage_is_unknown(client_of: Callable[..., Client]) -> None:
    with serve(lambda connection, asked: connection.sendall(b"\x00\x01 garbage\r\n\r\n")) as server, pytest.raises(OutcomeUnknown):
        change(client_of(server))


def test_ten_thousand_headers_are_unknown(client_of: Callable[..., Client]) -> None:
    with serve(says(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 10_000 + b"\r\n")) as server, pytest.raises(OutcomeUnknown):
        change(client_of(server))


def test_environment_and_netrc_change_nothing(client_of: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
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
