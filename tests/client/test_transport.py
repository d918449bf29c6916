"""What is sent, how each answer is called, what is sent again, and what the meter and the guard hear of it."""

import contextlib
import io
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from apps.voicetel.client import (
    BY_ID,
    Absent,
    BalanceTooLow,
    BudgetSpent,
    Client,
    Conflict,
    Forbidden,
    Malformed,
    NotSent,
    OutcomeUnknown,
    PartlyDone,
    RateLimited,
    Refused,
    Transport,
    Unauthorized,
    Unavailable,
    VoiceTelError,
)
from apps.voicetel.client.records.numbers import Numbers
from tests.client.conftest import KEY, Heard
from tests.client.servers import Server, error, reply, says, serve, success

FORWARDED = success({"number": "2015550100", "forwardTo": "2015550199"})
NO_GATEWAYS = success({"gateways": []})


def change(client: Client) -> Any:
    return client.numbers.set_forward("2015550100", "2015550199")


def look(client: Client) -> Any:
    return client.gateways.list()


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
        client.transport.call(BY_ID["numbersForwardDelete"], None, key=KEY, path={"number": "../x?y#z"})
    assert server.asked[0].target == "/v2.2/numbers/..%2Fx%3Fy%23z/forward"


def test_client_shows_no_key(client_of: Callable[..., Client]) -> None:
    assert KEY not in repr(client_of("http://127.0.0.1:9"))


def test_looks_share_a_connection_and_charges_open_their_own(client_of: Callable[..., Client]) -> None:
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


def test_open_transaction_stops_the_call_before_anything_is_counted(client_of: Callable[..., Client], heard: Heard) -> None:
    def before() -> None:
        raise RuntimeError("a transaction is open")

    with serve(says(FORWARDED)) as server, pytest.raises(RuntimeError, match="transaction"):
        change(client_of(server, before=before, meter=heard, guard=heard))
    assert server.connections == 0
    assert heard.log == []


# Classification


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Refused), (401, Unauthorized), (402, BalanceTooLow), (403, Forbidden), (404, Absent), (409, Conflict), (422, Refused)],
)
@pytest.mark.parametrize("call", [change, look])
def test_refusal_in_the_envelope_is_the_class_of_its_status(
    call: Any, status: int, kind: type[Refused], client_of: Callable[..., Client]
) -> None:
    with serve(says(error(status, "The provider's words."))) as server, pytest.raises(kind) as refused:
        call(client_of(server))
    assert type(refused.value) is kind
    assert (refused.value.status, refused.value.message) == (status, "The provider's words.")
    assert refused.value.body["error"]["code"] == status
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("envelope", "message"),
    [
        ({"status": "error", "error": {"code": 400, "message": "Nested."}}, "Nested."),
        ({"status": "error", "error": {"message": "Without a code."}, "requirement": "phone"}, "Without a code."),
        ({"code": 400, "message": "Flat."}, "Flat."),
        ({"error": "Bare."}, "Bare."),
        ({"status": "error", "error": {"code": 400, "message": " " + "long " * 400}}, ("long " * 400)[:500]),
    ],
)
def test_every_envelope_gives_its_text_and_body(envelope: dict[str, Any], message: str, client_of: Callable[..., Client]) -> None:
    with serve(says(reply(envelope, 400))) as server, pytest.raises(Refused) as refused:
        change(client_of(server))
    assert refused.value.message == message
    assert refused.value.body == envelope


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_5xx_in_the_envelope_is_unknown_for_a_change_and_unavailable_for_a_look(status: int, client_of: Callable[..., Client]) -> None:
    with serve(says(error(status, "Broken."))) as server:
        with pytest.raises(OutcomeUnknown, match="Broken") as unknown:
            change(client_of(server))
        with pytest.raises(Unavailable, match="Broken"):
            look(client_of(server))
    assert (unknown.value.status, unknown.value.likely_done) == (status, False)


def order(client: Client, key: str = "") -> Any:
    return client.transport.call(BY_ID["orderCreate"], None, key=KEY, body={"numbers": ["2015550100"]}, idempotency_key=key)


def test_502_of_an_order_is_a_refusal_in_the_envelope_and_unknown_in_html(client_of: Callable[..., Client]) -> None:
    with serve(says(error(502, "Rejected."), reply(b"<h1>Bad gateway</h1>", 502))) as server:
        with pytest.raises(Refused, match="Rejected"):
            order(client_of(server))
        with pytest.raises(OutcomeUnknown):
            order(client_of(server))


