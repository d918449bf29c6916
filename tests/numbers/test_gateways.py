"""The copy of the gateways that numbers are routed to: a list of its own, read on its own."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from apps.accounts import access
from apps.accounts.models import Account
from apps.copies import claims
from apps.copies.models import Copy
from apps.copies.services import Outcome, look, take_in
from apps.numbers import pace, sources
from apps.numbers.models import GATEWAYS, Gateway, Number
from apps.numbers.services.gateways import Told
from apps.voicetel import clock
from apps.voicetel.client.errors import Unavailable
from tests.numbers.looking import FIRST


def kept(account: Account) -> set[int]:
    return set(Gateway.objects.of(account).values_list("gateway", flat=True))


def told(account: Account) -> Told:
    return sources.gateways.ask(access.client_for(account))


def take(account: Account, answer: Told) -> Outcome:
    """A look whose answer is this list."""
    asked = clock.now()
    token = claims.claim(account, GATEWAYS, asked)
    assert token
    return take_in(account, sources.gateways, token, asked, answer)


def test_gateways_are_kept_and_a_failed_look_empties_nothing(harbor: Account, sandbox: Any) -> None:
    names = {gateway.address for gateway in Gateway.objects.of(harbor)}
    assert "DID" in names
    assert any(not gateway.system for gateway in Gateway.objects.of(harbor))
    sandbox.down("gatewaysList")
    assert look(harbor, sources.gateways) == Outcome.FAILED
    assert {gateway.address for gateway in Gateway.objects.of(harbor)} == names
    assert "be read" in Copy.objects.of(harbor).get(name=GATEWAYS).failed


def test_an_answer_without_any_gateway_counts_as_broken() -> None:
    client: Any = SimpleNamespace(gateways=SimpleNamespace(list=list))
    with pytest.raises(Unavailable):
        sources.gateways.ask(client)


def test_none_goes_until_a_second_look_agrees(harbor: Account) -> None:
    client = access.client_for(harbor)
    made = {client.gateways.create(f"198.51.100.{i}:5060").id for i in range(1, 31)}
    assert look(harbor, sources.gateways) == Outcome.TAKEN
    before = kept(harbor)
    assert made < before
    fewer = dict(list(told(harbor).items())[:-1])
    for _ in range(2):
        assert take(harbor, fewer) == Outcome.DOUBTED
        assert kept(harbor) == before, "a second look within the minute proves nothing"
    clock.advance(61)
    assert take(harbor, fewer) == Outcome.TAKEN
    assert kept(harbor) == set(fewer)


def test_a_gateway_that_is_named_again_was_never_missed(harbor: Account) -> None:
    whole = told(harbor)
    before = kept(harbor)
    one = dict(list(whole.items())[:1])
    for answer in (one, whole, one):
        take(harbor, answer)
        clock.advance(61)
    assert kept(harbor) == before


def test_a_renamed_gateway_is_called_by_its_new_address(harbor: Account) -> None:
    own = Gateway.objects.of(harbor).filter(system=False).first()
    assert own
    take(harbor, told(harbor) | {own.gateway: ("198.51.100.99:5060", False, "", 23)})
    own.refresh_from_db()
    assert own.address == "198.51.100.99:5060"


def test_a_look_at_the_numbers_asks_for_no_gateways(harbor: Account, sandbox: Any) -> None:
    asked = sandbox.count("gatewaysList")
    assert look(harbor, sources.numbers) == Outcome.TAKEN
    assert sandbox.count("gatewaysList") == asked
    assert look(harbor, sources.gateways) == Outcome.TAKEN
    assert sandbox.count("gatewaysList") == asked + 1


def test_a_number_shows_though_no_gateway_was_ever_read(harbor: Account, viewer: Client) -> None:
    Gateway.objects.of(harbor).delete()
    Copy.objects.of(harbor).filter(name=GATEWAYS).delete()
    Number.objects.of(harbor).filter(number=FIRST).update(route=4711, gateway="")
    assert "Gateway 4711" in viewer.get(f"/numbers/{FIRST}/").content.decode()


def test_opening_an_old_number_has_old_gateways_read_too(
    harbor: Account, viewer: Client, messages: Any
) -> None:
    clock.advance(pace.STALE.total_seconds() + 5)
    viewer.get(f"/numbers/{FIRST}/")
    assert messages == [
        ("numbers.refresh_one", harbor.pk, FIRST),
        ("copies.refresh", harbor.pk, GATEWAYS),
    ]
