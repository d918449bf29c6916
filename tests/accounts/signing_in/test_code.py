"""/login/code/: the second step of a sign-in, whatever way in came before it."""

import time
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts.arriving import invitations, letters
from apps.accounts.models import Account, User
from apps.accounts.signing_in import second, services, throttle
from apps.audit.models import Event
from tests.accounts.arriving import walking_in
from tests.accounts.signing_in.codes import (
    PERIOD,
    code,
    give_password,
    signed_in,
    with_factor,
    wrong,
)
from tests.accounts.signing_in.device import use, with_passkey
from tests.cast import PASSWORD


@pytest.fixture
def owner(cast):
    with_factor(cast.owner)
    return cast.owner


def test_the_password_alone_opens_nothing_and_the_code_opens_the_page_asked_for(owner):
    client = Client()
    answer = client.post(
        "/login/", {"login": owner.email, "password": PASSWORD, "next": "/numbers/"}
    )
    assert (answer.status_code, answer["Location"]) == (303, "/login/code/")
    assert not signed_in(client)
    assert "Two-step verification" in client.get("/login/code/").content.decode()
    before = client.session.session_key
    answer = client.post("/login/code/", {"code": code()})
    assert (answer.status_code, answer["Location"]) == (302, "/numbers/")
    assert signed_in(client)
    assert client.session.session_key != before
    assert client.get("/login/code/")["Location"] == "/"


def test_a_wrong_code_stays_and_says_so(owner):
    client = give_password(owner)
    answer = client.post("/login/code/", {"code": wrong()})
    assert answer.status_code == 422
    assert "That code does not work." in answer.content.decode()
    assert not signed_in(client)


@pytest.mark.parametrize("typed", ["", "x", "12345", "１２３４５６", "9" * 41])
def test_what_is_no_code_is_refused(owner, typed):
    assert give_password(owner).post("/login/code/", {"code": typed}).status_code == 422


def test_a_code_may_be_half_a_minute_off_and_no_more(owner):
    at = time.time() // PERIOD * PERIOD + 1
    for steps, right in ((-2, False), (2, False), (-1, True)):
        with time_machine.travel(at, tick=False):
            User.objects.filter(pk=owner.pk).update(factor_step=0)
            client = give_password(owner)
            client.post("/login/code/", {"code": code(steps)})
            assert signed_in(client) == right


def test_a_code_works_once(owner):
    """ASVS V6.5.1. The same code, and an older one, are void."""
    with time_machine.travel(timezone.now(), tick=False):
        typed, older, later = code(), code(-1), code(1)
        assert second.spend(owner, typed) == "totp"
        assert second.spend(owner, typed) == ""
        assert second.spend(owner, older) == ""
        assert second.spend(owner, later) == "totp"


def test_a_recovery_code_works_once_in_any_form(owner):
    first, other, *_ = with_factor(owner)
    client = give_password(owner)
    assert client.post("/login/code/", {"code": f" {first[:5]}-{first[5:]} "}).status_code == 302
    assert give_password(owner).post("/login/code/", {"code": first}).status_code == 422
    assert second.codes_left(owner) == 9
    assert give_password(owner).post("/login/code/", {"code": other}).status_code == 302
    assert (
        Event.objects.across_accounts().filter(action="recovery_code_used", actor=owner).count()
        == 2
    )