def test_409_is_a_doubt_with_an_idempotency_key_and_a_refusal_without(client_of: Callable[..., Client]) -> None:
    with serve(says(error(409, "In flight."))) as server:
        with pytest.raises(OutcomeUnknown):
            order(client_of(server), "k" * 22)
        with pytest.raises(Conflict):
            order(client_of(server))
    assert server.asked[0].headers["idempotency-key"] == "k" * 22
    assert "idempotency-key" not in server.asked[1].headers


@pytest.mark.parametrize("key", ["a b", "x" * 129, "new\r\nline", "ä"])
def test_idempotency_key_of_the_wrong_form_never_leaves(key: str, client_of: Callable[..., Client]) -> None:
    with serve(says(error(409))) as server, pytest.raises(Malformed):
        order(client_of(server), key)
    assert server.connections == 0


@pytest.mark.parametrize(
    ("operation", "answer", "done", "failed"),
    [
        (
            "aclCreate",
            {"data": {"added": [{"cidr": "203.0.113.0/24"}], "failed": [{"cidr": "10.0.0.0/8", "reason": "private"}]}},
            [{"cidr": "203.0.113.0/24"}],
            [{"cidr": "10.0.0.0/8", "reason": "private"}],
        ),
        ("aclDelete", {"data": {"removed": [{"cidr": "203.0.113.0/24"}], "failed": []}}, [{"cidr": "203.0.113.0/24"}], []),
        (
            "authPut",
            {"updated": [{"field": "authType", "value": 1}], "errors": [{"field": "password", "message": "weak"}]},
            [{"field": "authType", "value": 1}],
            [{"field": "password", "message": "weak"}],
        ),
    ],
)
def test_409_that_says_which_parts_were_done_lists_them(
    operation: str, answer: dict[str, Any], done: list[Any], failed: list[Any], client_of: Callable[..., Client]
) -> None:
    with serve(says(error(409, "Some failed.", **answer))) as server, pytest.raises(PartlyDone) as partly:
        client_of(server).transport.call(BY_ID[operation], None, key=KEY)
    assert (partly.value.done, partly.value.failed) == (done, failed)


def test_409_of_which_no_part_was_done_is_a_conflict(client_of: Callable[..., Client]) -> None:
    nothing = {"added": [], "failed": [{"cidr": "10.0.0.0/8"}]}
    with serve(says(error(409, "All failed.", data=nothing))) as server, pytest.raises(Conflict):
        client_of(server).transport.call(BY_ID["aclCreate"], None, key=KEY)


def test_404_of_a_list_is_empty_only_in_the_envelope(client_of: Callable[..., Client]) -> None:
    with serve(says(error(404, "No numbers found"), reply(b"<h1>Not found</h1>", 404))) as server:
        client = client_of(server)
        assert client.numbers.list() == []
        with pytest.raises(Unavailable):
            client.numbers.list()


def test_list_whose_key_is_missing_is_nonsense_and_not_empty(client_of: Callable[..., Client]) -> None:
    with serve(says(success({}))) as server, pytest.raises(Unavailable):
        client_of(server).numbers.list()


@pytest.mark.parametrize("answer", [reply(b"", 204), success({"anything": 1}), success(None, 202)])
def test_success_without_data_that_anyone_reads_is_none(answer: bytes, client_of: Callable[..., Client]) -> None:
    with serve(says(answer)) as server:
        assert client_of(server).numbers.stop_forward("2015550100") is None


def test_html_with_200_where_no_data_is_expected_is_unknown(client_of: Callable[..., Client]) -> None:
    with serve(says(reply(b"<html>"))) as server, pytest.raises(OutcomeUnknown):
        client_of(server).numbers.stop_forward("2015550100")


def test_204_where_data_is_expected_is_most_likely_done(client_of: Callable[..., Client]) -> None:
    with serve(says(reply(b"", 204))) as server, pytest.raises(OutcomeUnknown) as unknown:
        change(client_of(server))
    assert unknown.value.likely_done


def test_every_error_names_its_operation(client_of: Callable[..., Client]) -> None:
    for answer in (error(404), error(409), error(500), error(429), reply(b"x")):
        with serve(says(answer)) as server, pytest.raises(VoiceTelError) as caught:
            change(client_of(server))
        assert caught.value.operation == "numbersForwardSet"


# Sent again, or not


