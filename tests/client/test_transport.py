"""What is sent, over which connection, and what is sent again."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from apps.voicetel.client import (
    BY_ID,
    Client,
    Malformed,
    NotSent,
    OutcomeUnknown,
    Transport,
    Unavailable,
    VoiceTelError,
)
from apps.voicetel.client.records.numbers import Numbers
from tests.client.asking import FORWARDED, NO_GATEWAYS, change, look
from tests.client.hearing import KEY, Heard
from tests.client.servers import Server, error, reply, says, serve, success


def test_request_carries_key_type_and_length(client_of: Callable[..., Client]) -> None:
    with serve(says(FORWARDED)) as server:
        change(client_of(server))
    (asked,) = server.asked
    assert (asked.method, asked.target) == ("PUT", "/v2.2/numbers/2015550100/forward")
    assert asked.json() == {"destination": "2015550199"}
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.headers["content-type"] == "application/json"
    assert "cookie" not in asked.headers


def test_key_exchange_carries_no_key(client_of: Callable[..., Client]) -> None:
    with serve(says(success({"apikey": "f" * 32}))) as server:
        assert client_of(server).account.exchange_key("1000000001", "abc1234567") == "f" * 32
    assert "authorization" not in server.asked[0].headers


@pytest.mark.parametrize("key", ["", "two words", "line\r\nInjected: yes", "ä" * 32])
def test_key_that_could_not_be_one_never_leaves(key: str) -> None:
    with serve(says(FORWARDED)) as server, pytest.raises(Malformed):
        change(Client(Transport(server.url), key))
    assert server.connections == 0


def test_path_cannot_be_broken_out_of(client_of: Callable[..., Client]) -> None:
    with serve(says(FORWARDED)) as server:
        client = client_of(server)
        client.transport.call(
            BY_ID["numbersForwardDelete"], None, key=KEY, path={"number": "../x?y#z"}
        )
    assert server.asked[0].target == "/v2.2/numbers/..%2Fx%3Fy%23z/forward"


def test_client_shows_no_key(client_of: Callable[..., Client]) -> None:
    assert KEY not in repr(client_of("http://127.0.0.1:9"))
    assert "Client" in repr(client_of("http://127.0.0.1:9"))


def test_looks_share_a_connection_and_charges_open_their_own(
    client_of: Callable[..., Client],
) -> None:
    with serve(says(NO_GATEWAYS)) as server:
        client = client_of(server)
        for _ in range(3):
            look(client)
        for _ in range(2):
            client.transport.call(BY_ID["cnamLookup"], None, key=KEY, path={"number": "2015550100"})
    assert [asked.connection for asked in server.asked] == [1, 1, 1, 2, 3]


def test_connection_of_an_unread_answer_is_not_used_again(client_of: Callable[..., Client]) -> None:
    with serve(says(reply(b" " * 100, 200, "Content-Encoding: br"), NO_GATEWAYS)) as server:
        client = client_of(server)
        with pytest.raises(Unavailable):
            look(client)
        assert look(client) == []
    assert [asked.connection for asked in server.asked] == [1, 2]


def test_open_transaction_stops_the_call_before_anything_is_counted(
    client_of: Callable[..., Client], heard: Heard
) -> None:
    def before() -> None:
        raise RuntimeError("a transaction is open")

    with serve(says(FORWARDED)) as server, pytest.raises(RuntimeError, match="transaction"):
        change(client_of(server, before=before, meter=heard, guard=heard))
    assert server.connections == 0
    assert heard.log == []


# Sent again, or not


@pytest.mark.parametrize("status", [502, 503])
def test_look_is_sent_once_more_after_502_and_503(
    status: int, client_of: Callable[..., Client]
) -> None:
    with serve(says(error(status), NO_GATEWAYS)) as server:
        assert look(client_of(server)) == []
    assert len(server.asked) == 2


def test_look_is_sent_no_third_time(client_of: Callable[..., Client]) -> None:
    with serve(says(reply(b"<h1>Bad gateway</h1>", 502))) as server, pytest.raises(Unavailable):
        look(client_of(server))
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    "answer", [error(500), error(504), error(429), reply(b"nonsense"), error(404)]
)
def test_look_is_not_sent_again_after_anything_else(
    answer: bytes, client_of: Callable[..., Client]
) -> None:
    with serve(says(answer)) as server, pytest.raises(VoiceTelError):
        look(client_of(server))
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "operation",
    ["numbersForwardSet", "orderCreate", "messageSend", "cnamLookup", "lrnLookup", "ticketsCreate"],
)
def test_what_changes_or_charges_is_never_sent_again(
    operation: str, client_of: Callable[..., Client]
) -> None:
    with serve(says(reply(b"<h1>Bad gateway</h1>", 503))) as server, pytest.raises(OutcomeUnknown):
        client_of(server).transport.call(BY_ID[operation], None, key=KEY)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "operation", ["accountGet", "accountCdr", "accountRecurringCharges", "accountApiKey"]
)
def test_what_spends_the_hour_is_never_sent_again(
    operation: str, client_of: Callable[..., Client], heard: Heard
) -> None:
    with serve(says(error(502))) as server, pytest.raises(Unavailable):
        client_of(server, meter=heard).transport.call(BY_ID[operation], Numbers, key=KEY)
    assert len(server.asked) == 1
    assert heard.names() == ["reserve", "settle"]


class Refusing(BaseAdapter):
    """Fails to connect as often as told, then hands on."""

    def __init__(self, times: int, then: BaseAdapter) -> None:
        super().__init__()
        self.left, self.then, self.tries = times, then, 0

    def send(self, request: PreparedRequest, *rest: Any, **named: Any) -> Response:
        self.tries += 1
        if self.left:
            self.left -= 1
            request.url = "http://127.0.0.1:9/"
            try:
                return self.then.send(request, *rest, **named)
            finally:
                request.url = self.good
        return self.then.send(request, *rest, **named)

    def close(self) -> None: ...


@pytest.fixture
def refusing() -> Callable[[Server, int], Refusing]:
    from apps.voicetel.client.wire import Wire

    def make(server: Server, times: int) -> Refusing:
        adapter = Refusing(times, Wire())
        adapter.good = server.url + "/v2.2/gateways"  # type: ignore[attr-defined]
        return adapter

    return make


def test_look_is_sent_once_more_after_a_connection_that_never_opened(
    refusing: Callable[[Server, int], Refusing], client_of: Callable[..., Client]
) -> None:
    with serve(says(NO_GATEWAYS)) as server:
        once = refusing(server, 1)
        assert look(client_of(server, adapter=once)) == []
        twice = refusing(server, 2)
        with pytest.raises(NotSent):
            look(client_of(server, adapter=twice))
    assert (once.tries, twice.tries) == (2, 2)


def test_adapter_gets_every_request_and_no_socket_is_opened() -> None:
    class Recorder(BaseAdapter):
        def send(self, request: PreparedRequest, *rest: Any, **named: Any) -> Response:
            response = Response()
            response.status_code, response.raw = (
                200,
                io.BytesIO(b'{"status": "success", "data": {"gateways": []}}'),
            )
            assert named["proxies"] == {}
            return response

        def close(self) -> None: ...

    assert look(Client(Transport("http://nowhere.invalid", adapter=Recorder()), KEY)) == []
