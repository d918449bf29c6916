"""The meter in the client's hands, against the sandbox."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.sandbox.front.adapter import InProcess
from apps.voicetel import clock
from apps.voicetel.client import BudgetSpent, Client, NotSent, RateLimited, Transport, Unavailable
from apps.voicetel.hour.meter import Meter
from apps.voicetel.hour.rules import HOUR
from apps.voicetel.models import Spent

pytestmark = pytest.mark.django_db
HARBOR = "1000000001"
SECOND = timedelta(seconds=1)


@pytest.fixture
def client(sandbox: Any) -> Client:
    transport = Transport(
        "http://sandbox.test", adapter=InProcess(), meter=Meter("looking", HARBOR)
    )
    return Client(transport, sandbox.key(HARBOR))


def test_a_call_of_the_pool_is_spent_and_answered(client: Client):
    client.account.get()
    spent = Spent.objects.get()
    assert (spent.operation, spent.account, spent.call_class) == ("accountGet", HARBOR, "looking")
    assert spent.at == spent.answered_at


def test_the_seventh_is_refused_by_us_and_never_reaches_the_provider(client: Client, sandbox: Any):
    for _ in range(6):
        client.account.get()
    with pytest.raises(BudgetSpent) as caught:
        client.account.recurring_charges()
    assert abs(caught.value.retry_at - clock.now() - HOUR) < SECOND
    assert sandbox.count() == 6


def test_calls_outside_the_pool_are_not_spent(client: Client):
    assert client.gateways.list()
    assert not Spent.objects.exists()


def test_a_call_that_never_left_is_given_back(db: None):
    """Port 9 of this machine answers nobody."""
    client = Client(Transport("http://127.0.0.1:9", meter=Meter("looking")), "0" * 32)
    with pytest.raises(NotSent):
        client.account.get()
    assert not Spent.objects.exists()


@pytest.mark.parametrize("lost", ["lose_request", "lose_answer"])
def test_a_call_whose_answer_was_lost_is_spent(client: Client, sandbox: Any, lost: str):
    getattr(sandbox, lost)("accountGet")
    with pytest.raises(Unavailable):
        client.account.get()
    assert Spent.objects.get().answered_at is not None


def test_a_429_shuts_the_pool_for_as_long_as_it_says(client: Client, sandbox: Any):
    sandbox.fault("accountGet", "rate_limit", seconds=600)
    with pytest.raises(RateLimited):
        client.account.get()
    with pytest.raises(BudgetSpent) as caught:
        client.account.recurring_charges()
    assert abs(caught.value.retry_at - clock.now() - timedelta(seconds=600)) < 2 * SECOND
    assert sandbox.count("accountRecurringCharges") == 0


def test_what_others_at_our_address_spent_is_learned_from_the_429(client: Client, sandbox: Any):
    other = Client(Transport("http://sandbox.test", adapter=InProcess()), sandbox.key(HARBOR))
    for _ in range(6):
        other.account.get()
    with pytest.raises(RateLimited):
        client.account.get()
    sandbox.advance(3601)
    clock.advance(3601)
    client.account.get()


def test_a_list_that_gets_a_429_waits_and_spends_nothing(client: Client, sandbox: Any):
    sandbox.fault("gatewaysList", "rate_limit", seconds=5)
    with pytest.raises(RateLimited):
        client.gateways.list()
    with pytest.raises(BudgetSpent):
        client.gateways.list()
    client.account.get()
    clock.advance(6)
    client.gateways.list()
    assert Spent.objects.get().operation == "accountGet"


def test_calls_outside_the_pool_cost_the_database_one_query_a_second(
    client: Client, django_assert_num_queries: Callable[..., Any]
):
    clock.about_now()
    with django_assert_num_queries(1):
        for _ in range(10):
            client.gateways.list()
