"""Passkeys after the password, and where a signed-in person is asked again."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from apps.accounts.signing_in import second, services, throttle
from apps.accounts.signing_in.browsers import SessionStore
from tests.accounts.signing_in.bent import (
    BENT,
    CODE,
    CONFIRM,
    REFUSED,
    SIGN_IN,
    UNVERIFIED,
    events,
    words,
)
from tests.accounts.signing_in.codes import code, give_password, signed_in, with_factor
from tests.accounts.signing_in.device import ask, text, use, with_passkey

pytestmark = pytest.mark.usefixtures("own_address")


def test_it_is_the_second_step_after_the_password_and_a_touch_is_enough(cast, device):
    client = give_password(cast.owner)
    page = client.get("/login/code/").content.decode()
    assert "Use a passkey" in page
    assert "Recovery code" in page
    asked = ask(client, CODE)["publicKey"]
    assert asked["userVerification"] == "preferred"
    assert [each["id"] for each in asked["allowCredentials"]] == [text(device.name)]
    device.verifies = False
    answer = use(client, device, CODE, handle="")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert signed_in(client)


def test_a_code_of_the_app_works_beside_it(cast):
    with_factor(cast.owner)
    with_passkey(cast.owner)
    client = give_password(cast.owner)
    page = client.get("/login/code/").content.decode()
    assert "Use a passkey" in page
    assert "authenticator app" in page
    assert client.post("/login/code/", {"code": code(1)}).status_code == 302


def test_where_there_is_none_no_button_is_shown(cast):
    with_factor(cast.owner)
    page = give_password(cast.owner).get("/login/code/").content.decode()
    assert "passkey" not in page.lower()
    assert 'name="code"' in page


@pytest.mark.parametrize("why", [why for why in BENT if why != "a handle that is no number"])
def test_at_the_second_step_what_is_not_right_is_refused_in_the_same_words(cast, device, why):
    client = give_password(cast.owner)
    answer = client.post(CODE, {"answer": BENT[why](device, ask(client, CODE))})
    assert answer.status_code == 422
    assert REFUSED in words(answer)
    assert not signed_in(client)


def test_somebody_elses_passkey_is_no_second_step(cast, device):
    others = with_passkey(cast.manager)
    for handle in (None, "", device.whose):
        client = give_password(cast.owner)
        assert use(client, others, CODE, handle=handle).status_code == 422
        assert not signed_in(client)


def test_an_answer_of_the_second_step_is_no_sign_in_and_the_other_way_round(cast, device):
    client = give_password(cast.owner)
    assert client.post(SIGN_IN, {"answer": device.get(ask(client, CODE))}).status_code == 422
    assert client.post(CODE, {"answer": device.get(ask(client, SIGN_IN))}).status_code == 422
    assert not signed_in(client)


def test_without_a_password_before_it_it_leads_to_the_sign_in(cast, device):
    client = Client()
    for posted in ({}, {"answer": "{}"}):
        assert client.post(CODE, posted, follow=True).redirect_chain[-1] == ("/login/", 303)


def test_refused_passkeys_count_as_wrong_codes_do(cast, device):
    client = give_password(cast.owner)
    for _ in range(throttle.CODE.most):
        client.post(CODE, {"answer": "{}"})
    assert use(client, device, CODE).status_code == 429
    assert client.post("/login/code/", {"code": "000000"}).status_code == 429


def test_a_recovery_code_gets_in_when_the_passkey_is_lost(cast, device):
    recovery = second.renew_codes(_request(), cast.owner)
    client = give_password(cast.owner)
    assert client.post("/login/code/", {"code": recovery[0]}).status_code == 302
    assert signed_in(client)


def _request() -> Any:
    request = RequestFactory().get("/")
    request.session = SessionStore()
    return request


def test_a_new_password_by_mail_keeps_the_passkey(cast, device):
    services.reset_password(cast.owner, "four unrelated garden words")
    client = Client()
    assert (
        client.post(
            "/login/", {"login": cast.owner.email, "password": "four unrelated garden words"}
        )["Location"]
        == "/login/code/"
    )
    assert use(Client(), device).status_code == 302


def test_it_confirms_who_is_signed_in(cast, device, sign_in):
    client = sign_in(cast.owner)
    assert "Use a passkey" in client.get("/reauthenticate/?next=/settings/keys/").content.decode()
    assert ask(client, CONFIRM)["publicKey"]["userVerification"] == "required"
    before = client.session.session_key
    answer = client.post(
        CONFIRM, {"answer": device.get(ask(client, CONFIRM)), "next": "/settings/keys/"}
    )
    assert (answer.status_code, answer["Location"]) == (303, "/settings/keys/")
    assert client.session.session_key != before
    assert client.get("/settings/security/factor/").status_code == 200
    assert events("confirmed")


@pytest.mark.parametrize(
    "why", ["another key", "another question", "another origin", "nobody proved to hold it"]
)
def test_confirming_with_what_is_not_right_is_refused(cast, device, sign_in, why):
    client = sign_in(cast.owner)
    answer = client.post(
        CONFIRM, {"answer": (BENT | UNVERIFIED)[why](device, ask(client, CONFIRM))}
    )
    assert answer.status_code == 422
    assert REFUSED in words(answer)
    assert client.get("/settings/security/factor/").status_code == 303


def test_confirming_with_somebody_elses_is_refused(cast, device, sign_in):
    assert use(sign_in(cast.owner), with_passkey(cast.manager), CONFIRM).status_code == 422


def test_confirming_is_limited(cast, device, sign_in):
    client = sign_in(cast.owner)
    for _ in range(throttle.CONFIRM.most):
        client.post(CONFIRM, {"answer": "{}"})
    assert use(client, device, CONFIRM)["Location"].startswith("/login/")
    assert client.get("/settings/")["Location"].startswith("/login/")


def test_who_has_none_confirms_otherwise(cast, sign_in):
    client = sign_in(cast.owner)
    assert "passkey" not in client.get("/reauthenticate/").content.decode().lower()
    assert client.post(CONFIRM)["Location"] == "/reauthenticate/"
