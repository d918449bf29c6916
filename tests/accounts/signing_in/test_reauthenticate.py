"""/reauthenticate/: a signed-in person proves themselves again."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from apps.accounts.signing_in import sessions
from tests.cast import PASSWORD


def test_the_right_password_goes_on_with_a_new_session_key(cast, sign_in):
    client = sign_in(cast.owner)
    before = client.session.session_key
    response = client.post("/reauthenticate/", {"password": PASSWORD, "next": "/settings/keys/"})
    assert (response.status_code, response["Location"]) == (303, "/settings/keys/")
    assert client.session.session_key != before
    assert client.get("/settings/").status_code == 200


def test_a_wrong_one_stays_and_says_so(cast, sign_in):
    client = sign_in(cast.owner)
    response = client.post("/reauthenticate/", {"password": "not the password"})
    assert response.status_code == 422
    assert "That is not your portal password." in response.content.decode()
    assert "Connect it again" not in client.get("/settings/keys/").content.decode()


def test_it_counts_for_ten_minutes(cast, sign_in, rf):
    client = sign_in(cast.owner)
    client.post("/reauthenticate/", {"password": PASSWORD})
    request = rf.get("/")
    request.session, request.user = client.session, cast.owner
    assert sessions.is_fresh(request)
    with time_machine.travel(timezone.now() + timedelta(seconds=sessions.FRESH + 1)):
        assert not sessions.is_fresh(request)


def test_nobody_is_sent_to_sign_in(client, db):
    assert client.get("/reauthenticate/")["Location"].startswith("/login/")
