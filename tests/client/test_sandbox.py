"""The client against the whole sandbox: what each fault becomes, beside what the provider has then
really done.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.sandbox.front.adapter import InProcess
from apps.voicetel.client import (
    Client,
    Conflict,
    OutcomeUnknown,
    RateLimited,
    Transport,
    Unauthorized,
    Unavailable,
)

HARBOR, QUIET = "1000000001", "1000000003"
TO = "2015559999"


@pytest.fixture
def client_as(sandbox: Any) -> Callable[..., Client]:
    def make(account: str = HARBOR, **options: Any) -> Client:
        return Client(
            Transport("http://sandbox.test", adapter=InProcess(), **options), sandbox.key(account)
        )

    return make


def test_numbers_gateways_and_the_account_are_read(client_as: Callable[..., Client]) -> None:
    client = client_as()
    numbers = client.numbers.list()
    assert len(numbers) == 24
    assert client.numbers.get(numbers[0].number) == numbers[0]
    assert {4: "DID"}.items() <= {
        gateway.id: gateway.gateway for gateway in client.gateways.list()
    }.items()
    assert client.account.get().username == HARBOR
    assert client.account.recurring_charges().total > 0


def test_key_exchange_gives_the_key(sandbox: Any, client_as: Callable[..., Client]) -> None:
    anybody = Client(client_as().transport)
    assert anybody.account.exchange_key(HARBOR, "demo1234") == sandbox.key(HARBOR)
    with pytest.raises(Unauthorized):
        anybody.account.exchange_key(HARBOR, "wrong1234")


def test_account_without_numbers_has_an_empty_list(client_as: Callable[..., Client]) -> None:
    assert client_as(QUIET).numbers.list() == []
    assert client_as(HARBOR).numbers.list()


def test_calls_lie_within_the_span_that_was_asked_for(client_as: Callable[..., Client]) -> None:
    newest = datetime.now(UTC)
    calls = client_as().account.cdr(newest, newest - timedelta(days=30)).calls
    assert calls
    assert all(
        newest - timedelta(days=30, minutes=1) <= call.started <= newest + timedelta(minutes=1)
        for call in calls
    )


def test_forward_and_route_take_and_stop(sandbox: Any, client_as: Callable[..., Client]) -> None:
    client = client_as()
    number = sandbox.numbers_of(HARBOR)[0]
    assert client.numbers.set_forward(number, TO).forward_to == TO
    assert client.numbers.get(number).forward_to == TO
    client.numbers.stop_forward(number)
    assert not client.numbers.get(number).forward
    assert client.numbers.route(number, 4).route == 4


@pytest.mark.parametrize(
    ("kind", "options", "error", "likely", "done"),
    [
        ("status", {"status": 500}, OutcomeUnknown, False, False),
        ("status_after", {"status": 502}, OutcomeUnknown, False, True),
        ("drop_before", {}, OutcomeUnknown, False, False),
        ("drop_after", {}, OutcomeUnknown, False, True),
        ("cut_body", {}, OutcomeUnknown, True, True),
        ("html", {}, OutcomeUnknown, False, False),
        ("html_after", {"status": 200}, OutcomeUnknown, True, True),
        ("garbage", {}, OutcomeUnknown, True, None),
        ("slow_body", {}, OutcomeUnknown, True, True),
        ("delay", {"seconds": 60}, OutcomeUnknown, False, True),
        ("redirect", {"location": "http://elsewhere.test/"}, OutcomeUnknown, False, False),
        ("huge", {}, OutcomeUnknown, True, None),
        ("bomb", {}, OutcomeUnknown, True, None),
        ("bad_gzip", {}, OutcomeUnknown, True, None),
        ("conflict", {}, Conflict, None, False),
        ("rate_limit", {}, RateLimited, None, False),
    ],
)
def test_change_is_called_unknown_whenever_it_may_have_been_done(
    kind: str,
    options: dict[str, Any],
    error: Any,
    likely: bool | None,
    done: bool | None,
    sandbox: Any,
    client_as: Callable[..., Client],
) -> None:
    number = sandbox.numbers_of(HARBOR)[0]
    sandbox.set_number(number, forward_to="")
    sandbox.fault("numbersForwardSet", kind, **options)
    with pytest.raises(error) as caught:
        client_as(seconds=5).numbers.set_forward(number, TO)
    there = client_as().numbers.get(number).forward_to == TO
    assert sandbox.count("numbersForwardSet") == 1
    assert done is None or there is done
    if isinstance(caught.value, OutcomeUnknown):
        assert caught.value.likely_done is likely
    else:
        assert not there


@pytest.mark.parametrize(
    "kind",
    [
        "html",
        "garbage",
        "drop_before",
        "drop_after",
        "cut_body",
        "huge",
        "bomb",
        "bad_gzip",
        "slow_body",
    ],
)
def test_look_that_broke_is_unavailable(
    kind: str, sandbox: Any, client_as: Callable[..., Client]
) -> None:
    sandbox.fault("numbersList", kind, times=None)
    with pytest.raises(Unavailable):
        client_as(seconds=5).numbers.list()