@pytest.mark.parametrize("status", [502, 503])
def test_look_is_sent_once_more_after_502_and_503(status: int, client_of: Callable[..., Client]) -> None:
    with serve(says(error(status), NO_GATEWAYS)) as server:
        assert look(client_of(server)) == []
    assert len(server.asked) == 2


def test_look_is_sent_no_third_time(client_of: Callable[..., Client]) -> None:
    with serve(says(reply(b"<h1>Bad gateway</h1>", 502))) as server, pytest.raises(Unavailable):
        look(client_of(server))
    assert len(server.asked) == 2


@pytest.mark.parametrize("answer", [error(500), error(504), error(429), reply(b"nonsense"), error(404)])
def test_look_is_not_sent_again_after_anything_else(answer: bytes, client_of: Callable[..., Client]) -> None:
    with serve(says(answer)) as server, pytest.raises(VoiceTelError):
        look(client_of(server))
    assert len(server.asked) == 1


@pytest.mark.parametrize("operation", ["numbersForwardSet", "orderCreate", "messageSend", "cnamLookup", "lrnLookup", "ticketsCreate"])
def test_what_changes_or_charges_is_never_sent_again(operation: str, client_of: Callable[..., Client]) -> None:
    with serve(says(reply(b"<h1>Bad gateway</h1>", 503))) as server, pytest.raises(OutcomeUnknown):
        client_of(server).transport.call(BY_ID[operation], None, key=KEY)
    assert len(server.asked) == 1


@pytest.mark.parametrize("operation", ["accountGet", "accountCdr", "accountRecurringCharges", "accountApiKey"])
def test_what_spends_the_hour_is_never_sent_again(operation: str, client_of: Callable[..., Client], heard: Heard) -> None:
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


# The meter


def test_call_is_reserved_before_it_is_sent_and_settled_at_its_answer(client_of: Callable[..., Client], heard: Heard) -> None:
    def talk(connection: Any, asked: Any) -> None:
        heard.log.append(("arrived",))
        connection.sendall(success({"charges": [], "total": 1.5}))

    with serve(talk) as server:
        client_of(server, meter=heard).account.recurring_charges()
    assert heard.names() == ["reserve", "arrived", "settle"]
    assert heard.log[0] == ("reserve", "account", "accountRecurringCharges")


def test_call_is_settled_when_its_headers_come_though_the_body_never_does(client_of: Callable[..., Client], heard: Heard) -> None:
    def talk(connection: Any, asked: Any) -> None:
        connection.sendall(reply(b"{", length=1000))
        time.sleep(0.2)
        heard.log.append(("later",))
        time.sleep(1)

    with serve(talk) as server, pytest.raises(Unavailable):
        client_of(server, meter=heard, seconds=0.5).account.recurring_charges()
    assert heard.names() == ["reserve", "settle", "later"]


def test_call_that_never_left_is_given_back(client_of: Callable[..., Client], heard: Heard) -> None:
    with pytest.raises(NotSent):
        client_of("http://127.0.0.1:9", meter=heard).account.recurring_charges()
    assert heard.names() == ["reserve", "release"]


def test_call_whose_answer_was_lost_is_spent(client_of: Callable[..., Client], heard: Heard) -> None:
    with serve(lambda connection, asked: connection.shutdown(2)) as server, pytest.raises(Unavailable):
        client_of(server, meter=heard).account.recurring_charges()
    assert heard.names() == ["reserve", "settle"]


def test_call_that_was_interrupted_is_spent(client_of: Callable[..., Client], heard: Heard) -> None:
    class Interrupted(BaseAdapter):
        def send(self, *rest: Any, **named: Any) -> Response:
            raise KeyboardInterrupt

        def close(self) -> None: ...

    with pytest.raises(KeyboardInterrupt):
        client_of("http://127.0.0.1:9", meter=heard, adapter=Interrupted()).account.recurring_charges()
    assert heard.names() == ["reserve", "settle"]


def test_spent_budget_sends_nothing(client_of: Callable[..., Client], heard: Heard) -> None:
    class Spent(Heard):
        def reserve(self, pool: str | None, operation: str) -> str:
            raise BudgetSpent("used up", retry_at=datetime.now(UTC))

    with serve(says(NO_GATEWAYS)) as server, pytest.raises(BudgetSpent):
        client_of(server, meter=Spent()).account.get()
    assert server.connections == 0


