"""The first page: what needs this person, in order, and what was done last."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts import members
from apps.accounts.models import Account, User
from apps.changes.engine.tokens import mint
from apps.changes.machine import submit
from apps.changes.models import Entry
from apps.changes.states import State
from apps.copies.selectors import find_copy
from apps.copies.services import look
from apps.numbers import selectors as numbers
from apps.numbers import sources
from apps.numbers.changes import SetForward
from apps.numbers.models import NUMBERS
from tests.cast import Cast

Browser = Callable[[User], Client]
NUMBER = "2015550110"


@pytest.fixture
def harbor(sandbox: Any, cast: Cast, changes: Any) -> Account:
    look(cast.harbor, sources.numbers)
    return cast.harbor


def page(browser: Client) -> str:
    return browser.get("/").content.decode()


def test_nothing_needs_a_person_whose_account_is_well(
    harbor: Account, cast: Cast, sign_in: Browser
) -> None:
    shown = page(sign_in(cast.owner))
    assert "Nothing at the moment." in shown
    assert "24 numbers" in shown
    assert "Nobody has changed anything here yet" in shown


def test_the_last_change_stands_there_with_who_made_it(
    harbor: Account, cast: Cast, sign_in: Browser
) -> None:
    entry = submit(SetForward(harbor, NUMBER, to="9175550188"), by=cast.manager, token=mint())
    shown = page(sign_in(cast.viewer))
    assert f'href="/changes/{entry.pk}/"' in shown
    assert "Manager Harbor" in shown


@pytest.mark.parametrize(
    ("state", "action"),
    [(State.DOUBT, "Follow it"), (State.ASK, "Decide"), (State.ABSENT, "Decide")],
)
def test_what_waits_for_an_answer_comes_with_its_action(
    state: State, action: str, harbor: Account, cast: Cast, sign_in: Browser
) -> None:
    entry = submit(SetForward(harbor, NUMBER, to="9175550188"), by=cast.owner, token=mint())
    Entry.objects.of(harbor).filter(pk=entry.pk).update(state=state)
    assert action in page(sign_in(cast.owner))


def test_a_dead_key_leads_an_owner_to_mend_it_and_tells_others_whom_to_ask(
    harbor: Account, cast: Cast, sign_in: Browser
) -> None:
    Account.objects.filter(pk=harbor.pk).update(key_state=Account.Key.DEAD)
    assert "Reconnect" in page(sign_in(cast.owner))
    assert "See whom to ask" in page(sign_in(cast.viewer))


def test_nothing_of_another_account_is_there(harbor: Account, cast: Cast, sign_in: Browser) -> None:
    submit(SetForward(harbor, NUMBER, to="9175550188"), by=cast.owner, token=mint())
    shown = page(sign_in(cast.stranger))
    assert "555-0188" not in shown
    assert "Harbor" not in shown
    assert "Northwind" in shown


def test_without_an_account_the_page_says_what_to_do(cast: Cast, sign_in: Browser) -> None:
    assert "Ask an owner" in page(sign_in(cast.support))


def test_the_page_costs_a_fixed_number_of_queries(
    harbor: Account, cast: Cast, sign_in: Browser, django_assert_num_queries: Any
) -> None:
    browser = sign_in(cast.owner)
    page(browser)
    for many in (0, 5):
        for turn in range(many):
            submit(SetForward(harbor, NUMBER, to=f"917555018{turn}"), by=cast.owner, token=mint())
        # session, person, copy, who asks to join, what asks, whether it failed, last changes
        with django_assert_num_queries(7):
            page(browser)


def test_an_owner_sees_who_asks_to_join_and_others_do_not(cast, sign_in):
    members.ask_to_join(cast.harbor, cast.stranger)
    assert "owner@northwind.test asks to join." in sign_in(cast.owner).get("/").content.decode()
    assert "asks to join" not in sign_in(cast.manager).get("/").content.decode()


def test_a_person_without_an_account_is_led_to_connect_one(cast, sign_in):
    assert 'href="/connect/"' in sign_in(cast.support).get("/").content.decode()


def test_the_account_s_figures_carry_their_age_and_lead_to_their_rows(
    harbor: Account, cast: Cast, sign_in: Browser
) -> None:
    browser = sign_in(cast.viewer)
    shown = page(browser)
    assert "1000000001" in shown
    words, href = numbers.list_kinds(find_copy(harbor, NUMBERS))[0]
    assert f'<a href="{href}">{words}</a>' in shown
    listed = browser.get(href).content.decode()
    assert words.split()[0] in listed


def test_a_balance_never_read_is_not_shown_as_nothing(
    harbor: Account, cast: Cast, sign_in: Browser
) -> None:
    assert "Not read yet; it has its place in line." in page(sign_in(cast.viewer))
