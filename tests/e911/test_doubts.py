"""Every way in which an answer is lost: what the row and the page say in the end is what the
provider has, and nothing is called protected without a record.
"""

from typing import Any

import pytest

from apps.accounts import access
from apps.changes import machine, sweeps
from apps.changes.engine import tokens
from apps.changes.models import Entry
from apps.changes.states import State
from apps.copies import claims
from apps.copies.services import Outcome, look, take_in
from apps.e911 import checking, sources
from apps.e911.changes import CreateRecord, ProvisionAddress, RemoveRecord
from apps.e911.models import Record
from apps.e911.services import reading
from apps.voicetel import breaker, clock
from tests.e911.there import BARE, CORRECTED, COVERED, TYPED, ours, put_there, record_there

Standing = Record.Standing
LINES = {name: value for name, value in TYPED.items() if name != "caller_name"}
NAME = "HARBOR DENTAL"
FAULTS = {
    "drop_before": {},
    "drop_after": {},
    "cut_body": {},
    "html_after": {},
    "status_after": {"status": 502},
}
OPERATION = {
    "provision": "e911ProvisionAddress",
    "create": "e911Create",
    "remove": "e911RecordDelete",
}


@pytest.fixture(autouse=True)
def _here_and_now(changes: Any) -> None:
    """A change is sent as it is pressed."""


@pytest.fixture
def press(harbor, cast):
    def pressed(change):
        return machine.submit(change, by=cast.owner, token=tokens.mint())

    return pressed


@pytest.fixture
def provision(harbor):
    def made(number, name=NAME):
        address = checking.check(harbor, LINES)
        return ProvisionAddress(
            harbor, number, caller_name=name, place=CORRECTED, address_id=address.provider_id
        )

    return made


def made(harbor, provision, what):
    if what == "provision":
        return provision(BARE)
    if what == "create":
        return CreateRecord(harbor, BARE, caller_name=NAME, place=LINES)
    return RemoveRecord(harbor, COVERED)


def later(sandbox, seconds=600):
    breaker.forget()
    clock.advance(seconds)
    sandbox.advance(seconds)
    sweeps.send_due()
    sweeps.settle_due()
    reading.read_due()


def agrees(harbor, number):
    """Whether ours says what the provider has."""
    row, there = ours(harbor, number), record_there(number)
    if row.standing == Standing.PROTECTED:
        return there is not None and there["address1"] == row.address1
    return there is None


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("what", OPERATION)
def test_whatever_is_lost_the_page_ends_with_what_is_there(
    harbor, sandbox, press, provision, what, kind
):
    change = made(harbor, provision, what)
    sandbox.fault(OPERATION[what], kind, **FAULTS[kind])
    entry = press(change)
    for _ in range(8):
        later(sandbox)
    entry.refresh_from_db()
    lost_for_good = (what, kind) == ("create", "drop_before")
    assert entry.state == (State.ABSENT if lost_for_good else State.DONE)
    assert sandbox.count(OPERATION[what]) <= 2
    if what == "create":
        assert sandbox.count(OPERATION[what]) == 1
    assert agrees(harbor, change.subject)


@pytest.mark.parametrize("status", [404, 409, 502])
def test_a_wrong_answer_of_the_record_never_makes_it_protected(
    harbor, sandbox, press, provision, status
):
    sandbox.refuse("e911QueryRecord", status, times=None)
    press(provision(BARE))
    reading.read_due()
    assert ours(harbor, BARE).standing == Standing.SAID
    assert ours(harbor, BARE).read_due_at is None
    clock.advance(2)
    look(harbor, sources.records)
    assert ours(harbor, BARE).standing == Standing.PROTECTED


def test_a_401_of_the_record_is_not_on_account_and_no_dead_key(harbor, sandbox, press, provision):
    sandbox.refuse("e911QueryRecord", 401, times=None, message="Number not on account")
    press(provision(BARE))
    reading.read_due()
    harbor.refresh_from_db()
    assert harbor.connected
    assert sandbox.count("gatewaysList") == 0
    assert ours(harbor, BARE).standing == Standing.SAID


def test_what_is_read_back_otherwise_stands_beside_what_was_asked_for(
    harbor, manager, sandbox, press, provision
):
    press(provision(BARE))
    put_there(BARE, name="SOMEONE ELSE")
    reading.read_due()
    row = ours(harbor, BARE)
    assert (row.caller_name, row.wished["caller_name"]) == ("SOMEONE ELSE", NAME)
    page = manager.get(f"/e911/{BARE}/").content.decode()
    assert "Protected, but not as you asked" in page
    assert "1 OTHER ST" in page
    assert "88 RIVER ST" in page


def test_an_address_changed_elsewhere_meanwhile_asks_a_person(harbor, sandbox, press, provision):
    sandbox.fault("e911ProvisionAddress", "drop_before")
    entry = press(provision(COVERED))
    put_there(COVERED)
    later(sandbox)
    entry.refresh_from_db()
    assert entry.state == State.ASK
    assert "1 OTHER ST" in entry.shows
    assert sandbox.count("e911ProvisionAddress") == 1


def test_a_wrong_empty_list_proves_no_removal(harbor, sandbox, press):
    sandbox.fault("e911RecordDelete", "drop_before")
    sandbox.refuse("e911QueryRecord", 409, times=1)
    sandbox.refuse("e911QueryAll", 404, times=1)
    entry = press(RemoveRecord(harbor, COVERED))
    entry.refresh_from_db()
    assert entry.state == State.DOUBT
    later(sandbox)
    later(sandbox)
    entry.refresh_from_db()
    assert entry.state == State.DONE
    assert record_there(COVERED) is None


@pytest.mark.parametrize("wrong", [404, 409, 502])
def test_one_wrong_answer_to_the_whole_list_takes_no_record_away(harbor, sandbox, wrong):
    sandbox.refuse("e911QueryAll", wrong)
    look(harbor, sources.records)
    rows = Record.objects.of(harbor)
    assert rows.filter(standing=Standing.PROTECTED).count() == 20


def test_a_list_asked_for_before_a_change_spares_its_number(harbor, sandbox, press, provision):
    asked = clock.now()
    told = sources.ask(access.client_for(harbor))
    clock.advance(1)
    press(provision(BARE))
    token = claims.claim(harbor, sources.records.name, asked)
    assert take_in(harbor, sources.records, token, asked, told) == Outcome.TAKEN
    assert ours(harbor, BARE).standing == Standing.SAID


def test_a_declined_change_quotes_voicetel_and_leaves_the_record(harbor, sandbox, press, provision):
    sandbox.refuse("e911ProvisionAddress", 409, message="Failed: unknown addressid")
    entry = press(provision(COVERED))
    entry.refresh_from_db()
    assert (entry.state, entry.said) == (State.REFUSED, "Failed: unknown addressid")
    assert ours(harbor, COVERED).standing == Standing.PROTECTED


def test_an_undo_brings_the_old_address_back_by_the_id_of_the_book(
    harbor, sandbox, press, provision
):
    press(provision(BARE))
    reading.read_due()
    clock.advance(61)
    put_there(BARE, name="SECOND", **CORRECTED)
    look(harbor, sources.records)
    entry = press(RemoveRecord(harbor, BARE))
    undo = RemoveRecord(harbor, BARE).undo(Entry.objects.of(harbor).get(pk=entry.pk).was)
    assert isinstance(undo, ProvisionAddress)
    assert undo.caller_name == "SECOND"
