"""What people are told of: new browsers, keys, requests. Changes: tests/changes/test_telling.py."""

from io import StringIO
from typing import Any

from django.core.management import call_command
from django.test import Client

from apps.accounts import access, members, reconnect
from apps.accounts.arriving import connect
from apps.accounts.models import Account, KeyExchange, Membership, User
from apps.accounts.roles import Role
from apps.notifications.models import Notice
from apps.voicetel.hour import line
from tests.accounts.signing_in.codes import code, with_factor
from tests.cast import PASSWORD, Cast
from tests.notifications.told import kinds_of, second_owner
from tests.threads import at_once

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def sign_in_at(client: Client, user: User, **named: Any) -> Client:
    assert client.post(
        "/login/", {"login": user.email, "password": PASSWORD}, **named
    ).status_code in {302, 303}
    return client


# Sign-ins


def test_the_first_sign_in_ever_tells_nothing(cast: Cast) -> None:
    assert sign_in_at(Client(), cast.owner).get("/").status_code == 200
    assert kinds_of(cast.owner) == []


def test_a_browser_that_is_known_tells_nothing(cast: Cast) -> None:
    browser = sign_in_at(Client(), cast.owner)
    browser.post("/logout/")
    assert sign_in_at(browser, cast.owner).get("/").status_code == 200
    assert kinds_of(cast.owner) == []


def test_another_browser_is_told_once_with_what_it_is_and_where(cast: Cast) -> None:
    sign_in_at(Client(), cast.owner)
    other = sign_in_at(Client(REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT=FIREFOX), cast.owner)
    other.post("/logout/")
    sign_in_at(other, cast.owner)
    assert kinds_of(cast.owner) == ["new_device"]
    facts = Notice.objects.of(cast.owner).get().facts
    assert (facts["device"], facts["address"]) == ("Firefox on Windows", "203.0.113.9")
    assert facts["when"].endswith(("EST", "EDT"))


def test_a_browser_known_to_somebody_else_is_new_to_this_person(cast: Cast) -> None:
    sign_in_at(Client(), cast.owner)
    shared = sign_in_at(Client(), cast.manager)
    shared.post("/logout/")
    sign_in_at(shared, cast.owner)
    assert kinds_of(cast.owner) == ["new_device"]
    assert kinds_of(cast.manager) == []


def test_a_cookie_of_our_name_that_we_did_not_sign_makes_no_browser_known(cast: Cast) -> None:
    sign_in_at(Client(), cast.owner)
    forger = Client()
    forger.cookies["known"] = "anything"
    sign_in_at(forger, cast.owner)
    assert kinds_of(cast.owner) == ["new_device"]


def test_with_a_second_step_it_is_told_when_that_is_done_and_not_before(cast: Cast) -> None:
    sign_in_at(Client(), cast.owner)
    with_factor(cast.owner)
    thief = sign_in_at(Client(), cast.owner)
    assert kinds_of(cast.owner) == []
    thief.post("/login/code/", {"code": code()})
    assert kinds_of(cast.owner) == ["new_device"]


def test_a_wrong_password_tells_nothing(cast: Cast) -> None:
    sign_in_at(Client(), cast.owner)
    wrong = Client().post("/login/", {"login": cast.owner.email, "password": "wrong"})
    assert wrong.status_code == 422
    assert kinds_of(cast.owner) == []


def test_who_lost_the_second_step_is_told_that_an_operator_took_it_off(cast: Cast) -> None:
    with_factor(cast.owner)
    call_command("forget_factor", cast.owner.email, stdout=StringIO())
    assert Notice.objects.of(cast.owner).get().facts["what"] == "Two-step verification was removed"


# Keys


def test_a_dead_key_is_told_to_all_owners_and_to_nobody_else(sandbox: Any, cast: Cast) -> None:
    second = second_owner(cast)
    cast.harbor.set_key("f" * 32)
    cast.harbor.save()
    assert access.confirm_dead(cast.harbor)
    assert kinds_of(cast.owner) == kinds_of(second) == ["key_dead"]
    assert kinds_of(cast.manager) == kinds_of(cast.stranger) == []


def test_a_death_that_twenty_find_at_once_is_told_once_and_the_next_one_again(
    transactional_db: None, sandbox: Any, cast: Cast
) -> None:
    for deaths in (1, 2):
        cast.harbor.set_key(f"{deaths}" * 32)
        cast.harbor.save()
        found: list[bool] = []
        stale = [Account.objects.get(pk=cast.harbor.pk) for _ in range(20)]
        at_once(lambda n, stale=stale, found=found: found.append(access.confirm_dead(stale[n])), 20)
        assert found == [True] * 20
        assert kinds_of(cast.owner) == ["key_dead"] * deaths


def test_a_key_that_lives_is_told_to_nobody(sandbox: Any, cast: Cast) -> None:
    sandbox.fault("gatewaysList", "status", status=503, times=None)
    assert not access.confirm_dead(cast.harbor)
    assert kinds_of(cast.owner) == []


def test_all_owners_learn_that_one_of_them_connected_it_again(sandbox: Any, cast: Cast) -> None:
    second = second_owner(cast)
    Account.objects.filter(pk=cast.harbor.pk).update(key_state="dead")
    reconnect.ask(cast.harbor, cast.owner, KeyExchange.Kind.PASSWORD, "demo1234")
    line.serve(everything=True)
    assert kinds_of(cast.owner) == kinds_of(second) == ["reconnected"]
    assert Notice.objects.of(second).get().facts["by"] == "Owner Harbor (owner@harbor.test)"
    assert kinds_of(cast.manager) == []


def test_who_asked_learns_that_it_was_refused(sandbox: Any, cast: Cast) -> None:
    second = second_owner(cast)
    reconnect.ask(cast.harbor, cast.owner, KeyExchange.Kind.PASSWORD, "wrong")
    line.serve(everything=True)
    assert kinds_of(cast.owner) == ["reconnect_failed"]
    assert "not right" in Notice.objects.of(cast.owner).get().facts["reason"]
    assert kinds_of(second) == []


def test_a_new_claim_by_an_owner_whose_key_is_dead_is_told_too(sandbox: Any, cast: Cast) -> None:
    second = second_owner(cast)
    Account.objects.filter(pk=cast.harbor.pk).update(key_state="dead")
    connect.ask(cast.owner, connect.Typed("1000000001", "password", "demo1234"), "10.9.8.7")
    line.serve(everything=True)
    assert kinds_of(second) == ["reconnected"]
    assert kinds_of(cast.owner) == ["connected"]


# People


def test_who_has_another_role_is_told_and_so_are_the_other_owners(cast: Cast) -> None:
    second = second_owner(cast)
    for role in (Role.VIEWER, Role.OWNER):
        members.change_role(Membership.objects.get(user=cast.manager), role, cast.owner)
    assert kinds_of(cast.manager) == ["role_changed", "role_changed"]
    assert kinds_of(second) == ["member_changed", "member_changed"]
    assert kinds_of(cast.owner) == []
    # by oneself
    members.change_role(Membership.objects.get(user=cast.owner), Role.MANAGER, cast.owner)
    assert kinds_of(cast.owner) == []


def test_a_request_to_join_reaches_owners_with_what_was_before(cast: Cast) -> None:
    members.ask_to_join(cast.harbor, cast.stranger)
    assert kinds_of(cast.owner) == ["join_asked"]
    assert kinds_of(cast.manager) == kinds_of(cast.stranger) == []