@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_many_who_bring_one_code_at_once_one_gets_in(transactional_db, kind):
    user = User.objects.create_user("race@harbor.test")
    typed = with_factor(user)[0]
    if kind == "app":
        typed = code()
    start, through = Barrier(8, timeout=20), []

    def one() -> None:
        try:
            start.wait()
            through.append(second.spend(User.objects.get(pk=user.pk), typed))
        finally:
            connection.close()

    threads = [Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(through)[:-1] == [""] * 7
    assert through.count("") == 7


def test_without_a_password_before_it_the_page_leads_to_the_sign_in(cast):
    for answer in (Client().get("/login/code/"), Client().post("/login/code/", {"code": code()})):
        assert (answer.status_code, answer["Location"]) == (303, "/login/")


def test_a_password_given_too_long_ago_or_changed_since_begins_anew(owner):
    late, changed = give_password(owner), give_password(owner)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert late.post("/login/code/", {"code": code()})["Location"] == "/login/"
    owner.set_password("four unrelated garden words")
    owner.save(update_fields=["password"])
    assert changed.post("/login/code/", {"code": code()})["Location"] == "/login/"
    assert not signed_in(changed)


def test_wrong_passwords_are_answered_as_before(owner):
    """Only who has the password learns that there is a second step."""
    with_it = Client().post("/login/", {"login": owner.email, "password": "guess"})
    without = Client().post("/login/", {"login": "nobody@harbor.test", "password": "guess"})
    assert (with_it.status_code, without.status_code) == (422, 422)


def test_guesses_are_limited_and_a_known_browser_has_an_allowance_of_its_own(owner):
    home = give_password(owner)
    home.post("/login/code/", {"code": code()})
    home.post("/logout/")
    thief = give_password(owner)
    answers = [
        thief.post("/login/code/", {"code": wrong()}).status_code
        for _ in range(throttle.CODE.most + 1)
    ]
    assert answers == [422] * throttle.CODE.most + [429]
    assert thief.post("/login/code/", {"code": code(1)}).status_code == 429
    give_password(owner, home)
    assert home.post("/login/code/", {"code": code(1)}).status_code == 302


def test_a_browser_is_known_only_after_the_code(owner):
    client = give_password(owner)
    assert throttle.COOKIE not in client.cookies
    client.post("/login/code/", {"code": code()})
    assert throttle.COOKIE in client.cookies


def test_a_new_password_by_mail_keeps_the_second_step(owner):
    """ASVS V6.4.3."""
    client = Client()
    client.post(
        f"/recover/{services.recovery_token(owner)}/", {"password": "four unrelated garden words"}
    )
    answer = client.post(
        "/login/", {"login": owner.email, "password": "four unrelated garden words"}
    )
    assert answer["Location"] == "/login/code/"
    assert not signed_in(client)
    assert client.post("/login/code/", {"code": code()}).status_code == 302


# The ways in (ASVS V6.3.4): every module that begins a session, and how it comes to ask for the
# code. One more fails here first.
BEGIN_SESSIONS = {
    "apps/accounts/signing_in/views.py",  # password: the stage
    "apps/accounts/arriving/connect_views.py",  # first connection: the stage
    "apps/accounts/arriving/invitation_views.py",  # invitation: the stage
    "apps/accounts/signing_in/passkey_views.py",  # passkey alone: both factors (test_passkeys.py)
    "apps/accounts/signing_in/allauth.py",  # where all of them end
}


def test_only_listed_ways_begin_a_session():
    signs = (
        "perform_login(",
        "perform_password_login(",
        "auth import login",
        "import login,",
        ".login(request",
        "auth_login(",
    )
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for path in (settings.BASE_DIR / "apps").rglob("*.py")
        if any(sign in Path(path).read_text() for sign in signs)
    }
    assert found <= BEGIN_SESSIONS


def by_password(user, mailoutbox) -> Client:
    return give_password(user)


def by_a_new_password(user, mailoutbox) -> Client:
    client = Client()
    client.post(
        f"/recover/{services.recovery_token(user)}/", {"password": "four unrelated garden words"}
    )
    return client


def by_the_link_to_connect(user, mailoutbox) -> Client:
    client = Client()
    link = walking_in.link_for(user.email, mailoutbox)
    client.get(link)
    client.post(link, walking_in.form())
    return client


def by_invitation(user, mailoutbox) -> Client:
    northwind = Account.objects.get(number=walking_in.NORTHWIND)
    invitations.invite(
        northwind, User.objects.get(email="owner@northwind.test"), user.email, "viewer"
    )
    letters.send_letters()
    link, client = walking_in.path_in(mailoutbox[-1]), Client()
    client.get(link)
    client.post(link, {"name": "Owner", "password": "four unrelated garden words"})
    assert not northwind.memberships.filter(user=user).exists()
    return client


def by_a_passkey_that_proved_no_holder(user, mailoutbox) -> Client:
    device, client = with_passkey(user, origin="http://localhost:8000", site="localhost"), Client()
    device.verifies = False
    assert use(client, device).status_code == 422
    return client


WAYS = [
    by_password,
    by_a_new_password,
    by_the_link_to_connect,
    by_invitation,
    by_a_passkey_that_proved_no_holder,
]


@pytest.mark.parametrize("way", WAYS)
def test_no_way_in_gets_past_the_code(owner, mailoutbox, way):
    client = way(owner, mailoutbox)
    assert "_auth_user_id" not in client.session
    assert not signed_in(client)


def test_a_session_that_never_showed_the_code_is_nobodys_whatever_way_it_began(owner):
    client = Client()
    client.force_login(owner)
    for path in ("/", "/settings/security/", "/numbers/"):
        assert client.get(path)["Location"].startswith("/login/")


def test_confirming_asks_for_the_code_too(owner, sign_in):
    client = sign_in(owner)
    assert client.post("/reauthenticate/", {"password": PASSWORD}).status_code == 422
    answer = client.post("/reauthenticate/", {"password": PASSWORD, "code": wrong()})
    assert "That code does not work." in answer.content.decode()
    assert client.get("/settings/security/factor/")["Location"].startswith("/reauthenticate/")
    assert (
        client.post(
            "/reauthenticate/",
            {"password": PASSWORD, "code": code(), "next": "/settings/security/"},
        ).status_code
        == 303
    )
    assert client.get("/settings/security/factor/").status_code == 200


def test_a_wrong_password_spends_no_code(owner, sign_in):
    client = sign_in(owner)
    client.post("/reauthenticate/", {"password": "guess", "code": code()})
    assert (
        client.post("/reauthenticate/", {"password": PASSWORD, "code": code()}).status_code == 303
    )
