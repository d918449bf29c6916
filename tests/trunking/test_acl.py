"""The access list: read, added to, taken from; VoiceTel's list says what became of each range."""

from ipaddress import IPv4Network

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.models import Event
from apps.changes.models import Entry
from apps.changes.states import State
from apps.copies.services import Outcome, look
from apps.sandbox.models import Acl
from apps.sandbox.world import addresses
from apps.trunking import sources
from apps.trunking.models import AclEntry
from apps.voicetel import clock
from tests.pages import words
from tests.trunking.forms import listed, press, settle

PAGE = "/trunking/acl/"
THREE = {"203.0.113.10/32", "203.0.113.11/32", "192.0.2.0/24"}


@pytest.fixture(autouse=True)
def _here_and_now(changes):
    """A change is sent within its POST."""


def kept(account):
    return set(AclEntry.objects.of(account).values_list("cidr", flat=True))


def test_the_list_is_kept_and_shown_with_what_is_there(harbor, viewer):
    assert kept(harbor) == THREE == listed()
    page = words(viewer.get(PAGE))
    for cidr in THREE:
        assert cidr in page
    assert "203.0.113.10:5060" in page, "the gateway at that address"
    assert "registered device" in page
    assert "Add to access list" not in page, "a viewer changes nothing"


def test_one_wrong_404_empties_nothing(harbor, sandbox):
    sandbox.fault("aclList", "status", status=404)
    assert look(harbor, sources.access) == Outcome.FAILED
    assert kept(harbor) == THREE


def test_an_empty_list_counts_when_both_reads_agree_twice(harbor, sandbox):
    Acl.objects.filter(account="1000000001").delete()
    assert look(harbor, sources.access) == Outcome.DOUBTED
    assert kept(harbor) == THREE
    clock.advance(61)
    assert look(harbor, sources.access) == Outcome.TAKEN
    assert kept(harbor) == set()


def test_what_was_pasted_is_added(harbor, manager, sandbox):
    answer = manager.post(f"{PAGE}add/", press(text="198.51.100.24\n198.51.101.0/24 # Lakeside"))
    assert answer.status_code == 303
    assert {"198.51.100.24/32", "198.51.101.0/24"} <= listed()
    assert kept(harbor) == listed()
    assert "On the access list: 198.51.100.24/32, 198.51.101.0/24" in words(
        manager.get(answer["Location"])
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2001:db8::1", "IPv6"),
        ("pbx.example.com", "name"),
        ("10.0.0.0/8", "overlaps 10.0.0.0/8"),
        ("192.168.1.4", "overlaps 192.168.0.0/16"),
        ("203.0.113.10", "on the list already"),
        ("192.0.2.7", "covers 192.0.2.7/32 already"),
        ("198.51.100.1 198.51.100.1/32", "twice"),
        ("300.1.1.1", "255 at most"),
        ("", "Enter at least one"),
    ],
)
def test_what_cannot_be_added_is_refused_with_its_reason_and_nothing_is_sent(
    harbor, manager, sandbox, typed, sentence
):
    calls = sandbox.count()
    answer = manager.post(f"{PAGE}add/", press(text=typed))
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert typed.split()[0] in words(answer) if typed else True
    assert sandbox.count() == calls
    assert not Entry.objects.of(harbor).exists()


def test_the_good_ones_go_when_the_others_are_left_out(harbor, manager, sandbox):
    typed = "198.51.100.24, 10.0.0.1"
    assert manager.post(f"{PAGE}add/", press(text=typed)).status_code == 422
    assert listed() == THREE
    assert manager.post(f"{PAGE}add/", press(text=typed, skip="on")).status_code == 303
    assert listed() == THREE | {"198.51.100.24/32"}


def test_a_host_inside_a_network_is_asked_about(harbor, manager, sandbox):
    typed = {"text": "198.51.100.24/24"}
    page = manager.post(f"{PAGE}add/", press(**typed))
    assert "Which do you mean?" in words(page)
    assert "All of 198.51.100.0/24: 256 addresses" in words(page)
    assert listed() == THREE
    manager.post(f"{PAGE}add/", press(**typed, **{"pick-198.51.100.24/24": "one"}))
    assert listed() == THREE | {"198.51.100.24/32"}


def test_a_mask_that_is_not_taken_is_split_or_widened(harbor, manager, sandbox):
    typed = {"text": "198.51.100.8/30"}
    page = words(manager.post(f"{PAGE}add/", press(**typed)))
    assert "Exactly these 4 addresses, as 4 ranges" in page
    assert "Everything in 198.51.100.0/24: 256 addresses" in page
    manager.post(f"{PAGE}add/", press(**typed, **{"pick-198.51.100.8/30": "split"}))
    assert listed() == THREE | {f"198.51.100.{last}/32" for last in range(8, 12)}


