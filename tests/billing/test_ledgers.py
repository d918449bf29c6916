"""Payments and credits: our copies of VoiceTel's two lists, with their age."""

from datetime import timedelta

import pytest

from apps.billing import sources
from apps.billing.models import Credit, Payment
from apps.copies.services import Outcome, look
from apps.sandbox.models import Payment as Theirs
from apps.voicetel import clock
from tests.pages import words

LISTS = {"payments": (sources.payments, Payment), "credits": (sources.credits, Credit)}


@pytest.fixture
def harbor(cast, sandbox):
    for source, _ in LISTS.values():
        assert look(cast.harbor, source) == Outcome.TAKEN
    return cast.harbor


@pytest.mark.parametrize("name", LISTS)
def test_every_row_is_kept_and_shown_newest_first(harbor, cast, sign_in, name):
    _, model = LISTS[name]
    assert model.objects.of(harbor).count() == 6
    page = sign_in(cast.viewer).get(f"/billing/{name}/")
    assert words(page).count("$100.00") == 6
    assert "Updated" in words(page)
    shown = [row.at for row in page.context["listing"].rows]
    kept = model.objects.of(harbor).values_list("at", flat=True)
    assert shown == sorted(kept, reverse=True)


def test_two_payments_that_say_the_same_are_two(harbor, sandbox):
    first = Theirs.objects.filter(account="1000000001").first()
    for _ in range(2):
        Theirs.objects.create(
            account=first.account, at=first.at, amount=first.amount, transaction="same"
        )
    look(harbor, sources.payments)
    assert Payment.objects.of(harbor).filter(transaction="same").count() == 2
    assert look(harbor, sources.payments) == Outcome.TAKEN
    assert Payment.objects.of(harbor).count() == 8


def test_a_payment_that_is_reversed_changes_its_row(harbor, cast, sandbox, sign_in):
    Theirs.objects.filter(account="1000000001").update(status="Reversed")
    clock.advance(3600)
    look(harbor, sources.payments)
    assert Payment.objects.of(harbor).count() == 6
    assert words(sign_in(cast.viewer).get("/billing/payments/")).count("Reversed") == 6


def test_credits_can_be_filtered_by_whether_they_are_paid(cast, sandbox, sign_in):
    look(cast.northwind, sources.credits)
    browser = sign_in(cast.stranger)
    unpaid = words(browser.get("/billing/credits/?paid=no"))
    assert "1 of 6 credits" in unpaid
    assert "$1,500.00" in unpaid


@pytest.mark.parametrize("name", LISTS)
def test_the_page_waits_for_nothing_and_says_what_it_waits_for(
    cast, sandbox, sign_in, messages, name
):
    calls = sandbox.count()
    page = sign_in(cast.viewer).get(f"/billing/{name}/")
    assert page.status_code == 200
    assert f"Loading your {name}" in words(page)
    assert f"No {name} yet" not in words(page)
    assert sandbox.count() == calls


def test_a_copy_is_asked_for_when_it_is_an_hour_old(harbor, cast, sign_in, messages):
    browser = sign_in(cast.viewer)
    browser.get("/billing/payments/")
    assert messages == []
    clock.advance(timedelta(hours=1, seconds=5).total_seconds())
    browser.get("/billing/payments/")
    assert [name for name, *_ in messages] == ["copies.refresh"]


def test_another_account_sees_none_of_it(harbor, cast, sandbox, sign_in):
    look(cast.northwind, sources.payments)
    page = words(sign_in(cast.stranger).get("/billing/payments/"))
    assert "$1,500.00" in page
    assert "$100.00" not in page


@pytest.mark.parametrize("name", LISTS)
def test_the_list_is_exported_as_shown(harbor, cast, sign_in, name):
    answer = sign_in(cast.viewer).get(f"/billing/{name}/export.csv")
    lines = b"".join(answer.streaming_content).decode().strip().splitlines()
    assert len(lines) == 7
    assert "$100.00" in lines[1]
