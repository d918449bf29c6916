"""/connect/<token>/: the link of the first step, and who comes by it."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from apps.accounts.arriving import connect, letters, sweeps
from apps.accounts.models import Connection, ConnectLink, Letter, Membership, User
from apps.voicetel import clock
from apps.voicetel.hour import line
from tests.accounts.arriving.walking_in import (
    HARBOR,
    LARK,
    NEW,
    arrive,
    elsewhere,
    form,
    link_for,
    path_in,
)
from tests.cast import PASSWORD
from tests.hours import pass_time


def test_the_link_makes_one_person_and_then_leads_to_their_sign_in(cast, mailoutbox):
    link = link_for("lark@demo.test", mailoutbox)
    client = Client()
    assert client.post(link, form()).status_code == 302
    for press in (
        Client().get(link),
        Client().post(link, form(password="another unrelated garden word")),
    ):
        assert press.status_code == 200
        assert "Sign in to go on" in press.content.decode()
    # pressed twice, in the browser that is signed in by the first
    assert client.post(link, form())["Location"] == "/connect/"
    assert Connection.objects.count() == 1
    assert User.objects.get(email="lark@demo.test").check_password(NEW)


def test_the_link_works_for_two_hours(cast, mailoutbox):
    link = link_for("lark@demo.test", mailoutbox)
    clock.advance(7190)
    assert Client().get(link).status_code == 200
    clock.advance(20)
    assert Client().get(link).status_code == 404


def test_who_is_held_off_because_of_strangers_has_a_link_that_works_and_gets_another_when_it_ends(
    cast, mailoutbox
):
    def ask() -> int:
        assert (
            Client()
            .post("/connect/", {"email": "victim@person.test"}, REMOTE_ADDR=elsewhere())
            .status_code
            == 303
        )
        letters.send_letters()
        return len(mailoutbox)

    strangers = [ask() for _ in range(8)][-1]
    clock.advance(7190)
    assert ask() == strangers == connect.MAILS.most
    assert Client().get(path_in(mailoutbox[-1])).status_code == 200
    clock.advance(20)
    assert ask() == strangers + 1
    assert Client().get(path_in(mailoutbox[-1])).status_code == 200


def test_the_links_secret_is_256_random_bits_and_not_in_the_database(cast, mailoutbox):
    token = link_for("lark@demo.test", mailoutbox).split("/")[2]
    assert len(token) == 43
    stored = str(list(ConnectLink.objects.values())) + str(list(Letter.objects.values()))
    assert token not in stored


def test_looking_at_the_link_uses_nothing_up_and_leaks_no_referrer(cast, mailoutbox):
    link = link_for("lark@demo.test", mailoutbox)
    for _ in range(3):
        response = Client().get(link)
    assert response["Referrer-Policy"] == "strict-origin"
    assert ConnectLink.objects.count() == 1
    assert not User.objects.filter(email="lark@demo.test").exists()


def test_a_form_sent_back_keeps_the_link_and_the_passwords_of_fields_that_were_right(
    cast, mailoutbox
):
    link = link_for("lark@demo.test", mailoutbox)
    for wrong, kept in (
        (form(number="12"), True),
        (form(kind="key", secret="no key"), True),
        (form(number="12", password="short"), False),
        (form(secret="", password="short"), False),
    ):
        response = Client().post(link, wrong)
        assert response.status_code == 422
        assert (NEW in response.content.decode()) is kept
        assert 'value="short"' not in response.content.decode()
    assert Client().post(link, form()).status_code == 302


@pytest.mark.parametrize(
    "password", ["short1", "passwordpassword", "lark@demo.test", "Qwertyuiop12!"]
)
def test_the_own_password_follows_the_portals_rules(cast, mailoutbox, password):
    assert (
        Client().post(link_for("lark@demo.test", mailoutbox), form(password=password)).status_code
        == 422
    )
    assert not User.objects.filter(email="lark@demo.test").exists()


def test_a_person_who_is_known_signs_in_instead_and_keeps_the_password(cast, sandbox, mailoutbox):
    link = link_for("owner@harbor.test", mailoutbox)
    client = Client()
    assert "Sign in to go on" in client.get(link).content.decode()
    # no password is set by a link of this kind
    assert "Sign in to go on" in client.post(link, form()).content.decode()
    assert not Connection.objects.exists()
    client.post("/login/", {"login": "owner@harbor.test", "password": PASSWORD})
    assert client.get(link)["Location"] == "/connect/"
    assert client.post("/connect/", form()).status_code == 303
    line.serve(everything=True)
    cast.owner.refresh_from_db()
    assert cast.owner.check_password(PASSWORD)
    assert {m.account.number for m in Membership.objects.filter(user=cast.owner)} == {HARBOR, LARK}
    assert client.post("/switch/", {"account": LARK}).status_code == 303


def test_another_persons_browser_is_told_to_sign_out(cast, sign_in, mailoutbox):
    link = link_for("owner@harbor.test", mailoutbox)
    assert "Sign out first" in sign_in(cast.stranger).get(link).content.decode()


def test_ones_own_account_spends_no_call(cast, sandbox, sign_in):
    response = sign_in(cast.viewer).post("/connect/", form(HARBOR))
    assert response.status_code == 422
    assert "You already have access to this account" in response.content.decode()
    assert not Connection.objects.exists()


def test_who_never_got_in_is_forgotten_and_members_leavers_and_waiting_ones_are_not(
    cast, sandbox, mailoutbox
):
    from django.utils import timezone

    from apps.accounts import members

    arrive("never@person.test", mailoutbox, secret="wrong")
    line.serve(everything=True)
    members.remove(Membership.objects.get(user=cast.viewer), cast.owner)
    pass_time(sandbox, days=31)
    User.objects.update(created_at=timezone.now() - timedelta(days=40))
    sweeps.forget_arrivals()
    left = set(User.objects.values_list("email", flat=True))
    assert "never@person.test" not in left
    assert {"owner@harbor.test", "viewer@harbor.test", "support@demo.test"} <= left
    assert not ConnectLink.objects.exists()
    assert not Connection.objects.exists()


def test_the_sign_in_page_leads_here(db):
    assert 'href="/connect/"' in Client().get("/login/").content.decode()


def test_a_letter_that_cannot_go_out_is_tried_again_and_stops_no_other(
    cast, mailoutbox, monkeypatch
):
    for email in ("one@person.test", "two@person.test"):
        Client().post("/connect/", {"email": email}, REMOTE_ADDR=elsewhere())
    real = EmailMultiAlternatives.send

    def broken(self, *args, **kwargs):
        if self.to == ["one@person.test"]:
            raise OSError("no route")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(EmailMultiAlternatives, "send", broken)
    letters.send_letters()
    assert [mail.to for mail in mailoutbox] == [["two@person.test"]]
    monkeypatch.undo()
    letters.send_letters(everything=True)
    assert [mail.to for mail in mailoutbox] == [["two@person.test"], ["one@person.test"]]
    letters.send_letters(everything=True)
    assert len(mailoutbox) == 2
