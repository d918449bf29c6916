"""Tabs on different accounts in one browser: none is filled with another account's rows, none
changes another account, and nothing typed is lost.
"""

import random
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Account, Invitation, Membership
from apps.accounts.roles import Right, Role
from apps.copies.services import look
from apps.copies.source import SOURCES
from apps.numbers.models import Number
from apps.numbers.services.rows import add_labeled, label_number
from apps.ui.templatetags.ui import download
from tests.accounts.tabs import Tab
from tests.cast import PASSWORD, Cast, SignIn
from tests.matrix.row import HARBOR, Who, nothing
from tests.matrix.rows import ROWS
from tests.pages import words

SECRET = {"1000000001": "Zanzibar", "1000000002": "Timbuktu"}  # in a label of each
LABEL = f"/numbers/{HARBOR}/label/"
PATHS = ("/numbers/", f"/numbers/{HARBOR}/", "/settings/members/", "/settings/audit/", "/")
PARTS = (
    "/numbers/?q=555",
    f"/numbers/{HARBOR}/settings/",
    LABEL,
    f"/changes/?about=number:{HARBOR}",
    "/settings/audit/",
    "/numbers/age/",
)


@pytest.fixture
def both(sandbox: Any, cast: Cast, changes: Any, sign_in: SignIn) -> Client:
    """An owner of two accounts that hold the same number, each with a label of its own."""
    Membership.objects.create(user=cast.owner, account=cast.northwind, role=Role.OWNER)
    for account in (cast.harbor, cast.northwind):
        add_labeled(account, {HARBOR: SECRET[account.number]})
    browser = sign_in(cast.owner)
    browser.post("/reauthenticate/", {"password": PASSWORD})
    return browser


def label_of(number: str) -> str:
    account = Account.objects.get(number=number)
    return Number.objects.of(account).get(number=HARBOR).label


def other(number: str) -> str:
    return next(each for each in SECRET if each != number)


@pytest.mark.parametrize("seed", range(30))
def test_tabs_on_two_accounts_never_mix_and_lose_nothing_that_was_typed(
    both: Client, seed: int
) -> None:
    chance = random.Random(seed)
    tabs = [Tab(both), Tab(both)]
    for tab in tabs:
        tab.open(chance.choice(PATHS))
    for step in range(14):
        tab, typed = chance.choice(tabs), f"typed {seed} {step}"
        match chance.choice(("switch", "open", "poll", "poll", "post", "send")):
            case "switch":
                tab.load(both.post("/switch/", {"account": other(tab.shows)}, follow=True))
            case "open":
                tab.open(chance.choice(PATHS))
            case "poll":
                tab.ask(chance.choice(PARTS))
            case "post":
                mine, its = tab.shows, label_of(other(tab.shows))
                if tab.ask(LABEL, label=typed).status_code == 409:
                    back = tab.ask("/switch/", account=mine)
                    assert "You're back on" in words(back)
                    tab.ask(LABEL, label=typed)
                assert (label_of(mine), label_of(other(mine))) == (typed, its)
                SECRET[mine] = typed
            case "send":
                mine, its = tab.shows, label_of(other(tab.shows))
                answer = tab.send(LABEL, label=typed)
                if answer.status_code == 409:
                    assert label_of(mine) != typed
                    tab.press("Switch back to")
                assert (label_of(mine), label_of(other(mine))) == (typed, its)
                SECRET[mine] = typed
        for each in tabs:
            assert each.shows in SECRET
            foreign = SECRET[other(each.shows)]
            assert not [part for part in each.parts if re.search(rf"\b{foreign}\b", part)]
    tab = tabs[0]
    both.post("/switch/", {"account": other(tab.shows)})
    assert tab.ask(chance.choice(PARTS)).status_code == 409, "control: a page left behind is told"


@pytest.fixture(autouse=True)
def _labels(monkeypatch: pytest.MonkeyPatch) -> None:
    """A label that a test gives is its own."""
    for number, label in SECRET.items():
        monkeypatch.setitem(SECRET, number, label)


def read_by_pages() -> list[str]:
    return sorted(name for name, row in ROWS.items() if row.get is not None)


@pytest.mark.parametrize("name", read_by_pages())
def test_no_address_fills_a_page_of_another_account(name: str, cast: Cast, both: Client) -> None:
    address = reverse(name, kwargs=ROWS[name].own(cast))
    both.post("/switch/", {"account": cast.northwind.number})
    answer = Tab(both, cast.harbor.number).ask(address)
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#banner", "what the page shows stays"
    assert "This page shows Harbor Dental" in words(answer)
    assert SECRET[cast.northwind.number] not in answer.content.decode()


