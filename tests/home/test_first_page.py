"""Where each person lands, and that every place listed for them opens."""

import re

import pytest
from django.test import Client

from apps.accounts import members
from apps.accounts.arriving import connect
from apps.accounts.models import Connection, User
from tests.accounts.arriving.walking_in import HARBOR, LARK
from tests.accounts.signing_in.codes import code
from tests.cast import PASSWORD, Cast, SignIn, person
from tests.pages import words

PLACE = re.compile(r'class="(?:nav-link|tab|balance|menu-item|account-now)[^"]*"\s+href="([^"]+)"')
PEOPLE = ("owner", "manager", "billing", "viewer", "stranger", "support", "admin", "newcomer")


@pytest.fixture
def newcomer(cast: Cast) -> User:
    return person("sofia@person.test", name="Sofia")


@pytest.mark.parametrize("staff", ["support", "admin"])
def test_staff_land_on_the_staff_page(sandbox: object, cast: Cast, staff: str) -> None:
    user, browser = getattr(cast, staff), Client()
    browser.post("/login/", {"login": user.email, "password": PASSWORD})
    answer = browser.post("/login/code/", {"code": code()})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert browser.get("/")["Location"] == "/admin/"


@pytest.mark.parametrize("who", PEOPLE)
def test_every_place_that_a_page_lists_opens_for_that_person(
    sandbox: object, cast: Cast, newcomer: User, sign_in: SignIn, who: str
) -> None:
    user = newcomer if who == "newcomer" else getattr(cast, who)
    browser, seen = sign_in(user), {"/", "/settings/"}
    for start in ("/", "/settings/"):
        page = browser.get(start, follow=True).content.decode()
        seen |= set(PLACE.findall(page))
    assert "/settings/security/" in seen, "control: links are found"
    assert {path: status for path in seen if (status := opens(browser, path)) != 200} == {}


def opens(browser: Client, path: str) -> int:
    return browser.get(path, follow=True).status_code


def test_a_place_of_an_account_says_in_the_frame_that_there_is_none(
    sandbox: object, cast: Cast, newcomer: User, sign_in: SignIn
) -> None:
    for user, said in ((newcomer, "not connected to one yet"), (cast.support, "under Staff")):
        answer = sign_in(user).get("/numbers/")
        assert answer.status_code == 404
        assert said in words(answer)
        assert 'aria-label="Main"' in answer.content.decode(), "with the side bar around it"


def test_home_is_the_way_to_an_account_for_a_person_who_has_none(
    sandbox: object, cast: Cast, newcomer: User, sign_in: SignIn
) -> None:
    said = words(sign_in(newcomer).get("/"))
    assert "You're not connected to a VoiceTel account yet." in said
    assert "ask them to invite you at sofia@person.test" in said
    assert "VoiceTel account number" in said


def test_home_is_the_connect_page_while_a_connection_waits(
    sandbox: object, cast: Cast, newcomer: User, sign_in: SignIn
) -> None:
    connect.ask(newcomer, connect.Typed(LARK, "password", "demo1234"), "192.0.2.7")
    browser = sign_in(newcomer)
    page = browser.get("/")
    assert f"Account {LARK}: you're next" in words(page)
    assert "not connected to a VoiceTel account" not in words(page)
    assert 'hx-get="/connect/"' in page.content.decode()
    assert words(page) == words(browser.get("/connect/"))


def test_home_says_that_an_owner_decides_and_what_they_decided(
    sandbox: object, cast: Cast, newcomer: User, sign_in: SignIn
) -> None:
    connect.ask(newcomer, connect.Typed(HARBOR, "password", "demo1234"), "192.0.2.7")
    Connection.objects.filter(user=newcomer).update(state=Connection.State.ASKED)
    asked = members.ask_to_join(cast.harbor, newcomer)
    browser = sign_in(newcomer)
    assert "Waiting for approval" in words(browser.get("/"))
    members.decide(asked, cast.owner, None)
    said = words(browser.get("/"))
    assert f"Account {HARBOR}: declined" in said
    assert "not connected to a VoiceTel account" not in said
