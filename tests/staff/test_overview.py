"""Where staff begin: what waits for them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.accounts import members
from apps.accounts.models import Account, JoinRequest, Membership
from apps.accounts.roles import Role
from apps.voicetel import clock
from tests.cast import Cast
from tests.pages import words

PAGE = "/admin/"


def todo(browser: Any) -> str:
    return words(browser.get(PAGE)).partition("To do")[2]


def test_staff_land_on_what_waits_for_them_and_what_is_left_of_the_allowance(
    cast: Cast, sandbox: Any, sign_in: Any
) -> None:
    said = words(sign_in(cast.support).get(PAGE))
    assert "API allowance 6 of 6 left" in said
    assert "To do You're all caught up." in said


def test_a_connection_that_stopped_working_is_to_do(cast: Cast, sandbox: Any, sign_in: Any) -> None:
    Account.objects.filter(pk=cast.harbor.pk).update(
        key_state=Account.Key.DEAD, key_changed_at=clock.now()
    )
    said = todo(sign_in(cast.support))
    assert "Harbor Dental: VoiceTel no longer accepts its connection" in said
    assert "Open account" in said


def test_a_request_to_join_is_to_do_once_staff_may_decide_it(
    cast: Cast, sandbox: Any, sign_in: Any
) -> None:
    asked = members.ask_to_join(cast.harbor, cast.stranger)
    browser = sign_in(cast.admin)
    assert "asks to join" not in todo(browser)
    JoinRequest.objects.of(cast.harbor).filter(pk=asked.pk).update(
        asked_at=timezone.now() - timedelta(days=4)
    )
    assert "owner@northwind.test asks to join, and no owner answered" in todo(browser)
    JoinRequest.objects.of(cast.harbor).filter(pk=asked.pk).update(asked_at=timezone.now())
    Membership.objects.filter(account=cast.harbor, role=Role.OWNER).delete()
    assert "asks to join, and no owner answered" in todo(browser)


def test_an_account_s_page_shows_what_its_customer_sees_and_both_clocks(
    cast: Cast, sandbox: Any, sign_in: Any
) -> None:
    members.ask_to_join(cast.harbor, cast.stranger)
    said = words(sign_in(cast.support).get(f"/admin/accounts/{cast.harbor.number}/"))
    needs = said.partition("What the customer sees under Needs attention")[2]
    assert "asks to join" in needs.partition("Members")[0]
    assert "Account time" in said
