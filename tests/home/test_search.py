"""The search box: numbers, changes and pages that this person can open."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Account, Membership, User
from apps.copies.services import look
from apps.home import search
from apps.numbers import sources
from tests.cast import Cast
from tests.pages import flat

Browser = Callable[[User], Client]
NUMBER = "2015550110"


@pytest.fixture
def harbor(sandbox: Any, cast: Cast) -> Account:
    look(cast.harbor, sources.numbers)
    return cast.harbor


@pytest.mark.parametrize(
    "typed", [NUMBER, "(201) 555-0110", "1-201-555-0110", "+1 201 555 0110", "201.555.0110"]
)
def test_a_whole_number_is_opened_at_once(
    harbor: Account, cast: Cast, sign_in: Browser, typed: str
) -> None:
    answer = sign_in(cast.viewer).get("/search/", {"q": typed})
    assert (answer.status_code, answer["Location"]) == (303, f"/numbers/{NUMBER}/")


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("sec", "/settings/security/"),
        ("two-step", "/settings/security/"),
        ("balance", "/billing/"),
        ("history", "/settings/audit/"),
        ("api key", "/settings/keys/"),
    ],
)
def test_a_page_is_found_by_its_name_and_by_other_words_for_it(
    harbor: Account, cast: Cast, sign_in: Browser, typed: str, page: str
) -> None:
    shown = sign_in(cast.viewer).get("/search/", {"q": typed}).content.decode()
    assert f'<a href="{page}"' in flat(shown)


def test_a_page_for_owners_is_found_by_owners_alone(
    harbor: Account, cast: Cast, sign_in: Browser
) -> None:
    for person, found in ((cast.owner, True), (cast.viewer, False)):
        shown = flat(sign_in(person).get("/search/?q=invite").content.decode())
        assert ('<a href="/settings/members/"' in shown) is found


def test_the_box_is_answered_with_links_alone_and_a_sentence_for_the_live_region(
    harbor: Account, cast: Cast, sign_in: Browser
) -> None:
    browser = sign_in(cast.viewer)
    asked = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "jump-list"}
    part = flat(browser.get("/search/?q=555-01", **asked).content.decode())
    assert part.count('class="menu-item"') == search.MOST
    assert f'<p id="say" hx-swap-oob="innerHTML">{search.MOST} results</p>' in part
    assert "No results" in browser.get("/search/?q=zzzz", **asked).content.decode()


def test_another_accounts_number_is_not_found(
    harbor: Account, cast: Cast, sign_in: Browser
) -> None:
    page = sign_in(cast.stranger).get("/search/", {"q": NUMBER})
    assert page.status_code == 200
    assert f"/numbers/{NUMBER}/" not in page.content.decode()


def test_a_search_costs_a_fixed_number_of_queries_whatever_it_finds(
    harbor: Account, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    viewer = Membership.objects.get(user=cast.viewer)
    for typed in ("555", "sec", "zzzz"):
        with django_assert_max_num_queries(9):
            search.find(harbor, viewer, typed)
    with django_assert_max_num_queries(0):
        assert search.find(harbor, viewer, "  ") == []
