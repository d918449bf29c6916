"""Requests that no view answers lead to the page where the person can go on."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.arriving import connect
from apps.accounts.models import Connection
from apps.changes.models import Entry
from apps.copies.services import look
from apps.numbers import sources
from tests.cast import PASSWORD, Cast, SignIn
from tests.pages import flat

HTMX = {"HX-Request": "true", "HX-Target": "numbers-table"}


@pytest.fixture
def strict(cast: Cast) -> Client:
    """The owner's browser, which must send the token of its session."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.owner)
    return browser


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/numbers/refresh/", "/numbers/"),
        ("/changes/12/undo/", "/changes/12/"),
        ("/changes/12/answer/", "/changes/12/"),
        ("/connect/cancel/", "/connect/"),
        ("/notifications/read/", "/notifications/"),
        ("/settings/keys/cancel/", "/settings/keys/"),
        ("/settings/security/sessions/end/", "/settings/security/"),
        ("/settings/security/codes/", "/settings/security/"),
        ("/settings/members/invitations/3/", "/settings/members/"),
    ],
)
def test_a_get_of_an_address_that_takes_forms_leads_to_the_page_with_the_form(
    cast: Cast, sign_in: SignIn, address: str, page: str
):
    browser = sign_in(cast.owner)
    answer = browser.get(address)
    assert (answer.status_code, answer["Location"]) == (302, page)
    signed_out = Client().get(address)
    assert signed_out["Location"] == f"/login/?next={address}"


def test_where_the_page_above_takes_forms_only_the_one_above_that_is_shown(
    cast: Cast, sign_in: SignIn
):
    answer = sign_in(cast.owner).get("/settings/members/3/limit/", follow=True)
    assert answer.redirect_chain[-1] == ("/settings/members/", 302)
    assert answer.status_code == 200


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_any_other_wrong_method_gets_a_page_and_the_methods_that_are_allowed(
    cast: Cast, sign_in: SignIn, method: str
):
    shown = {"X-Account": cast.harbor.number}
    answer = getattr(sign_in(cast.owner), method)("/settings/audit/", headers=shown)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert "Nothing changed." in flat(answer)
    assert "<html" in answer.content.decode()


def test_an_undo_after_the_session_ended_leads_to_the_change_after_signing_in(cast: Cast):
    page = "http://testserver/numbers/?q=201&sort=-label"
    for browser in (Client(), Client(enforce_csrf_checks=True)):
        answer = browser.post("/changes/12/undo/", headers={"Referer": page})
        assert answer.status_code == 302
        assert answer["Location"] == "/login/?next=/numbers/%3Fq%3D201%26sort%3D-label"
        bare = browser.post("/changes/12/undo/")
        assert bare["Location"] == "/login/?next=/changes/12/undo/"
        part = browser.post("/changes/12/undo/", headers={**HTMX, "HX-Current-URL": page})
        assert (part.status_code, part["HX-Redirect"]) == (204, answer["Location"])


def test_signing_in_after_a_fragment_met_an_ended_session_keeps_search_filter_and_order(
    cast: Cast, sandbox: Any
):
    look(cast.harbor, sources.numbers)
    address = "/numbers/?q=201&forwarded=no&sort=-label"
    browser = Client()
    ended = browser.get(
        "/numbers/", headers={**HTMX, "HX-Current-URL": f"http://testserver{address}"}
    )
    page = browser.get(ended["HX-Redirect"]).content.decode()
    kept = re.search(r'name="next" value="([^"]+)"', page)
    assert kept
    typed = {"login": cast.owner.email, "password": PASSWORD, "next": unescape(kept[1])}
    after = browser.post("/login/", typed)
    assert after["Location"] == address


def test_a_stale_sign_in_form_leads_on_where_somebody_is_signed_in_already(strict: Client):
    answer = strict.post("/login/", {"next": "/numbers/?q=201", "login": "x", "password": "x"})
    assert (answer.status_code, answer["Location"]) == (303, "/numbers/?q=201")
    assert strict.post("/login/", {"login": "x"})["Location"] == "/"
    assert strict.post("/login/", {"next": "https://evil.test/"})["Location"] == "/"


def test_a_stale_sign_in_form_of_nobody_links_to_the_form_itself(db: None):
    browser = Client(enforce_csrf_checks=True)
    page = "http://testserver/login/?next=/numbers/"
    answer = browser.post("/login/", {"login": "x"}, headers={"Referer": page})
    assert answer.status_code == 403
    assert 'href="/login/?next=/numbers/"' in answer.content.decode()
    assert "Reload" not in flat(answer)
    assert 'href="/login/"' in browser.post("/login/", {"login": "x"}).content.decode()


def test_a_stale_form_links_to_its_own_page_also_from_within_a_fragment(strict: Client):
    page = "/settings/members/?x=1"
    for headers in (
        {"Referer": f"http://testserver{page}"},
        {**HTMX, "HX-Current-URL": f"http://testserver{page}"},
    ):
        answer = strict.post("/settings/members/", {"email": "a@b.test"}, headers=headers)
        assert answer.status_code == 403
        assert f'href="{page}"' in answer.content.decode()


def test_a_form_sent_before_with_other_contents_links_to_its_own_page(
    cast: Cast, sign_in: SignIn, sandbox: Any, changes: Any
):
    look(cast.harbor, sources.numbers)
    manager, address = sign_in(cast.manager), "/numbers/2015550110/forward/"
    token = re.search(r'name="token" value="([^"]+)"', manager.get(address).content.decode())
    assert token
    manager.post(address, {"token": token[1], "to": "9175550142"})
    headers = {**HTMX, "HX-Current-URL": "http://testserver/numbers/2015550110/"}
    for given in ({}, headers):
        again = manager.post(address, {"token": token[1], "to": "9175550143"}, headers=given)
        assert again.status_code == 409, again.content
        there = "/numbers/2015550110/" if given else address
        assert f'href="{there}"' in again.content.decode()
    assert Entry.objects.of(cast.harbor).count() == 1


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/changes/?about=number%3A%00", 400),
        ("/settings/audit/?about=number:201%00", 400),
        ("/settings/audit/?q=%00", 400),
        ("/settings/audit/?%00=1", 400),
        ("/numbers/?q=%00", 400),
        ("/numbers/%00/", 404),
        ("/invitations/%00/", 404),
    ],
)
def test_a_nul_in_an_address_is_refused_before_any_query(
    cast: Cast, sign_in: SignIn, address: str, status: int
):
    answer = sign_in(cast.owner).get(address)
    assert answer.status_code == status
    assert "<html" in answer.content.decode()


def test_a_nul_in_a_form_is_refused(cast: Cast, sign_in: SignIn):
    browser = sign_in(cast.owner)
    for form in ({"browser": "a\0b"}, {"a\0b": "1"}):
        assert browser.post("/settings/security/sessions/end/", form).status_code == 400


def test_canceling_a_request_leaves_the_persons_others_waiting(cast: Cast, sign_in: SignIn):
    for number in ("1000000041", "1000000042"):
        connect.ask(cast.owner, connect.Typed(number, Connection.Kind.KEY, "a key"), "192.0.2.7")
    browser = sign_in(cast.owner)
    page = browser.get("/connect/").content.decode()
    form = re.search(
        rf'action="{reverse("accounts:connect_cancel")}".*?name="number" value="(\d+)"', page, re.S
    )
    assert form
    browser.post("/connect/cancel/", {"number": form[1]})
    waiting = Connection.objects.filter(state=Connection.State.WAITING).values_list("number")
    assert {number for (number,) in waiting} == {"1000000041", "1000000042"} - {form[1]}
