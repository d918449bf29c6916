"""Passkeys: signing in with one alone, and every way of bringing a wrong one."""

import time
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from apps.accounts.models import Session, User
from apps.accounts.signing_in import passkeys, second, throttle
from apps.accounts.signing_in.browsers import SessionStore
from apps.accounts.signing_in.passkeys import Purpose
from apps.notifications.models import Notice
from tests.accounts.signing_in.bent import BENT, REFUSED, SIGN_IN, UNVERIFIED, events, words
from tests.accounts.signing_in.codes import signed_in
from tests.accounts.signing_in.device import Device, ask, text, use, with_passkey
from tests.cast import PASSWORD

pytestmark = pytest.mark.usefixtures("own_address")


def test_it_signs_in_alone_as_both_factors_and_freshly(cast, device):
    client = Client()
    asked = ask(client)
    assert asked["publicKey"]["userVerification"] == "required"
    # nobody is named, so nothing is said of anybody
    assert not asked["publicKey"].get("allowCredentials")
    before = client.session.session_key
    answer = client.post(SIGN_IN, {"answer": device.get(asked), "next": "/numbers/"})
    assert (answer.status_code, answer["Location"]) == (302, "/numbers/")
    assert signed_in(client)
    assert client.session.session_key != before
    assert client.get("/settings/security/factor/").status_code == 200  # needs a fresh sign-in
    assert throttle.COOKIE in client.cookies
    assert [event.facts for event in events("signed_in")][-1] == {"passkey": True}


def test_staff_sign_in_with_it_too(cast):
    device, client = with_passkey(cast.admin), Client()
    assert use(client, device).status_code == 302
    assert client.get("/admin/accounts/").status_code == 200


def test_a_browser_where_they_never_signed_in_is_told_of(cast, device):
    use(Client(), device)
    assert Notice.objects.of(cast.owner).filter(kind="new_device").count() == 1


def test_nobody_is_sent_to_another_site(device):
    client = Client()
    assert (
        client.post(SIGN_IN, {"answer": device.get(ask(client)), "next": "https://evil.test/"})[
            "Location"
        ]
        == "/"
    )


def test_the_page_itself_is_the_sign_in(cast, sign_in):
    answer = Client().get(SIGN_IN)
    assert (answer.status_code, answer["Location"]) == (303, "/login/")
    assert (
        sign_in(cast.owner).post(SIGN_IN, {"answer": "{}", "next": "/numbers/"})["Location"]
        == "/numbers/"
    )


def test_a_session_that_only_asked_lasts_a_quarter_of_an_hour_and_a_sign_in_its_full_time(
    device,
):
    client = Client()
    ask(client)
    assert Session.objects.get(
        session_key=client.session.session_key
    ).expire_date < timezone.now() + timedelta(minutes=16)
    client.post(SIGN_IN, {"answer": device.get(ask(client))})
    assert Session.objects.get(
        session_key=client.session.session_key
    ).expire_date > timezone.now() + timedelta(days=13)


@pytest.fixture
def plain() -> str:
    """What every refusal at the sign-in says."""
    return words(Client().post(SIGN_IN, {"answer": "nonsense"}))


@pytest.mark.parametrize("why", [*BENT, *UNVERIFIED])
def test_what_is_not_right_is_refused_in_the_same_words(cast, device, plain, why):
    client = Client()
    answer = client.post(SIGN_IN, {"answer": (BENT | UNVERIFIED)[why](device, ask(client))})
    assert answer.status_code == 422
    assert REFUSED in words(answer)
    assert words(answer) == plain
    assert not signed_in(client)
    assert "_auth_user_id" not in client.session
    assert len(events("passkey_failed")) == 2


def test_somebody_without_passkeys_and_nobody_get_the_same_answer(cast, device, plain):
    for whose in (cast.viewer.pk, cast.admin.pk, 999_999):
        assert words(use(Client(), device, handle=text(str(whose).encode()))) == plain


def test_an_inactive_person_is_refused_in_the_same_words(cast, device, plain):
    User.objects.filter(pk=cast.owner.pk).update(is_active=False)
    assert words(use(Client(), device)) == plain


def test_a_removed_passkey_is_refused_in_the_same_words(cast, device, plain):
    Authenticator.objects.filter(user=cast.owner, type=second.PASSKEY).delete()
    assert words(use(Client(), device)) == plain


def test_an_answer_works_once(device, plain):
    client = Client()
    answer = device.get(ask(client))
    assert client.post(SIGN_IN, {"answer": answer}).status_code == 302
    client.post("/logout/")
    client.get("/login/")  # reads "You are signed out."
    assert words(client.post(SIGN_IN, {"answer": answer})) == plain
    ask(client)
    assert words(client.post(SIGN_IN, {"answer": answer})) == plain


def test_a_refused_answer_spends_the_question(device):
    client = Client()
    asked = ask(client)
    client.post(SIGN_IN, {"answer": "{}"})
    assert client.post(SIGN_IN, {"answer": device.get(asked)}).status_code == 422


def test_an_answer_is_for_the_browser_that_was_asked(device):
    mine, thiefs = Client(), Client()
    answer = device.get(ask(mine))
    ask(thiefs)
    assert thiefs.post(SIGN_IN, {"answer": answer}).status_code == 422
    assert Client().post(SIGN_IN, {"answer": answer}).status_code == 422
    assert mine.post(SIGN_IN, {"answer": answer}).status_code == 302


