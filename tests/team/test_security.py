"""/settings/security/: password, second step and what an account asks of its members."""

import re
from urllib.parse import unquote

import pytest
from django.test import Client

from apps.accounts.models import Account, User
from apps.accounts.signing_in import second
from apps.audit.models import Event
from apps.notifications import sweeps
from tests.accounts.signing_in.codes import code, give_password, signed_in, with_factor, wrong
from tests.cast import PASSWORD, SECRET
from tests.pages import words

NEW = "four unrelated garden words"
FACTOR = "/settings/security/factor/"


def fresh(user: User) -> Client:
    """A browser in which that person has just signed in, with the second step where
    they have one.
    """
    client = Client()
    client.post("/login/", {"login": user.email, "password": PASSWORD})
    if user.factor_at:
        assert client.post("/login/code/", {"code": code()}).status_code == 302
    return client


def shown_secret(page: str) -> str:
    return re.search(r"<code>([A-Z2-7 ]+)</code>", page)[1].replace(" ", "")


def actions(user: User) -> list[str]:
    return list(
        Event.objects.across_accounts()
        .filter(actor=user)
        .order_by("pk")
        .values_list("action", flat=True)
    )


def set_up(client: Client) -> tuple[str, list[str]]:
    """Goes through the page; the secret and the recovery codes."""
    secret = shown_secret(client.get(FACTOR).content.decode())
    page = client.post(FACTOR, {"code": code(secret=secret)}).content.decode()
    return secret, re.findall(r"<code>(\d{5} \d{5})</code>", page)


def test_it_is_set_up_by_a_picture_or_a_text_and_a_code(cast):
    client, other = fresh(cast.owner), fresh(cast.owner)
    page = client.get(FACTOR).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    secret = shown_secret(page)
    # a reload keeps what was scanned
    assert shown_secret(client.get(FACTOR).content.decode()) == secret
    refused = client.post(FACTOR, {"code": wrong()})
    assert refused.status_code == 422
    assert shown_secret(refused.content.decode()) == secret
    before = client.session.session_key
    answer = client.post(FACTOR, {"code": code(secret=secret)})
    assert len(re.findall(r"<code>\d{5} \d{5}</code>", answer.content.decode())) == 10
    assert client.session.session_key != before
    assert signed_in(client)
    assert not signed_in(other)
    assert "factor_on" in actions(cast.owner)
    assert client.session.get(second.PENDING) is None


def test_the_code_of_the_set_up_does_not_sign_in_again(cast):
    client = fresh(cast.owner)
    secret = shown_secret(client.get(FACTOR).content.decode())
    used = code(secret=secret)
    client.post(FACTOR, {"code": used})
    assert give_password(cast.owner).post("/login/code/", {"code": used}).status_code == 422


def test_the_secret_of_a_set_up_stands_sealed_in_the_session(cast):
    client = fresh(cast.owner)
    secret = shown_secret(client.get(FACTOR).content.decode())
    assert secret not in str(dict(client.session))
    assert second.PENDING in client.session


def test_the_text_copy_holds_the_codes_shown_and_each_signs_in_once(cast):
    client = fresh(cast.owner)
    secret = shown_secret(client.get(FACTOR).content.decode())
    page = client.post(FACTOR, {"code": code(secret=secret)}).content.decode()
    codes = re.findall(r"<code>(\d{5} \d{5})</code>", page)
    file = unquote(re.search(r'href="data:text/plain;charset=utf-8,([^"]+)" download', page)[1])
    assert [line for line in file.splitlines() if line[:1].isdigit()] == codes
    for status in (302, 422):
        assert (
            give_password(cast.owner).post("/login/code/", {"code": codes[0]}).status_code == status
        )
    assert "9 of 10 left" in client.get("/settings/security/").content.decode()
    assert not any(each in client.get("/settings/security/").content.decode() for each in codes)


def test_lost_and_recovered(cast):
    """The phone is lost: a recovery code signs in, a new phone takes its place, and the old one's
    codes are void.
    """
    first = fresh(cast.owner)
    old, codes = set_up(first)
    client = give_password(cast.owner)
    client.post("/login/code/", {"code": codes[3]})
    new, _ = set_up(client)
    assert new != old
    assert not signed_in(first)
    assert give_password(cast.owner).post("/login/code/", {"code": code(1, old)}).status_code == 422
    assert give_password(cast.owner).post("/login/code/", {"code": codes[4]}).status_code == 422
    assert give_password(cast.owner).post("/login/code/", {"code": code(1, new)}).status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        FACTOR,
        "/settings/security/factor/off/",
        "/settings/security/codes/",
        "/settings/security/password/",
    ],
)
def test_an_older_sign_in_confirms_first(cast, sign_in, path):
    with_factor(cast.owner)
    client = sign_in(cast.owner)
    answer = client.post(path, {"code": code(), "current": PASSWORD, "password": NEW})
    assert answer["Location"].startswith("/reauthenticate/?next=")
    owner = User.objects.get(pk=cast.owner.pk)
    assert owner.factor_at
    assert owner.check_password(PASSWORD)
    assert second.codes_left(owner) == 10


def test_new_recovery_codes_replace_the_old_and_end_other_sessions(cast, sign_in):
    old = with_factor(cast.owner)
    client, other = fresh(cast.owner), sign_in(cast.owner)
    page = client.post("/settings/security/codes/").content.decode()
    new = re.findall(r"<code>(\d{5} \d{5})</code>", page)
    assert not signed_in(other)
    assert second.spend(cast.owner, old[0]) == ""
    assert second.spend(cast.owner, new[0]) == "recovery_codes"
    assert "codes_renewed" in actions(cast.owner)


