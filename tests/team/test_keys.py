"""/settings/keys/: everybody sees how the account is connected; an owner mends it."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.accounts import reconnect
from apps.accounts.models import Account, KeyExchange, User
from apps.ui import format  # noqa: A004  the module, by the name it has everywhere
from apps.voicetel import clock
from apps.voicetel.hour import line
from tests.accounts.proof import confirm, waits
from tests.cast import PASSWORD

HARBOR = {"account": "1000000001"}  # the account that the page showed


@pytest.fixture
def dead(cast, sandbox) -> Account:
    Account.objects.filter(pk=cast.harbor.pk).update(key_state="dead")
    cast.harbor.refresh_from_db()
    return cast.harbor


@pytest.fixture
def owner(cast) -> Client:
    client = Client()
    client.post("/login/", {"login": "owner@harbor.test", "password": PASSWORD})
    return client


def press(client: Client, secret: str, kind: str = "password"):
    return client.post("/settings/keys/", {"account": "1000000001", "kind": kind, "secret": secret})


def text(client: Client) -> str:
    return client.get("/settings/keys/").content.decode()


def test_an_owner_reconnects_a_dead_key_from_end_to_end(cast, dead, owner, sandbox):
    assert "Refused by VoiceTel" in text(owner)
    response = press(owner, sandbox.password)
    assert (response.status_code, response["Location"]) == (303, "/settings/keys/")
    assert sandbox.requests() == []
    assert "First in line" in text(owner)
    line.serve()
    page = text(owner)
    assert "Connected again" in page
    assert "connection stopped working" not in page
    assert Account.objects.get(pk=dead.pk).key_state == "live"


@pytest.mark.parametrize("role", ["manager", "billing", "viewer"])
def test_others_see_whom_to_ask_and_cannot_do_it(cast, dead, sign_in, role):
    client = sign_in(getattr(cast, role))
    page = text(client)
    assert "Owner Harbor (owner@harbor.test)" in page
    assert 'name="secret"' not in page
    assert press(client, "x").status_code == 403
    assert client.post("/settings/keys/cancel/", HARBOR).status_code == 403
    assert not KeyExchange.objects.of(dead).exists()


def test_a_stranger_touches_their_own_account_alone(cast, dead, sign_in):
    reconnect.ask(dead, cast.owner, "password", "x")
    stranger = sign_in(cast.stranger)
    assert "1000000001" not in text(stranger)
    stranger.post("/settings/keys/cancel/", {"account": "1000000002"})
    assert KeyExchange.objects.of(dead).get().state == "waiting"


def test_who_signed_in_long_ago_confirms_first(cast, dead, owner):
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert 'name="secret"' in text(owner)
        answer = press(owner, "x")
        assert waits(answer)["next"] == "/settings/keys/"
        assert not KeyExchange.objects.of(dead).exists()
        confirm(owner, answer)
        assert KeyExchange.objects.of(dead).get().state == "waiting"


@pytest.mark.parametrize("secret", ["sh0rt", "g" * 32, "a" * 31])
def test_what_cannot_be_an_api_key_is_refused_beside_its_field(cast, dead, owner, secret):
    response = press(owner, secret, "key")
    assert response.status_code == 422
    assert "An API key is 32 digits" in response.content.decode()
    assert secret not in response.content.decode()


def test_what_was_typed_is_never_shown_again(cast, dead, owner):
    press(owner, "Planted9X")
    assert "Planted9X" not in text(owner)
    assert KeyExchange.objects.of(dead).get().state == "waiting"


def use_up(account: Account, user: User) -> None:
    """Four passwords, each at the cost of a call; one was right."""
    for secret in ("wrong1", "demo1234", "wrong2", "wrong3"):
        reconnect.ask(account, user, "password", secret)
        line.serve(everything=True)


def test_four_tries_a_day_are_enough_and_the_page_says_when_the_next_may_be_made(
    cast, dead, owner, sandbox
):
    use_up(dead, cast.owner)
    assert sandbox.count("accountApiKey") == reconnect.TRIES.most
    again = reconnect.free_at(dead, "password")
    response = press(owner, sandbox.password)
    assert response.status_code == 429
    page = response.content.decode()
    assert "4 passwords were tried within a day" in page
    assert (
        f"Try again at {format.clock(again + timedelta(minutes=1), dead.zone)}. An API key is"
        " counted apart." in page
    )
    assert sandbox.password not in page
    assert press(owner, sandbox.key("1000000001"), "key").status_code == 303
    reconnect.cancel(dead, cast.owner)
    clock.advance((again - clock.now()).total_seconds() + 60)
    assert press(owner, sandbox.password).status_code == 303


def test_who_is_held_off_with_one_in_line_is_told_too_and_it_stays_there(
    cast, dead, owner, sandbox
):
    use_up(dead, cast.owner)
    press(owner, sandbox.key("1000000001"), "key")
    response = press(owner, sandbox.password)
    assert response.status_code == 429
    assert "4 passwords were tried within a day" in response.content.decode()
    assert KeyExchange.objects.of(dead).get(state="waiting").kind == "key"


def test_the_reason_of_a_refusal_is_shown_and_escaped(cast, dead, owner, sandbox):
    sandbox.refuse("accountApiKey", 403, message="<b>No</b>")
    press(owner, sandbox.password)
    line.serve()
    page = text(owner)
    assert "&lt;b&gt;No&lt;/b&gt;" in page
    assert "<b>No</b>" not in page


def test_the_panel_polls_only_while_something_waits(cast, dead, owner, sandbox):
    assert "hx-trigger" not in text(owner).split('id="team-keys"')[1]
    press(owner, sandbox.password)
    assert 'hx-trigger="every 3s"' in text(owner)
    panel = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "team-keys"}
    response = owner.get("/settings/keys/", **panel)
    assert response.status_code == 200
    assert "<html" not in response.content.decode()
    line.serve()
    last = owner.get("/settings/keys/", **panel)
    assert last.status_code == 286
    # the banner goes with it
    assert '<div id="banner" hx-swap-oob="innerHTML"></div>' in last.content.decode()


def test_withdrawing_is_one_press(cast, dead, owner, sandbox):
    press(owner, sandbox.password)
    assert owner.post("/settings/keys/cancel/", HARBOR)["Location"] == "/settings/keys/"
    assert KeyExchange.objects.of(dead).get().state == "cancelled"
    assert "Withdrawn." in text(owner)


def test_a_live_key_asks_for_nothing(cast, sandbox, owner):
    page = text(owner)
    assert "Connected" in page
    assert "Connect it again" not in page


def test_opening_the_page_calls_nobody(cast, dead, owner, sandbox):
    assert 'name="secret"' in text(owner)
    assert sandbox.requests() == []


def test_staff_without_account_are_told_so(cast, sign_in):
    assert sign_in(cast.support).get("/settings/keys/").status_code == 404


def test_cancelling_by_get_is_refused(cast, owner):
    assert owner.get("/settings/keys/cancel/")["Location"] == "/settings/keys/"
