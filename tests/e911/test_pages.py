"""A number is checked, protected, in one step too, and unprotected, as the sandbox has it then."""

import pytest

from apps.changes.models import Entry
from apps.changes.states import State
from apps.e911.models import Address, Record
from apps.e911.services import reading
from tests.e911.there import BARE, CORRECTED, COVERED, ours, record_there, typed
from tests.pages import words

Standing = Record.Standing


@pytest.fixture(autouse=True)
def _here_and_now(changes):
    """A change is sent within its POST."""


def follow(client, answer):
    assert answer.status_code == 303, words(answer)
    return words(client.get(answer["Location"]))


def test_the_list_shows_gaps_first_with_the_four_figures(harbor, viewer):
    page = words(viewer.get("/e911/"))
    assert "No address 4" in page
    assert "Protected 20" in page
    assert page.index("(973) 555-0150") < page.index("(201) 555-0110")
    assert "411 HACKENSACK AVE, STE 200, HACKENSACK, NJ 07601" in page
    shown = words(viewer.get("/e911/?standing=none"))
    assert "4 of 24 numbers" in shown
    assert "(201) 555-0110" not in shown


def test_a_checked_address_is_shown_beside_what_was_typed_and_nothing_changes_yet(
    harbor, manager, sandbox
):
    page = manager.post(f"/e911/{BARE}/check/", typed())
    assert page.status_code == 200
    assert "VoiceTel corrected" in words(page)
    assert "<del>reet</del>" in page.content.decode()
    entry = Address.objects.of(harbor).get()
    assert entry.address1 == "88 RIVER ST"
    assert entry.typed["address1"] == "88 River Street"
    assert record_there(BARE) is None
    assert sandbox.count("e911ProvisionAddress") == 0


def test_a_checked_address_protects_and_is_green_once_it_was_read_back(harbor, manager):
    manager.post(f"/e911/{BARE}/check/", typed())
    entry = Address.objects.of(harbor).get()
    answer = manager.post(
        f"/e911/{BARE}/protect/", typed(address=entry.pk, caller_name="HARBOR DENTAL")
    )
    page = follow(manager, answer)
    assert record_there(BARE) == {"caller_name": "HARBOR DENTAL", **CORRECTED}
    assert "Sent, not confirmed yet" in page
    assert "VoiceTel took the 911 address of (973) 555-0150." in page
    assert ours(harbor, BARE).standing == Standing.SAID
    assert reading.read_due() == 1
    assert ours(harbor, BARE).standing == Standing.PROTECTED
    assert "Protected As read back from VoiceTel" in words(manager.get(f"/e911/{BARE}/"))


def test_one_step_protects_and_shows_the_corrected_lines(harbor, manager):
    page = follow(manager, manager.post(f"/e911/{BARE}/create/", typed()))
    assert record_there(BARE) == {"caller_name": "Harbor Dental", **CORRECTED}
    assert "88 RIVER ST" in page
    reading.read_due()
    assert ours(harbor, BARE).standing == Standing.PROTECTED


def test_a_removal_wants_the_number_typed_and_can_be_undone(harbor, manager):
    was = record_there(COVERED)
    wrong = manager.post(f"/e911/{COVERED}/remove/", typed(typed="2015550111"))
    assert wrong.status_code == 422
    assert record_there(COVERED) == was
    answer = manager.post(f"/e911/{COVERED}/remove/", typed(typed="(201) 555-0110"))
    assert "Not protected: no 911 address" in follow(manager, answer)
    assert record_there(COVERED) is None
    entry = Entry.objects.of(harbor).get()
    manager.post(f"/changes/{entry.pk}/undo/", typed())
    assert record_there(COVERED) == was


def test_a_declined_address_is_quoted_with_what_helps_and_what_was_typed_stays(
    harbor, manager, sandbox
):
    page = manager.post(f"/e911/{BARE}/check/", typed(address1="0 Nowhere"))
    assert page.status_code == 422
    said = words(page)
    assert "Address validation failed" in said
    assert "PO box" in said
    assert 'value="0 Nowhere"' in page.content.decode()
    assert not Address.objects.of(harbor).exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("caller_name", "A" * 21, "Use 20 characters or fewer. This has 21."),
        ("caller_name", "Café", "911 centers can't show “é”"),
        ("caller_name", "", "Enter the name"),
        ("address1", "", "Enter the street address"),
        ("state", "", "Choose the state"),
        ("zip", "0703", "five digits"),
    ],
)
@pytest.mark.parametrize("way", ["check", "create"])
def test_a_field_says_what_is_wrong_and_nothing_is_sent(
    harbor, manager, sandbox, way, field, value, sentence
):
    calls = sandbox.count()
    answer = manager.post(f"/e911/{BARE}/{way}/", typed(**{field: value}))
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert sandbox.count() == calls


def test_an_address_of_another_account_cannot_be_used(harbor, manager, cast, sandbox):
    other = Address.objects.of(cast.northwind).create(
        account=cast.northwind, provider_id=1, checked_at=cast.northwind.created_at, **CORRECTED
    )
    answer = manager.post(f"/e911/{BARE}/protect/", typed(address=other.pk))
    assert answer.status_code == 404
    assert manager.get(f"/e911/{BARE}/?address={other.pk}").status_code == 404
    assert sandbox.count("e911ProvisionAddress") == 0


@pytest.mark.parametrize("path", ["", f"{BARE}/"])
def test_a_viewer_sees_and_is_offered_nothing_to_press(harbor, viewer, path):
    page = viewer.get(f"/e911/{path}").content.decode()
    assert "(973) 555-0150" in page
    assert "Check address" not in page
    assert "Add address" not in page


def test_a_list_costs_the_same_queries_however_long(harbor, viewer, django_assert_max_num_queries):
    viewer.get("/e911/")
    with django_assert_max_num_queries(14):
        viewer.get("/e911/")


def test_the_file_says_what_the_list_shows(harbor, viewer):
    lines = b"".join(viewer.get("/e911/export.csv?standing=none")).decode().splitlines()
    assert len(lines) == 5
    assert "No address" in lines[1]


def test_a_change_that_waits_shows_in_the_list(harbor, manager, changes):
    changes.later()
    manager.post(f"/e911/{BARE}/create/", typed())
    assert Entry.objects.of(harbor).get().state == State.READY
    assert "Queued" in words(manager.get("/e911/?standing=none"))
