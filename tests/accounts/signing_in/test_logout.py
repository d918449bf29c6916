"""/logout/: GET asks, POST does."""

from django.test import Client


def test_get_asks_and_ends_nothing(cast, sign_in):
    client = sign_in(cast.owner)
    response = client.get("/logout/")
    assert response.status_code == 200
    assert b'method="post"' in response.content
    assert client.get("/settings/").status_code == 200


def test_post_ends_the_session_and_tells_the_browser_to_forget(cast, sign_in):
    client = sign_in(cast.owner)
    old = client.cookies["sessionid"].value
    response = client.post("/logout/")
    assert (response.status_code, response["Location"]) == (303, "/login/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    stale = Client()
    stale.cookies["sessionid"] = old
    assert stale.get("/settings/")["Location"].startswith("/login/")


def test_nobody_is_sent_to_sign_in(db):
    assert Client().get("/logout/")["Location"] == "/login/"
    assert Client().post("/logout/")["Location"] == "/login/"


def test_a_post_without_token_is_refused(cast):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.owner)
    assert client.post("/logout/").status_code == 403
    assert client.get("/settings/").status_code == 200


def test_signed_in_pages_are_not_kept_by_the_browser(cast, sign_in):
    assert "no-store" in sign_in(cast.owner).get("/settings/")["Cache-Control"]
