"""The second factor at rest, who must have one, and the commands around it."""

import json
from io import StringIO

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Connection, Session, User
from apps.accounts.sealed import Unsealable
from apps.accounts.signing_in import second
from tests.accounts.signing_in.codes import code, signed_in, with_factor
from tests.cast import SECRET


def test_secrets_and_seeds_are_sealed_at_rest(cast):
    """ASVS V6.5.2."""
    codes = with_factor(cast.owner)
    rows = json.dumps(
        list(Authenticator.objects.filter(user=cast.owner).values_list("data", flat=True))
    )
    assert SECRET not in rows
    assert not any(each in rows for each in codes)
    assert rows.count("gAAAA") == 2  # a Fernet box each


def test_a_secret_moved_to_another_persons_row_does_not_open(cast):
    with_factor(cast.owner)
    mine = Authenticator.objects.get(user=cast.owner, type="totp")
    Authenticator.objects.filter(user=cast.admin, type="totp").update(data=mine.data)
    with pytest.raises(Unsealable):
        second.spend(cast.admin, code())


def test_nothing_is_sealed_for_nobody(db):
    with pytest.raises(LookupError):
        get_adapter().encrypt("secret")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/settings/",
        "/settings/security/",
        "/settings/security/password/",
        "/notifications/",
        "/connect/",
        "/connect/x/",
        "/invitations/x/",
    ],
)
def test_staff_are_led_to_set_it_up_before_any_page(cast, sign_in, path):
    second.forget(cast.support)
    client = sign_in(cast.support)
    answer = client.get(path)
    assert answer.status_code == 404 or answer["Location"] == "/settings/security/factor/"
    assert client.get("/logout/").status_code == 200


def test_staff_without_one_put_nobody_s_account_in_line(cast, sign_in):
    second.forget(cast.support)
    typed = {"number": "1000000004", "kind": "password", "secret": "demo1234"}
    assert (
        sign_in(cast.support).post("/connect/", typed)["Location"] == "/settings/security/factor/"
    )
    assert not Connection.objects.exists()


def test_a_fragment_is_led_there_as_a_whole_page(cast, sign_in):
    second.forget(cast.support)
    answer = sign_in(cast.support).get("/settings/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/settings/security/factor/")


def test_staff_with_a_second_factor_go_where_they_like(cast, sign_in):
    assert sign_in(cast.support).get("/settings/").status_code == 200


def test_members_are_led_there_when_an_account_of_theirs_requires_it(cast, sign_in):
    client, stranger = sign_in(cast.viewer), sign_in(cast.stranger)
    assert client.get("/numbers/").status_code == 200
    second.require(cast.harbor, cast.owner, True)
    assert client.get("/numbers/")["Location"] == "/settings/security/factor/"
    assert stranger.get("/numbers/").status_code == 200
    second.require(cast.harbor, cast.owner, False)
    assert client.get("/numbers/").status_code == 200


def test_asking_everybody_costs_no_query(cast, sign_in, django_assert_num_queries):
    client = sign_in(cast.viewer)
    client.get("/settings/")
    with django_assert_num_queries(2):  # session, person
        client.get("/settings/")


def say(name: str, *args: str) -> str:
    out = StringIO()
    call_command(name, *args, stdout=out)
    return out.getvalue().strip()


def test_demo_code_is_one_that_works_and_then_the_next(cast):
    with time_machine.travel(timezone.now(), tick=False):
        first = say("demo_code")
        assert second.spend(cast.admin, first) == "totp"
        following = say("demo_code", "Admin@demo.test")
        assert following != first
        assert second.spend(cast.admin, following) == "totp"
        with pytest.raises(CommandError, match="ask again"):
            say("demo_code")


def test_demo_code_says_why_it_has_none(cast, settings):
    with pytest.raises(CommandError, match="no two-step verification"):
        say("demo_code", cast.owner.email)
    with pytest.raises(CommandError, match="nobody"):
        say("demo_code", "none@demo.test")
    settings.LOCAL = False
    with pytest.raises(CommandError, match="refused"):
        say("demo_code")


def test_an_operator_can_take_it_off_somebody_who_lost_everything(cast, sign_in):
    with_factor(cast.owner)
    client = sign_in(cast.owner)
    assert signed_in(client)
    say("forget_factor", cast.owner.email)
    assert not signed_in(client)
    assert not Session.objects.filter(user=cast.owner).exists()
    assert User.objects.get(pk=cast.owner.pk).factor_at is None
    browser = Client()
    assert (
        browser.post("/login/", {"login": cast.owner.email, "password": cast.password})["Location"]
        == "/"
    )
    with pytest.raises(CommandError):
        say("forget_factor", cast.owner.email)
