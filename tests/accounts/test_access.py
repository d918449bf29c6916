"""The one door to the provider: whose key, which class, never within a transaction; and when a key
is dead.
"""

import pytest
from cryptography.fernet import Fernet
from django.db import transaction

from apps.accounts import access
from apps.accounts.models import Account
from apps.audit.models import Event
from apps.notifications.models import Notice
from apps.voicetel.client import NotSent, Unauthorized, Unavailable
from apps.voicetel.models import Spent


@pytest.fixture
def dead(cast, sandbox):
    """Harbor's VoiceTel password was changed behind our back: its key works no more."""
    cast.harbor.set_key("f" * 32)
    cast.harbor.save()
    return cast.harbor


def state(account: Account) -> str:
    return Account.objects.get(pk=account.pk).key_state


def test_an_account_is_asked_with_its_own_key(cast, sandbox):
    access.client_for(cast.harbor).gateways.list()
    access.client_for(cast.northwind).gateways.list()
    assert [seen.account for seen in sandbox.requests("gatewaysList")] == [
        "1000000001",
        "1000000002",
    ]


def test_a_limited_call_is_counted_for_its_class_and_account(cast, sandbox):
    access.client_for(cast.harbor, call_class="looking").account.get()
    assert list(Spent.objects.values_list("operation", "call_class", "account")) == [
        ("accountGet", "looking", "1000000001")
    ]


def test_a_key_that_everything_refuses_is_marked_dead(dead, sandbox):
    with pytest.raises(Unauthorized):
        access.client_for(dead).numbers.list()
    assert access.confirm_dead(dead)
    assert state(dead) == "dead"
    assert Event.objects.of(dead).get().action == "key_dead"


def test_a_401_that_the_gateways_do_not_confirm_leaves_the_key_alive(cast, sandbox):
    sandbox.fault("numbersList", "status", status=401)
    with pytest.raises(Unauthorized):
        access.client_for(cast.harbor).numbers.list()
    assert not access.confirm_dead(cast.harbor)
    assert state(cast.harbor) == "live"


@pytest.mark.parametrize("kind", ["status", "drop_before", "html", "garbage"])
def test_a_provider_that_does_not_answer_kills_no_key(dead, sandbox, kind):
    sandbox.fault("gatewaysList", kind, times=None)
    assert not access.confirm_dead(dead)
    assert state(dead) == "live"


def test_a_key_that_came_in_meanwhile_is_not_marked(dead, sandbox):
    stale = Account.objects.get(pk=dead.pk)
    fresh = Account.objects.get(pk=dead.pk)
    fresh.set_key(sandbox.key("1000000001"))
    fresh.save()
    assert not access.confirm_dead(stale)
    assert state(dead) == "live"


def test_a_dead_key_is_not_tried_again(dead, sandbox):
    access.confirm_dead(dead)
    before = len(sandbox.requests())
    with pytest.raises(access.KeyDead):
        access.client_for(dead)
    assert access.confirm_dead(dead)
    assert len(sandbox.requests()) == before


def test_a_key_that_cannot_be_opened_counts_as_none(cast):
    cast.harbor.sealed_key = cast.northwind.sealed_key
    with pytest.raises(access.KeyDead):
        access.client_for(cast.harbor)


def test_a_key_that_only_this_process_cannot_open_is_not_dead_and_the_log_says_why(
    cast, sandbox, settings, caplog
):
    right, settings.FIELD_KEYS = settings.FIELD_KEYS, [Fernet.generate_key().decode()]
    assert not access.confirm_dead(cast.harbor)
    assert state(cast.harbor) == "live"
    assert not Notice.objects.across_people().exists()
    assert [
        (one.levelname, one.getMessage()) for one in caplog.records if one.name == access.__name__
    ] == [("ERROR", f"no key of FIELD_KEYS here opens the key of account {cast.harbor.pk}")]
    assert sandbox.requests() == []
    settings.FIELD_KEYS = right
    access.client_for(cast.harbor).gateways.list()


def test_the_banner_shows_as_soon_as_it_is_dead(dead, sandbox, sign_in, cast):
    client = sign_in(cast.owner)
    assert "connection stopped working" not in client.get("/settings/").content.decode()
    access.confirm_dead(dead)
    assert "connection stopped working" in client.get("/settings/").content.decode()
    assert "Ask an owner" in sign_in(cast.viewer).get("/settings/").content.decode()


def test_staff_have_the_operators_key_or_none(settings, sandbox, cast):
    settings.VOICETEL_ADMIN_KEY = ""
    with pytest.raises(access.KeyDead):
        access.staff_client()
    settings.VOICETEL_ADMIN_KEY = sandbox.key("9000000001")
    access.staff_client().gateways.list()
    assert sandbox.requests("gatewaysList")[-1].account == "9000000001"


def test_no_call_runs_inside_a_transaction(cast, sandbox):
    with transaction.atomic(), pytest.raises(access.InTransaction):
        access.client_for(cast.harbor).gateways.list()
    with transaction.atomic(), pytest.raises(access.InTransaction):
        access.client_for(cast.harbor).account.get()
    assert sandbox.requests() == []
    assert not Spent.objects.exists()


def test_errors_of_a_dead_key_are_refusals_and_not_outages():
    assert issubclass(access.KeyDead, Unauthorized)
    assert not issubclass(access.KeyDead, NotSent | Unavailable)
