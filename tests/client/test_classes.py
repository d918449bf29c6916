"""How each answer is called: a refusal by its status, what is unknown, what is nonsense."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.voicetel.client import (
    BY_ID,
    Absent,
    BalanceTooLow,
    Client,
    Conflict,
    Forbidden,
    Malformed,
    OutcomeUnknown,
    PartlyDone,
    Refused,
    Unauthorized,
    Unavailable,
    VoiceTelError,
)
from tests.client.asking import change, look
from tests.client.hearing import KEY
from tests.client.servers import error, reply, says, serve, success


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Refused),
        (401, Unauthorized),
        (402, BalanceTooLow),
        (403, Forbidden),
        (404, Absent),
        (409, Conflict),
        (422, Refused),
    ],
)
@pytest.mark.parametrize("call", [change, look])
def test_refusal_in_the_envelope_is_the_class_of_its_status(
    call: Any, status: int, kind: type[Refused], client_of: Callable[..., Client]
) -> None:
    with (
        serve(says(error(status, "The provider's words."))) as server,
        pytest.raises(kind) as refused,
    ):
        call(client_of(server))
    assert type(refused.value) is kind
    assert (refused.value.status, refused.value.message) == (status, "The provider's words.")
    assert refused.value.body["error"]["code"] == status
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("envelope", "message"),
    [
        ({"status": "error", "error": {"code": 400, "message": "Nested."}}, "Nested."),
        (
            {"status": "error", "error": {"message": "Without a code."}, "requirement": "phone"},
            "Without a code.",
        ),
        ({"code": 400, "message": "Flat."}, "Flat."),
        ({"error": "Bare."}, "Bare."),
        (
            {"status": "error", "error": {"code": 400, "message": " " + "long " * 400}},
            ("long " * 400)[:500],
        ),
    ],
)
def test_every_envelope_gives_its_text_and_body(
    envelope: dict[str, Any], message: str, client_of: Callable[..., Client]
) -> None:
    with serve(says(reply(envelope, 400))) as server, pytest.raises(Refused) as refused:
        change(client_of(server))
    assert refused.value.message == message
    assert refused.value.body == envelope


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_5xx_in_the_envelope_is_unknown_for_a_change_and_unavailable_for_a_look(
    status: int, client_of: Callable[..., Client]
) -> None:
    with serve(says(error(status, "Broken."))) as server:
        with pytest.raises(OutcomeUnknown, match="Broken") as unknown:
            change(client_of(server))
        with pytest.raises(Unavailable, match="Broken"):
            look(client_of(server))
    assert (unknown.value.status, unknown.value.likely_done) == (status, False)


def order(client: Client, key: str = "") -> Any:
    return client.transport.call(
        BY_ID["orderCreate"], None, key=KEY, body={"numbers": ["2015550100"]}, idempotency_key=key
    )


def test_502_of_an_order_is_a_refusal_in_the_envelope_and_unknown_in_html(
    client_of: Callable[..., Client],
) -> None:
    with serve(says(error(502, "Rejected."), reply(b"<h1>Bad gateway</h1>", 502))) as server:
        with pytest.raises(Refused, match="Rejected"):
            order(client_of(server))
        with pytest.raises(OutcomeUnknown):
            order(client_of(server))


def test_409_is_a_doubt_with_an_idempotency_key_and_a_refusal_without(
    client_of: Callable[..., Client],
) -> None:
    with serve(says(error(409, "In flight."))) as server:
        with pytest.raises(OutcomeUnknown):
            order(client_of(server), "k" * 22)
        with pytest.raises(Conflict):
            order(client_of(server))
    assert server.asked[0].headers["idempotency-key"] == "k" * 22
    assert "idempotency-key" not in server.asked[1].headers


@pytest.mark.parametrize("key", ["a b", "x" * 129, "new\r\nline", "ä"])
def test_idempotency_key_of_the_wrong_form_never_leaves(
    key: str, client_of: Callable[..., Client]
) -> None:
    with serve(says(error(409))) as server, pytest.raises(Malformed):
        order(client_of(server), key)
    assert server.connections == 0


@pytest.mark.parametrize(
    ("operation", "answer", "done", "failed"),
    [
        (
            "aclCreate",
            {
                "data": {
                    "added": [{"cidr": "203.0.113.0/24"}],
                    "failed": [{"cidr": "10.0.0.0/8", "reason": "private"}],
                }
            },
            [{"cidr": "203.0.113.0/24"}],
            [{"cidr": "10.0.0.0/8", "reason": "private"}],
        ),
        (
            "aclDelete",
            {"data": {"removed": [{"cidr": "203.0.113.0/24"}], "failed": []}},
            [{"cidr": "203.0.113.0/24"}],
            [],
        ),
        (
            "authPut",
            {
                "updated": [{"field": "authType", "value": 1}],
                "errors": [{"field": "password", "message": "weak"}],
            },
            [{"field": "authType", "value": 1}],
            [{"field": "password", "message": "weak"}],
        ),
    ],
)
def test_409_that_says_which_parts_were_done_lists_them(
    operation: str,
    answer: dict[str, Any],
    done: list[Any],
    failed: list[Any],
    client_of: Callable[..., Client],
) -> None:
    with (
        serve(says(error(409, "Some failed.", **answer))) as server,
        pytest.raises(PartlyDone) as partly,
    ):
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


def test_list_whose_key_is_missing_is_nonsense_and_not_empty(
    client_of: Callable[..., Client],
) -> None:
    with serve(says(success({}))) as server, pytest.raises(Unavailable):
        client_of(server).numbers.list()


@pytest.mark.parametrize("answer", [reply(b"", 204), success({"anything": 1}), success(None, 202)])
def test_success_without_data_that_anyone_reads_is_none(
    answer: bytes, client_of: Callable[..., Client]
) -> None:
    with serve(says(answer)) as server:
        assert client_of(server).numbers.stop_forward("2015550100") is None


def test_html_with_200_where_no_data_is_expected_is_unknown(
    client_of: Callable[..., Client],
) -> None:
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