def test_look_outside_a_pool_asks_the_meter_too_so_that_it_may_join_one(client_of: Callable[..., Client], heard: Heard) -> None:
    with serve(says(NO_GATEWAYS)) as server:
        look(client_of(server, meter=heard))
    assert heard.log[0] == ("reserve", None, "gatewaysList")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("Retry-After: 120", 120),
        ("Retry-After: 0", 1),
        ("Retry-After: -5", 1),
        ("Retry-After: 86400", 3600),
        ("Retry-After: " + "9" * 5000, 3600),
        ("Retry-After: soon", 3600),
        ("Retry-After: 1.5e400", 3600),
        ("X-Other: 1", 3600),
    ],
)
@pytest.mark.parametrize("operation", ["accountGet", "gatewaysList", "numbersForwardSet"])
def test_429_shuts_the_pool_for_as_long_as_it_says_within_an_hour(
    said: str, seconds: int, operation: str, client_of: Callable[..., Client], heard: Heard
) -> None:
    with serve(says(error(429, "Slow down.", said))) as server, pytest.raises(RateLimited, match="Slow down") as limited:
        client_of(server, meter=heard).transport.call(BY_ID[operation], None, key=KEY)
    assert abs(limited.value.retry_at - datetime.now(UTC) - timedelta(seconds=seconds)) < timedelta(seconds=5)
    name, pool, shut, retry_at = heard.log[-1]
    assert (name, pool, shut) == ("shut", BY_ID[operation].pool, operation)
    assert abs(retry_at - limited.value.retry_at) < timedelta(seconds=1)


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(hours=5)])
def test_retry_after_as_a_date_is_told_against_the_providers_own_clock(ahead: timedelta, client_of: Callable[..., Client]) -> None:
    there = datetime.now(UTC) + ahead
    headers = (f"Date: {format_datetime(there, usegmt=True)}", f"Retry-After: {format_datetime(there + timedelta(minutes=7), usegmt=True)}")
    with serve(says(error(429, "Slow down.", *headers))) as server, pytest.raises(RateLimited) as limited:
        look(client_of(server))
    assert abs(limited.value.retry_at - datetime.now(UTC) - timedelta(minutes=7)) < timedelta(seconds=5)


def test_429_from_a_proxy_in_html_is_a_429_all_the_same(client_of: Callable[..., Client], heard: Heard) -> None:
    with serve(says(reply(b"<h1>Slow down</h1>", 429, "Retry-After: 60"))) as server, pytest.raises(RateLimited):
        change(client_of(server, meter=heard))
    assert heard.names() == ["reserve", "settle", "shut"]


def test_retry_at_is_told_by_the_clock_that_was_given(client_of: Callable[..., Client]) -> None:
    moved = datetime(2031, 1, 1, tzinfo=UTC)
    with serve(says(error(429, "Slow down.", "Retry-After: 60"))) as server, pytest.raises(RateLimited) as limited:
        look(client_of(server, now=lambda: moved))
    assert limited.value.retry_at == moved + timedelta(seconds=60)


# The guard


@pytest.mark.parametrize(
    ("answer", "ok"), [(NO_GATEWAYS, True), (error(404), True), (error(429), True), (error(500), False), (reply(b"<html>"), False)]
)
def test_guard_hears_whether_the_provider_answered(answer: bytes, ok: bool, client_of: Callable[..., Client], heard: Heard) -> None:
    with serve(says(answer)) as server, contextlib.suppress(VoiceTelError):
        look(client_of(server, guard=heard))
    assert heard.log == [("check", "gatewaysList"), ("report", "gatewaysList", ok)]


def test_guard_that_knows_the_provider_is_down_stops_the_call_before_it_is_counted(client_of: Callable[..., Client], heard: Heard) -> None:
    class Down(Heard):
        def check(self, operation: str) -> None:
            raise NotSent("known to be down", operation=operation)

    with serve(says(NO_GATEWAYS)) as server, pytest.raises(NotSent, match="known"):
        look(client_of(server, guard=Down(), meter=heard))
    assert (server.connections, heard.log) == (0, [])


def test_adapter_gets_every_request_and_no_socket_is_opened() -> None:
    class Recorder(BaseAdapter):
        def send(self, request: PreparedRequest, *rest: Any, **named: Any) -> Response:
            response = Response()
            response.status_code, response.raw = 200, io.BytesIO(b'{"status": "success", "data": {"gateways": []}}')
            assert named["proxies"] == {}
            return response

        def close(self) -> None: ...

    assert look(Client(Transport("http://nowhere.invalid", adapter=Recorder()), KEY)) == []
