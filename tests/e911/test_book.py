"""The address book: what is checked comes in, what is in use can be taken in, and people say that
an address is still right.
"""

from datetime import timedelta

import pytest

from apps.audit.models import Event
from apps.copies.services import look
from apps.e911 import sources
from apps.e911.models import Address, Record
from apps.voicetel import clock
from tests.e911.there import BARE, COVERED, ours, put_there, record_there, typed
from tests.pages import words

ACCOUNT = {"account": "1000000001"}


@pytest.fixture(autouse=True)
def _here_and_now(changes):
    """A change is sent within its POST."""


def add(client, number=COVERED):
    return client.post("/e911/addresses/add/", {"number": number, **ACCOUNT})


def test_an_address_in_use_is_taken_into_the_book_and_nothing_changes_there(
    harbor, manager, sandbox
):
    was = record_there(COVERED)
    page = words(manager.get("/e911/addresses/"))
    assert "In use, but not in your book yet" in page
    assert "20 numbers" in page
    assert add(manager).status_code == 303
    page = words(manager.get("/e911/addresses/"))
    assert "In use, but not in your book yet" not in page
    assert "411 HACKENSACK AVE, STE 200, HACKENSACK, NJ 07601 20" in page
    assert record_there(COVERED) == was


def test_an_address_that_voicetel_declines_stays_out_with_its_words(harbor, manager, sandbox):
    sandbox.refuse("e911Validate", 409, message="Address validation failed")
    answer = add(manager)
    assert answer.status_code == 422
    assert "Address validation failed" in words(answer)
    assert Address.objects.of(harbor).count() == 0


def test_a_number_is_protected_with_an_address_of_the_book(harbor, manager):
    add(manager)
    entry = Address.objects.of(harbor).get()
    assert "Protect (973) 555-0150" in words(manager.get(f"/e911/{BARE}/?address={entry.pk}"))
    manager.post(f"/e911/{BARE}/protect/", typed(address=entry.pk, caller_name="HARBOR DENTAL"))
    assert record_there(BARE) == record_there(COVERED)


def test_a_form_can_begin_with_the_address_of_another_number(harbor, manager):
    page = manager.get(f"/e911/{BARE}/?like={COVERED}").content.decode()
    assert 'value="411 HACKENSACK AVE"' in page


def test_a_number_of_another_account_fills_nothing_in(harbor, manager, cast):
    Record.objects.of(cast.northwind).create(
        account=cast.northwind, number="3125550100", address1="9 SECRET ST", told_at=clock.now()
    )
    page = words(manager.get(f"/e911/{BARE}/?like=3125550100"))
    assert "Check address" in page
    assert "SECRET" not in page
    assert add(manager, "3125550100").status_code == 404


def test_a_label_is_kept_here_and_recorded(harbor, manager):
    add(manager)
    entry = Address.objects.of(harbor).get()
    manager.post(f"/e911/addresses/{entry.pk}/", {"label": "Main office"})
    assert "Main office" in words(manager.get("/e911/addresses/"))
    assert Event.objects.of(harbor).get(action="e911_address_named").facts["after"] == "Main office"
    too_long = manager.post(f"/e911/addresses/{entry.pk}/", {"label": "x" * 61})
    assert too_long.status_code == 422


def test_a_review_is_of_one_number_or_of_all_at_the_address(harbor, manager, cast):
    manager.post(f"/e911/{COVERED}/review/", {})
    rows = Record.objects.of(harbor)
    assert rows.filter(confirmed_at__isnull=False).count() == 1
    assert ours(harbor, COVERED).confirmed_by == cast.manager.with_address
    manager.post(f"/e911/{COVERED}/review/", {"all": "1"})
    assert rows.filter(confirmed_at__isnull=False).count() == 20
    assert Event.objects.of(harbor).filter(action="e911_reviewed").count() == 2
    assert "20 of 24 numbers" in words(manager.get("/e911/?reviewed=yes"))
    rows.update(confirmed_at=clock.now() - timedelta(days=366))
    assert "20 of 24 numbers" in words(manager.get("/e911/?reviewed=no"))


def test_an_address_that_changed_elsewhere_is_not_confirmed_any_more(harbor, manager):
    manager.post(f"/e911/{COVERED}/review/", {"all": "1"})
    put_there(COVERED)
    clock.advance(5)
    look(harbor, sources.records)
    assert ours(harbor, COVERED).confirmed_at is None
    assert ours(harbor, "2015550111").confirmed_at is not None


@pytest.mark.parametrize("known", [True, False])
def test_whoever_sets_an_address_has_confirmed_it(harbor, manager, cast, known):
    if not known:
        Record.objects.of(harbor).filter(number=BARE).delete()
    manager.post(f"/e911/{BARE}/create/", typed())
    assert cast.manager.email in ours(harbor, BARE).confirmed_by


def test_the_book_costs_a_fixed_number_of_queries(
    harbor, manager, viewer, django_assert_max_num_queries
):
    add(manager)
    with django_assert_max_num_queries(10):
        viewer.get("/e911/addresses/")
    lines = b"".join(viewer.get("/e911/addresses/export.csv")).decode().splitlines()
    assert len(lines) == 2
    assert "411 HACKENSACK AVE" in lines[1]