def changes_an_account() -> list[str]:
    return sorted(name for name, row in ROWS.items() if isinstance(row.post, Right))


@pytest.mark.parametrize("way", ["ask", "send"])
@pytest.mark.parametrize("name", [n for n in changes_an_account() if n != "accounts:switch"])
def test_no_form_of_a_page_changes_another_account(
    name: str, way: str, cast: Cast, both: Client
) -> None:
    row = ROWS[name]
    address = reverse(name, kwargs=row.own(cast))
    data: Any = row.data(cast) if callable(row.data) else row.data
    both.post("/switch/", {"account": cast.northwind.number})
    answer = getattr(Tab(both, cast.harbor.number), way)(address, **{"token": "x", **data})
    assert answer.status_code == 409
    assert "Nothing has changed" in words(answer)
    assert SECRET[cast.northwind.number] not in answer.content.decode()


FILES = [n for n in ROWS if n.endswith(("_csv", "_xlsx")) and ROWS[n].get is not Who.STAFF]


@pytest.mark.parametrize("name", FILES)
def test_no_download_of_a_page_holds_another_accounts_rows(
    name: str, cast: Cast, both: Client
) -> None:
    for source in SOURCES.values():
        look(cast.harbor, source)
    ROWS["changes:detail"].own(cast)  # makes a change
    own = ROWS[name].own(cast)
    file = reverse(name, kwargs=own)
    listing = both.get(file[: file.rindex("/") + 1])
    link = re.search(rf'href="({file}[^"]*)"', listing.content.decode())
    # a list without rows offers no file, but its address is there
    there = link[1].replace("&amp;", "&") if link else download(file, cast.harbor.number)
    assert f"account={cast.harbor.number}" in there
    assert both.get(there).status_code == 200
    both.post("/switch/", {"account": cast.northwind.number})
    answer = both.get(there)
    assert answer.status_code == 409
    assert "Nothing was downloaded" in words(answer)


@pytest.mark.parametrize(
    "name", [n for n, row in ROWS.items() if row.get in set(Right) | {Who.PERSON}]
)
def test_every_page_and_every_form_on_it_name_the_account_that_is_shown(
    name: str, cast: Cast, both: Client
) -> None:
    page = both.get(reverse(name, kwargs=ROWS[name].own(cast)), follow=True)
    if not page["Content-Type"].startswith("text/html"):
        return
    markup = page.content.decode()
    forms = re.findall(r'<form[^>]*method="post".*?</form>', markup, re.DOTALL)
    named = '<input type="hidden" name="account" value="1000000001">'
    assert [form for form in forms if named not in form] == []
    assert "&quot;X-Account&quot;: &quot;1000000001&quot;}" in markup


def test_a_page_of_an_account_that_the_person_lost_names_it_to_nobody(
    cast: Cast, both: Client
) -> None:
    tab = Tab(both)
    tab.open("/numbers/")
    Membership.objects.filter(user=cast.owner, account=cast.harbor).delete()
    for answer in (tab.ask("/numbers/?q=1"), tab.send("/settings/members/", email="a@b.test")):
        assert answer.status_code == 409
        assert "You no longer have access" in words(answer)
        assert "Harbor Dental" not in words(answer)
    assert not Invitation.objects.across_accounts().exists()


def test_a_form_too_large_to_keep_leads_back_to_where_it_was_typed(
    cast: Cast, both: Client
) -> None:
    both.post("/switch/", {"account": cast.northwind.number})
    answer = Tab(both, cast.harbor.number).send(LABEL, label="x" * 30_000)
    assert "Go back in your browser to find what you typed." in words(answer)


def test_switching_back_saves_what_was_sent_from_the_page_before(cast: Cast, both: Client) -> None:
    both.post("/switch/", {"account": cast.northwind.number})
    tab = Tab(both, cast.harbor.number)
    said = words(tab.send(LABEL, label="Front desk"))
    assert "What you typed is kept for 10 minutes." in said
    tab.press("Switch back to Harbor Dental and continue")
    assert tab.shows == cast.harbor.number
    assert label_of(cast.harbor.number) == "Front desk"
    assert label_of(cast.northwind.number) == "Timbuktu"


def test_control_an_address_without_a_thing_takes_no_form_that_names_no_account(
    both: Client,
) -> None:
    assert ROWS["team:members"].own is nothing
    assert both.post("/settings/members/", {"email": "a@b.test"}).status_code == 409


def test_control_a_label_given_straight_reaches_one_account_only(cast: Cast, both: Client) -> None:
    label_number(cast.harbor, HARBOR, "Straight", by=cast.owner)
    assert label_of(cast.northwind.number) == "Timbuktu"