def test_a_wide_range_is_typed_with_its_count(harbor, manager, sandbox):
    page = manager.post(f"{PAGE}add/", press(text="198.51.0.0/16"))
    assert page.status_code == 422
    assert "lets in 65,536 addresses" in words(page)
    assert listed() == THREE
    assert (
        manager.post(f"{PAGE}add/", press(text="198.51.0.0/16", typed="65,536")).status_code == 303
    )
    assert "198.51.0.0/16" in listed()


def test_a_range_that_is_there_already_counts_as_added(harbor, manager, sandbox):
    """VoiceTel says "DB Insert failed" of it; our copy was older."""
    Acl.objects.create(account="1000000001", cidr="198.51.100.24/32")
    manager.post(f"{PAGE}add/", press(text="198.51.100.24 198.51.100.25"))
    entry = Entry.objects.of(harbor).get()
    assert entry.state == State.DONE
    assert kept(harbor) == listed() == THREE | {"198.51.100.24/32", "198.51.100.25/32"}


def test_what_voicetel_declines_is_named_and_the_rest_is_kept(
    harbor, manager, sandbox, monkeypatch
):
    reserved = (*addresses.RESERVED, IPv4Network("198.51.100.9/32"))
    monkeypatch.setattr(addresses, "RESERVED", reserved)
    manager.post(f"{PAGE}add/", press(text="198.51.100.8 198.51.100.9"))
    entry = Entry.objects.of(harbor).get()
    assert entry.state == State.PARTLY
    assert {(each.subject, each.state) for each in entry.items.all()} == {
        ("198.51.100.8/32", State.DONE),
        ("198.51.100.9/32", State.REFUSED),
    }
    assert kept(harbor) == listed() == THREE | {"198.51.100.8/32"}


@pytest.mark.parametrize("fault", ["drop_before", "drop_after", "html_after", "cut_body"])
def test_a_lost_answer_ends_with_what_is_there(harbor, manager, sandbox, fault):
    sandbox.fault("aclCreate", fault)
    manager.post(f"{PAGE}add/", press(text="198.51.100.24"))
    assert settle(harbor) == {State.DONE}
    assert "198.51.100.24/32" in listed()
    assert kept(harbor) == listed()


def test_removing_says_what_stops_and_wants_it_typed(harbor, manager, sandbox):
    cidr = "192.0.2.0/24"
    page = words(manager.get(f"{PAGE}remove/?cidr={cidr}"))
    assert "This stops calls that work now" in page
    assert "Only with the password" in page
    assert manager.post(f"{PAGE}remove/", press(cidr=cidr)).status_code == 422
    assert cidr in listed()
    done = manager.post(f"{PAGE}remove/", press(cidr=cidr, typed="stop 1"))
    assert done.status_code == 303
    assert listed() == kept(harbor) == THREE - {cidr}


def test_a_removal_can_be_undone(harbor, manager, sandbox):
    manager.post(f"{PAGE}remove/", press(cidr="203.0.113.11/32", typed="stop 1"))
    assert "203.0.113.11/32" not in listed()
    entry = Entry.objects.of(harbor).get()
    manager.post(f"/changes/{entry.pk}/undo/", press())
    assert listed() == kept(harbor) == THREE


def test_a_range_that_is_gone_already_counts_as_removed(harbor, manager, sandbox):
    Acl.objects.filter(cidr="203.0.113.11/32").delete()
    manager.post(f"{PAGE}remove/", press(cidr="203.0.113.11/32", typed="stop 1"))
    assert Entry.objects.of(harbor).get().state == State.DONE
    assert kept(harbor) == listed()


def test_only_ranges_of_the_own_list_can_be_removed(harbor, manager, northwind, sandbox):
    theirs = "198.51.100.0/24"
    assert theirs in listed("1000000002")
    assert manager.get(f"{PAGE}remove/?cidr={theirs}").status_code == 404
    assert manager.post(f"{PAGE}remove/", press(cidr=theirs)).status_code == 404
    assert theirs in listed("1000000002")


def test_a_range_gets_a_note_of_our_own(harbor, manager, sandbox):
    calls = sandbox.count()
    answer = manager.post(f"{PAGE}note/", press(cidr="203.0.113.11/32", note="Old office"))
    assert answer.status_code == 303
    assert "Old office" in words(manager.get(PAGE))
    assert Event.objects.of(harbor).get(action="range_noted").facts["after"] == "Old office"
    assert sandbox.count() == calls
    look(harbor, sources.access)
    assert AclEntry.objects.of(harbor).get(cidr="203.0.113.11/32").note == "Old office"


def test_the_page_costs_the_same_queries_for_three_ranges_and_for_a_hundred(harbor, viewer):
    viewer.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        viewer.get(PAGE)
    AclEntry.objects.of(harbor).bulk_create(
        [sources.entry(harbor, f"198.51.101.{last}/32") for last in range(100)]
    )
    with CaptureQueriesContext(connection) as many:
        viewer.get(PAGE)
    assert len(many) == len(few)