def test_a_question_waits_five_minutes(device, plain):
    late, soon = Client(), Client()
    questions = ask(late), ask(soon)
    assert questions[0]["publicKey"]["timeout"] == passkeys.LIVES * 1000
    with time_machine.travel(time.time() + passkeys.LIVES - 2):
        assert soon.post(SIGN_IN, {"answer": device.get(questions[1])}).status_code == 302
    with time_machine.travel(time.time() + passkeys.LIVES + 1):
        assert words(late.post(SIGN_IN, {"answer": device.get(questions[0])})) == plain


def test_an_answer_whose_question_another_request_wrote_back_works_once_all_the_same(device):
    """Of two requests of one session the later write wins, so the session alone cannot remember
    what was spent.
    """
    client = Client()
    asked = ask(client)
    kept, answer = client.session[passkeys.ASKED], device.get(asked)
    assert client.post(SIGN_IN, {"answer": answer}).status_code == 302
    client.post("/logout/")
    ask(client)
    session = client.session
    session[passkeys.ASKED] = kept
    session.save()
    assert client.post(SIGN_IN, {"answer": answer}).status_code == 422
    assert [event.facts["why"] for event in events("passkey_failed")] == ["used"]


@pytest.mark.parametrize("remembered", [True, False])
def test_of_many_who_bring_one_answer_at_once_one_gets_in(
    transactional_db, monkeypatch, remembered
):
    """The control: without the row that remembers, all of them do."""
    user = User.objects.create_user("race@harbor.test", PASSWORD)
    device, client = with_passkey(user), Client()
    answer = device.get(ask(client))
    if not remembered:
        monkeypatch.setattr(passkeys, "_spend", lambda *args: None)
    start, through = Barrier(8, timeout=20), []

    def one() -> None:
        try:
            request = RequestFactory().post(SIGN_IN)
            request.user, request.session = None, SessionStore(client.session.session_key)
            assert request.session[passkeys.ASKED]  # read before anybody spends it, as processes do
            start.wait()
            through.append(passkeys.check(request, Purpose.SIGN_IN, answer))
        finally:
            connection.close()

    threads = [Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(through) == 8
    assert through.count(user) == (1 if remembered else 8)


def test_a_device_that_counts_counts_on(cast, plain):
    device = with_passkey(cast.owner, counts=True, count=7)
    assert use(Client(), device).status_code == 302
    copy = Device(
        key=device.key, name=device.name, whose=device.whose, counts=True, count=device.count
    )
    assert use(Client(), device).status_code == 302
    assert words(use(Client(), copy)) == plain  # says 9 once more
    # counts no more
    assert (
        words(use(Client(), Device(key=device.key, name=device.name, whose=device.whose))) == plain
    )
    assert [event.facts["why"] for event in events("passkey_copied")] == [
        "counted 9 after 9",
        "counted 0 after 9",
    ]
    assert use(Client(), device).status_code == 302


def test_a_device_that_does_not_count_works_again_and_again(device):
    for _ in range(3):
        assert use(Client(), device).status_code == 302


def test_refused_passkeys_are_limited_and_a_known_browser_has_an_allowance_of_its_own(device):
    home = Client()
    use(home, device)
    home.post("/logout/")
    answers = [
        Client().post(SIGN_IN, {"answer": "{}"}).status_code
        for _ in range(throttle.PASSKEY.most + 1)
    ]
    assert answers == [422] * throttle.PASSKEY.most + [429]
    held = use(Client(), device)
    assert held.status_code == 429
    assert "use your password" in held.content.decode()
    assert use(home, device).status_code == 302
    assert events("passkey_throttled")


def test_beginning_again_and_again_is_limited_and_said_in_words(cast, monkeypatch):
    monkeypatch.setattr(throttle, "QUESTION", replace(throttle.QUESTION, most=5))
    for _ in range(5):
        ask(Client())
    held = Client().post(SIGN_IN)
    assert held.status_code == 429
    assert "Wait a quarter of an hour" in held.json()["said"]
    assert Session.objects.count() == 5


@pytest.mark.parametrize(
    ("url", "origin", "site"),
    [
        ("https://portal.example", "https://portal.example", "portal.example"),
        ("https://portal.example:443", "https://portal.example", "portal.example"),
        ("https://Portal.Example:8443/", "https://portal.example:8443", "portal.example"),
        ("http://localhost:80", "http://localhost", "localhost"),
        ("http://[::1]:8000", "http://[::1]:8000", "::1"),
    ],
)
def test_origin_and_site_are_those_of_portal_url(settings, url, origin, site):
    settings.PORTAL_URL = url
    assert passkeys.address() == (origin, site)


def test_it_works_at_the_portals_own_address(cast, settings):
    settings.PORTAL_URL = "https://portal.example"
    device = with_passkey(cast.owner, origin="https://portal.example", site="portal.example")
    assert ask(Client())["publicKey"]["rpId"] == "portal.example"
    assert use(Client(), device).status_code == 302
    settings.PORTAL_URL = "https://other.example"
    assert use(Client(), device).status_code == 422


@pytest.mark.parametrize(
    ("url", "host", "said"),
    [
        ("http://localhost:8000", "localhost:8000", ""),
        ("http://localhost:8000", "127.0.0.1:8000", "Passkeys work at http://localhost:8000 only."),
        ("https://192.0.2.1", "192.0.2.1", "Passkeys need a portal with a name of its own"),
    ],
)
def test_an_address_at_which_they_cannot_work_is_named_in_a_sentence(
    cast, settings, sign_in, url, host, said
):
    settings.PORTAL_URL = url
    client = sign_in(cast.owner)
    client.post("/reauthenticate/", {"password": PASSWORD})
    for page in (
        Client().get("/login/", HTTP_HOST=host),
        client.get("/settings/security/passkeys/add/", HTTP_HOST=host),
    ):
        shown = page.content.decode()
        assert said in shown
        assert ("data-passkey" in shown) == (not said)