def test_it_can_be_switched_off_and_that_ends_other_sessions(cast, sign_in):
    with_factor(cast.owner)
    client, other = fresh(cast.owner), sign_in(cast.owner)
    assert "password alone" in client.get("/settings/security/factor/off/").content.decode()
    assert client.post("/settings/security/factor/off/").status_code == 303
    assert signed_in(client)
    assert not signed_in(other)
    assert User.objects.get(pk=cast.owner.pk).factor_at is None
    assert "factor_off" in actions(cast.owner)
    assert (
        Client().post("/login/", {"login": cast.owner.email, "password": PASSWORD})["Location"]
        == "/"
    )


def test_staff_and_members_of_whom_it_is_asked_cannot_switch_it_off(cast):
    with_factor(cast.viewer)
    second.require(cast.harbor, cast.owner, True)
    for user in (cast.support, cast.viewer):
        client = fresh(user)
        assert client.post("/settings/security/factor/off/").status_code == 422
        assert User.objects.get(pk=user.pk).factor_at


def test_staff_without_one_set_it_up_and_go_on(cast):
    second.forget(cast.admin)
    client = fresh(cast.admin)
    assert client.get("/")["Location"] == FACTOR
    page = client.get(FACTOR).content.decode()
    assert "Portal staff sign in with two-step verification." in page
    assert 'action="/logout/"' in page
    set_up(client)
    assert client.get("/admin/").status_code == 200


def test_a_new_password_needs_the_present_one_and_ends_other_sessions(cast, sign_in):
    client, other = sign_in(cast.owner), sign_in(cast.owner)
    assert (
        client.post(
            "/settings/security/password/", {"current": "guess", "password": NEW}
        ).status_code
        == 422
    )
    answer = client.post("/settings/security/password/", {"current": PASSWORD, "password": NEW})
    assert (answer.status_code, answer["Location"]) == (303, "/settings/security/")
    assert signed_in(client)
    assert not signed_in(other)
    assert User.objects.get(pk=cast.owner.pk).check_password(NEW)
    assert "password_changed" in actions(cast.owner)


@pytest.mark.parametrize("password", ["short", "password1234!", PASSWORD, "owner@harbor.test", ""])
def test_a_new_password_that_is_none_is_refused(cast, sign_in, password):
    assert (
        sign_in(cast.owner)
        .post("/settings/security/password/", {"current": PASSWORD, "password": password})
        .status_code
        == 422
    )


def test_each_change_is_told_by_mail(cast, mailoutbox):
    """ASVS V6.3.7: it may not have been them."""
    client = fresh(cast.owner)
    _, codes = set_up(client)
    client.post("/settings/security/codes/")
    client.post("/settings/security/factor/off/")
    client.post("/settings/security/password/", {"current": PASSWORD, "password": NEW})
    sweeps.send_mails()
    assert [mail.subject for mail in mailoutbox] == [
        "Two-step verification was turned on",
        "New recovery codes were made",
        "Two-step verification was turned off",
        "Your portal password was changed",
    ]
    assert {mail.to[0] for mail in mailoutbox} == {cast.owner.email}
    assert not any(each in mail.body for mail in mailoutbox for each in codes)


def test_a_used_recovery_code_is_told_by_mail(cast, mailoutbox):
    used, *_ = with_factor(cast.owner)
    give_password(cast.owner).post("/login/code/", {"code": used})
    sweeps.send_mails()
    (mail,) = mailoutbox
    assert "You have 9 left" in mail.body


def ask(client: Client, needed: str) -> int:
    return client.post(
        "/settings/security/required/", {"account": "1000000001", "required": needed}, follow=True
    ).redirect_chain[-1][1]


def test_an_owner_with_a_second_step_asks_it_of_the_members(cast):
    client = fresh(cast.owner)
    ask(client, "1")
    assert not Account.objects.get(pk=cast.harbor.pk).requires_factor  # the example comes first
    with_factor(cast.owner)
    client = fresh(cast.owner)
    ask(client, "1")
    assert Account.objects.get(pk=cast.harbor.pk).requires_factor
    assert "3 members without one" in words(client.get("/settings/security/"))
    ask(client, "0")
    assert not Account.objects.get(pk=cast.harbor.pk).requires_factor
    assert actions(cast.owner)[-2:] == ["factor_required", "factor_optional"]


def test_the_requirement_needs_a_fresh_sign_in(cast, sign_in):
    with_factor(cast.owner)
    sign_in(cast.owner).post(
        "/settings/security/required/", {"account": "1000000001", "required": "1"}
    )
    assert not Account.objects.get(pk=cast.harbor.pk).requires_factor


def test_no_page_of_it_shows_a_secret_in_force(cast):
    with_factor(cast.owner)
    client = fresh(cast.owner)
    for path in ("/settings/security/", FACTOR, "/settings/security/factor/off/"):
        page = client.get(path).content.decode()
        assert "<main" in page
        assert SECRET not in page.replace(" ", "")


def test_two_browsers_of_one_kind_are_told_apart_by_where_they_signed_in(cast, sign_in):
    agent = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0 Safari/537.36"}
    login = {"login": cast.owner.email, "password": cast.password}
    here, there = (
        Client(REMOTE_ADDR=address, **agent) for address in ("192.0.2.7", "198.51.100.9")
    )
    for browser in (here, there):
        assert browser.post("/login/", login).status_code == 302
    said = words(here.get("/settings/security/"))
    assert said.count("Chrome on Linux") >= 2
    assert "from 192.0.2.7" in said
    assert "Sign out Chrome on Linux at 198.51.100.9" in said
