"""What the meter and the guard hear of each call."""

import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from requests import Response
from requests.adapters import BaseAdapter

from apps.voicetel.client import (
    BY_ID,
    BudgetSpent,
    Client,
    NotSent,
    RateLimited,
    Unavailable,
    VoiceTelError,
)
from tests.client.asking import NO_GATEWAYS, change, look
from tests.client.hearing import KEY, Heard
from tests.client.servers import error, reply, says, serve, success


def test_call_is_reserved_before_it_is_sent_and_settled_at_its_answer(
    client_of: Callable[..., Client], heard: Heard
) -> None:
    def talk(connection: Any, asked: Any) -> None:
        heard.log.append(("arrived",))
        connection.sendall(success({"charges": [], "total": 1.5}))

    with serve(talk) as server:
        client_of(server, meter=heard).account.recurring_charges()
    assert heard.names() == ["reserve", "arrived", "settle", "worked"]
    assert heard.log[0] == ("reserve", "account", "accountRecurringCharges")


def test_call_is_settled_when_its_headers_come_though_the_body_never_does(
    client_of: Callable[..., Client], heard: Heard
) -> None:
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


def test_call_whose_answer_was_lost_is_spent(
    client_of: Callable[..., Client], heard: Heard
) -> None:
    with (
        serve(lambda connection, asked: connection.shutdown(2)) as server,
        pytest.raises(Unavailable),
    ):
        client_of(server, meter=heard).account.recurring_charges()
    assert heard.names() == ["reserve", "settle"]


def test_call_that_was_interrupted_is_spent(client_of: Callable[..., Client], heard: Heard) -> None:
    class Interrupted(BaseAdapter):
        def send(self, *rest: Any, **named: Any) -> Response:
            raise KeyboardInterrupt

        def close(self) -> None: ...

    with pytest.raises(KeyboardInterrupt):
        client_of(
            "http://127.0.0.1:9", meter=heard, adapter=Interrupted()
        ).account.recurring_charges()
    assert heard.names() == ["reserve", "settle"]


def test_spent_budget_sends_nothing(client_of: Callable[..., Client], heard: Heard) -> None:
    class Spent(Heard):
        def reserve(self, pool: str | None, operation: str) -> str:
            raise BudgetSpent("used up", retry_at=datetime.now(UTC))

    with serve(says(NO_GATEWAYS)) as server, pytest.raises(BudgetSpent):
        client_of(server, meter=Spent()).account.get()
    assert server.connections == 0


def test_look_outside_a_pool_asks_the_meter_too_so_that_it_may_join_one(
    client_of: Callable[..., Client], heard: Heard
) -> None:
    with serve(says(NO_GATEWAYS)) as server:
        look(client_of(server, meter=heard))
    assert heard.log[0] == ("reserve", None, "gatewaysList")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("Retry-After: 120", 120),
        ("Retry-After: 3600", 3600),
        ("Retry-After: 0", 1),
        ("Retry-After: -5", 1),
        ("Retry-After: 86400", None),
        pytest.param("Retry-After: " + "9" * 5000, None, id="endless"),
        ("Retry-After: soon", None),
        ("Retry-After: +-5", None),
        ("Retry-After: 1.5e400", None),
        ("X-Other: 1", None),
    ],
)
@pytest.mark.parametrize("operation", ["accountGet", "gatewaysList", "numbersForwardSet"])
def test_429_holds_back_for_as_long_as_it_says_and_else_for_an_hour(
    said: str, seconds: int | None, operation: str, client_of: Callable[..., Client], heard: Heard
) -> None:
    with (
        serve(says(error(429, "Slow down.", said))) as server,
        pytest.raises(RateLimited, match="Slow down") as limited,
    ):
        client_of(server, meter=heard).transport.call(BY_ID[operation], None, key=KEY)
    wait = timedelta(seconds=3600 if seconds is None else seconds)
    assert abs(limited.value.retry_at - datetime.now(UTC) - wait) < timedelta(seconds=5)
    told = None if seconds is None else timedelta(seconds=seconds)
    assert heard.log[-1] == ("shut", BY_ID[operation].pool, operation, told)


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(hours=5)])
def test_retry_after_as_a_date_is_told_against_the_providers_own_clock(
    ahead: timedelta, client_of: Callable[..., Client]
) -> None:
    there = datetime.now(UTC) + ahead
    headers = (
        f"Date: {format_datetime(there, usegmt=True)}",
        f"Retry-After: {format_datetime(there + timedelta(minutes=7), usegmt=True)}",
    )
    with (
        serve(says(error(429, "Slow down.", *headers))) as server,
        pytest.raises(RateLimited) as limited,
    ):
        look(client_of(server))
    assert abs(limited.value.retry_at - datetime.now(UTC) - timedelta(minutes=7)) < timedelta(
        seconds=5
    )


def test_429_from_a_proxy_in_html_is_a_429_all_the_same(
    client_of: Callable[..., Client], heard: Heard
) -> None:
    with (
        serve(says(reply(b"<h1>Slow down</h1>", 429, "Retry-After: 60"))) as server,
        pytest.raises(RateLimited),
    ):
        change(client_of(server, meter=heard))
    assert heard.names() == ["reserve", "settle", "shut"]


def test_retry_at_is_told_by_the_clock_that_was_given(client_of: Callable[..., Client]) -> None:
    moved = datetime(2031, 1, 1, tzinfo=UTC)
    with (
        serve(says(error(429, "Slow down.", "Retry-After: 60"))) as server,
        pytest.raises(RateLimited) as limited,
    ):
        look(client_of(server, now=lambda: moved))
    assert limited.value.retry_at == moved + timedelta(seconds=60)


# The guard


@pytest.mark.parametrize(
    ("answer", "ok"),
    [
        (NO_GATEWAYS, True),
        (error(404), True),
        (error(429), True),
        (error(500), False),
        (reply(b"<html>"), False),
    ],
)
def test_guard_hears_whether_the_provider_answered(
    answer: bytes, ok: bool, client_of: Callable[..., Client], heard: Heard
) -> None:
    with serve(says(answer)) as server, contextlib.suppress(VoiceTelError):
        look(client_of(server, guard=heard))
    assert heard.log == [("check", "gatewaysList"), ("report", "gatewaysList", ok)]


def test_guard_hears_that_no_connection_was_made(
    client_of: Callable[..., Client], heard: Heard
) -> None:
    with pytest.raises(NotSent):
        change(client_of("http://127.0.0.1:9", guard=heard))
    assert heard.names() == ["check", "unconnected"]


@pytest.mark.parametrize(
    ("answer", "works"),
    [(NO_GATEWAYS, True), (error(404), True), (error(429), False), (error(500), False)],
)
def test_meter_hears_that_the_provider_took_a_call(
    answer: bytes, works: bool, client_of: Callable[..., Client], heard: Heard
) -> None:
    with serve(says(answer)) as server, contextlib.suppress(VoiceTelError):
        look(client_of(server, meter=heard))
    assert ("worked" in heard.names()) is works


def test_guard_that_knows_the_provider_is_down_stops_the_call_before_it_is_counted(
    client_of: Callable[..., Client], heard: Heard
) -> None:
    class Down(Heard):
        def check(self, operation: str) -> None:
            raise NotSent("known to be down", operation=operation)

    with serve(says(NO_GATEWAYS)) as server, pytest.raises(NotSent, match="known"):
        look(client_of(server, guard=Down(), meter=heard))
    assert (server.connections, heard.log) == (0, [])
