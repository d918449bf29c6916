"""The first page: what needs this person, in order, and what was done last."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts import members
from apps.accounts.models import Account, Profile, User
from apps.billing.models import Charges
from apps.changes.engine.tokens import mint
from apps.changes.machine import submit
from apps.changes.models import Entry
from apps.changes.states import State
from apps.copies.models import Copy
from apps.copies.services import look
from apps.numbers import sources
from apps.numbers.changes import SetForward
from apps.numbers.services.rows import label_number
from apps.voicetel import clock
from tests.cast import Cast
from tests.pages import flat, words
from tests.worker import Worker

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
    submit(SetForward(harbor, NUMBER, to="9175550188"), by=cast.manager, token=mint())
    assert "You're all caught up." in words(page(sign_in(cast.owner)))


def test_a_new_account_is_led_through_setting_up(
    harbor: Account, cast: Cast, sign_in: Browser
) -> None:
    browser = sign_in(cast.owner)
    shown = words(page(browser))
    assert "Get started 2 of 4 done" in shown
    assert "Turn on two-step verification" in shown
    assert "No changes yet. When someone changes a number, you'll see who did it and when." in shown
    assert 'href="/numbers/?labeled=0"' in page(browser)
    assert "Invite a coworker" not in page(sign_in(cast.viewer))
    assert "Add labels" not in page(sign_in(cast.viewer))
    submit(SetForward(harbor, NUMBER, to="9175550188"), by=cast.manager, token=mint())
    assert "Get started" not in page(browser)


def test_the_last_change_is_there_with_what_it_was_and_who_made_it(
    harbor: Account, cast: Cast, sign_in: Browser
) -> None:
    entry = submit(SetForward(harbor, NUMBER, to="9175550188"), by=cast.manager, token=mint())
    label_number(harbor, NUMBER, "Front desk")
    shown = page(sign_in(cast.viewer))
    assert f'href="/changes/{entry.pk}/"' in shown
    said = "(201) 555-0110 Front desk Forwarding Not forwarded (917) 555-0188 Done Manager Harbor"
    assert said in words(shown)


def test_a_label_is_an_activity_with_its_old_and_new_words(
    harbor: Account, cast: Cast, sign_in: Browser
) -> None:
    label_number(harbor, NUMBER, "Reception", by=cast.manager)
    label_number(harbor, NUMBER, "Front desk", by=cast.manager)
    said = "(201) 555-0110 Front desk Label Reception Front desk Done Manager Harbor"
    assert said in words(page(sign_in(cast.owner)))


def test_the_activity_asks_again_only_while_a_change_moves(
    harbor: Account, cast: Cast, changes: Worker, sign_in: Browser
) -> None:
    changes.later()
    entry = submit(SetForward(harbor, NUMBER, to="9175550188"), by=cast.manager, token=mint())
    browser = sign_in(cast.viewer)
    asked = {
        "HTTP_HX_REQUEST": "true",
        "HTTP_HX_TARGET": "home-activity",
        "HTTP_HX_TRIGGER": "home-activity",
    }
    moving = browser.get("/", **asked)
    assert (moving.status_code, b'hx-trigger="every 3s"' in moving.content) == (200, True)
    assert b"<html" not in moving.content
    Entry.objects.of(harbor).filter(pk=entry.pk).update(state=State.DONE)
    settled = browser.get("/", **asked)
    assert (settled.status_code, b"hx-trigger" in settled.content) == (286, False)


@pytest.mark.parametrize(
    ("state", "action"),
    [
        (State.DOUBT, "View change"),
        (State.ASK, "Review change"),
        (State.ABSENT, "Review change"),
    ],
)
def test_what_waits_for_an_answer_comes_with_its_action(
    state: State, action: str, harbor: Account, cast: Cast, sign_in: Browser
) -> None:
    entry = submit(SetForward(harbor, NUMBER, to="9175550188"), by=cast.owner, token=mint())
    Entry.objects.of(harbor).filter(pk=entry.pk).update(state=state)
    assert action in page(sign_in(cast.owner))


def test_a_dead_connection_is_said_by_the_banner_alone(
    harbor: Account, cast: Cast, sign_in: Browser
) -> None:
    Account.objects.filter(pk=harbor.pk).update(key_state=Account.Key.DEAD)
    Copy.objects.of(harbor).update(failed="VoiceTel no longer accepts the account's connection.")
    for person in (cast.owner, cast.viewer):
        shown = page(sign_in(person))
        assert shown.count('class="banner') == 1
        assert "no longer accepts" not in shown
        assert "Loading" not in shown


def test_nothing_of_another_account_is_there(harbor: Account, cast: Cast, sign_in: Browser) -> None:
    submit(SetForward(harbor, NUMBER, to="9175550188"), by=cast.owner, token=mint())
    shown = page(sign_in(cast.stranger))
    assert "555-0188" not in shown
    assert "Harbor" not in shown
    assert "Northwind" in shown


def test_the_page_costs_a_fixed_number_of_queries(
    harbor: Account, cast: Cast, sign_in: Browser, django_assert_num_queries: Any
) -> None:
    read = {"balance": 182_400_000, "read_at": clock.now()}
    Profile.objects.update_or_create(account=harbor, defaults=read)
    browser = sign_in(cast.owner)
    page(browser)
    for many in (2, 5):
        for turn in range(many):
            submit(SetForward(harbor, NUMBER, to=f"917555018{turn}"), by=cast.owner, token=mint())
        label_number(harbor, NUMBER, f"Front desk {many}", by=cast.owner)
        # session and person; copy; activity: its keys, changes, events, labels of its numbers;
        # monthly charges; who asks to join, what asks, whether a list could not be refreshed, which
        # calls go where they cost more; which numbers have no 911 address; which jobs are paused;
        # tickets and ports that wait; campaigns that stopped; whether the trunk was read
        with django_assert_num_queries(18):
            page(browser)


def test_an_owner_sees_who_asks_to_join_and_others_do_not(cast, sign_in):
    members.ask_to_join(cast.harbor, cast.stranger)
    assert (
        "Stranger (owner@northwind.test) asks to join"
        in sign_in(cast.owner).get("/").content.decode()
    )
    assert "asks to join" not in sign_in(cast.manager).get("/").content.decode()


def test_the_account_s_figures_carry_their_age_and_lead_to_their_rows(
    harbor: Account, cast: Cast, sign_in: Browser
) -> None:
    Profile.objects.update_or_create(
        account=harbor, defaults={"balance": 182_400_000, "read_at": clock.now()}
    )
    Charges.objects.of(harbor).create(account=harbor, total=12_060_000, read_at=clock.now())
    browser = sign_in(cast.viewer)
    shown = page(browser)
    assert "1000000001" in shown
    figures = flat(shown).partition('<div class="figures">')[2].partition("</section>")[0]
    for name, value, href in (
        ("Balance", "$182.40", "/billing/"),
        ("Monthly charges", "$12.06", "/billing/#billing-charges"),
        ("Numbers", "24", "/numbers/"),
    ):
        cell = figures.partition(f'<a class="figure" href="{href}">')[2].partition("</a>")[0]
        assert words(cell).startswith(f"{name} {value}"), name
        assert "just now" in cell, name


def test_a_balance_never_read_says_when_it_is_there_and_other_figures_are_left_out(
    harbor: Account, cast: Cast, sign_in: Browser
) -> None:
    browser = sign_in(cast.viewer)
    page(browser)
    assert "Balance – Ready about" in words(page(browser))
    assert "Monthly charges" not in page(browser)
