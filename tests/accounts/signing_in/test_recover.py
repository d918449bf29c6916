"""/recover/: a new portal password by mail."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import timezone

from apps.accounts.models import RecoveryAsk
from apps.accounts.signing_in import services, sweeps
from tests.cast import PASSWORD

NEW = "four unrelated garden words"


def ask(login: str, client: Client | None = None):
    return (client or Client()).post("/recover/", {"login": login})


def link(mail) -> str:
    return re.search(r"http://localhost:8000(/recover/\S+)", mail.body)[1]


@pytest.mark.parametrize("login", ["owner@harbor.test", "1000000001"])
def test_a_link_comes_by_mail_and_sets_a_new_password(cast, mailoutbox, login):
    ask(login)
    sweeps.send_recoveries()
    (mail,) = mailoutbox
    assert mail.to == ["owner@harbor.test"]
    client = Client()
    assert client.get(link(mail)).status_code == 200
    response = client.post(link(mail), {"password": NEW})
    assert (response.status_code, response["Location"]) == (303, "/login/")
    cast.owner.refresh_from_db()
    assert cast.owner.check_password(NEW)
    assert (
        client.post("/login/", {"login": "owner@harbor.test", "password": NEW}).status_code == 302
    )


def test_the_mail_has_a_text_and_an_html_part_with_the_same_link(cast, mailoutbox):
    ask("owner@harbor.test")
    sweeps.send_recoveries()
    (mail,) = mailoutbox
    ((html, kind),) = mail.alternatives
    assert kind == "text/html"
    assert link(mail) in html


def test_known_and_unknown_get_the_same_answer_and_the_same_work(
    cast, mailoutbox, django_assert_num_queries
):
    answers = []
    for login in ("owner@harbor.test", "nobody@harbor.test", "9999999999"):
        with django_assert_num_queries(3):
            response = ask(login)
        answers.append((response.status_code, response["Location"], response.content))
    assert answers[0] == answers[1] == answers[2] == (303, "/recover/?asked=1", b"")
    assert mailoutbox == []  # nothing is sent while they wait
    sweeps.send_recoveries()
    assert len(mailoutbox) == 1
    assert not RecoveryAsk.objects.exists()


def test_a_link_works_once(cast):
    path = f"/recover/{services.recovery_token(cast.owner)}/"
    assert Client().post(path, {"password": NEW}).status_code == 303
    assert Client().get(path).status_code == 404
    assert Client().post(path, {"password": "another good long one"}).status_code == 404


def test_a_link_works_for_two_hours(cast):
    path = f"/recover/{services.recovery_token(cast.owner)}/"
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=59)):
        assert Client().get(path).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=2, minutes=1)):
        assert Client().get(path).status_code == 404


@pytest.mark.parametrize(
    "token", ["x", "1-2", "zzzzzzzzzzzzzzzzzzzz-abc", "-", "1-cx-abc", "%00", "é-1"]
)
def test_nonsense_is_no_link(cast, token):
    assert Client().get(f"/recover/{token}/").status_code == 404


def test_a_link_of_one_person_is_not_anothers(cast):
    mine = services.recovery_token(cast.owner).partition("-")[2]
    other = services.recovery_token(cast.stranger).partition("-")[0]
    assert Client().get(f"/recover/{other}-{mine}/").status_code == 404


def test_looking_at_the_link_changes_nothing(cast, django_assert_max_num_queries):
    path = f"/recover/{services.recovery_token(cast.owner)}/"
    before = cast.owner.password
    Client().get(path)
    cast.owner.refresh_from_db()
    assert cast.owner.password == before
    assert Client().get(path)["Referrer-Policy"] == "strict-origin"


@pytest.mark.parametrize(
    "password",
    [
        "short1",
        "passwordpassword",
        "password12345678",
        "owner@harbor.test",
        "aaaaaaaaaaaaaa",
        "Qwertyuiop12!",
    ],
)
def test_a_weak_password_is_refused_beside_its_field(cast, password):
    path = f"/recover/{services.recovery_token(cast.owner)}/"
    assert Client().post(path, {"password": password}).status_code == 422
    cast.owner.refresh_from_db()
    assert cast.owner.check_password(PASSWORD)


def test_every_other_session_ends(cast, sign_in):
    elsewhere = sign_in(cast.owner)
    Client().post(f"/recover/{services.recovery_token(cast.owner)}/", {"password": NEW})
    assert elsewhere.get("/settings/")["Location"].startswith("/login/")


def test_one_person_gets_one_mail_in_five_minutes(cast, mailoutbox):
    for _ in range(3):
        ask("owner@harbor.test")
    sweeps.send_recoveries()
    assert len(mailoutbox) == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        ask("1000000001")
        sweeps.send_recoveries()
    assert len(mailoutbox) == 2


def test_asking_is_limited_by_network(db):
    answers = [ask(f"person{n}@x.test").status_code for n in range(11)]
    assert answers == [303] * 10 + [429]


def test_a_mail_that_cannot_go_out_is_tried_again_and_stops_no_other(cast, mailoutbox, monkeypatch):
    ask("owner@harbor.test")
    ask("owner@northwind.test")
    real = EmailMultiAlternatives.send

    def broken(self, *args, **kwargs):
        if self.to == ["owner@harbor.test"]:
            raise OSError("no route")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(EmailMultiAlternatives, "send", broken)
    sweeps.send_recoveries()
    assert [mail.to for mail in mailoutbox] == [["owner@northwind.test"]]
    monkeypatch.undo()
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        sweeps.send_recoveries()
    assert len(mailoutbox) == 2


def test_the_page_asks_which_password_is_lost(db):
    page = Client().get("/recover/").content.decode()
    assert "Which password is lost?" in page
    assert "VoiceTel&#x27;s own" in page or "VoiceTel's own" in page


def test_a_signed_in_browser_that_sets_a_new_password_is_signed_out(cast, sign_in):
    client = sign_in(cast.stranger)
    client.post(f"/recover/{services.recovery_token(cast.owner)}/", {"password": NEW})
    assert client.get("/settings/")["Location"].startswith("/login/")


def ask_voicetel(email: str, client: Client | None = None):
    return (client or Client()).post("/recover/", {"email": email})


def test_voicetel_is_asked_once_for_its_own_email(cast, sandbox, mailoutbox):
    answer = ask_voicetel("harbor@demo.test")
    assert (answer.status_code, answer["Location"]) == (303, "/recover/?asked=voicetel")
    assert sandbox.count("accountRecovery") == 0
    sweeps.send_recoveries()
    sweeps.send_recoveries(everything=True)
    assert sandbox.count("accountRecovery") == 1
    assert mailoutbox == []


@pytest.mark.parametrize("fault", ["lose_answer", "refuse"])
def test_an_answer_that_is_lost_or_refused_is_not_asked_for_again(cast, sandbox, fault):
    if fault == "lose_answer":
        sandbox.lose_answer("accountRecovery")
    else:
        sandbox.refuse("accountRecovery", 400)
    ask_voicetel("harbor@demo.test")
    sweeps.send_recoveries()
    sweeps.send_recoveries(everything=True)
    assert sandbox.count("accountRecovery") == 1
    assert RecoveryAsk.objects.count() == 0


def test_known_and_unknown_at_voicetel_get_the_same_answer_and_the_same_work(
    cast, sandbox, django_assert_num_queries
):
    answers = []
    for email in ("harbor@demo.test", "nobody@demo.test"):
        with django_assert_num_queries(5):
            response = ask_voicetel(email)
        answers.append((response.status_code, response["Location"], response.content))
    assert answers[0] == answers[1]


def test_a_third_email_of_voicetels_in_a_day_is_held_off_with_a_sentence(cast, sandbox):
    for _ in range(2):
        ask_voicetel("harbor@demo.test")
    response = ask_voicetel("harbor@demo.test")
    assert response.status_code == 429
    assert b"requested for this address twice today" in response.content
    assert RecoveryAsk.objects.filter(voicetel=True).count() == 2


def test_what_is_no_address_gets_a_sentence_and_keeps_what_was_typed(cast, sandbox):
    response = ask_voicetel("harbor")
    assert response.status_code == 422
    assert b'value="harbor"' in response.content
    assert RecoveryAsk.objects.count() == 0
