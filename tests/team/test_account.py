"""The account's own settings: changed at VoiceTel, told honestly, undone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import Account, Profile
from apps.changes import sweeps
from apps.changes.engine import tokens
from apps.changes.models import Entry
from apps.changes.states import State
from apps.numbers.models import Number
from apps.sandbox.models import Account as Theirs
from apps.team.account.changes import SetTimeZone
from tests.numbers.looking import FRAGMENT
from tests.pages import words

PAGE = "/settings/account/"


@pytest.fixture
def harbor(cast):
    return cast.harbor


@pytest.fixture
def manager(cast, sign_in):
    return sign_in(cast.manager)


@pytest.fixture
def viewer(cast, sign_in):
    return sign_in(cast.viewer)


@pytest.fixture(autouse=True)
def _here_and_now(changes):
    """A change is sent within its POST."""


def posted(browser, name, **fields):
    return browser.post(f"{PAGE}{name}/", {"token": tokens.mint(), **fields}, **FRAGMENT)


def theirs():
    return Theirs.objects.get(pk="1000000001")


def test_a_manager_sets_the_time_zone_at_voicetel_and_every_page_shows_it(harbor, manager, sandbox):
    answer = posted(manager, "time-zone", to="America/Denver", account=harbor.number)
    assert answer.status_code == 200
    assert theirs().zone == "America/Denver"
    assert Account.objects.get(pk=harbor.pk).zone == "America/Denver"
    assert "Mountain Time (Denver)" in words(manager.get(PAGE))


def test_the_default_caller_id_is_one_of_the_accounts_numbers(harbor, manager, sandbox):
    Number.objects.of(harbor).create(account=harbor, number="2015550111")
    answer = posted(manager, "caller-id", to="(201) 555-0111", account=harbor.number)
    assert answer.status_code == 200
    assert theirs().caller_id == "2015550111"
    assert "(201) 555-0111" in words(manager.get(PAGE))


def test_somebody_elses_number_is_refused_beside_the_field_and_nothing_is_sent(
    harbor, manager, sandbox
):
    was = theirs().caller_id
    answer = posted(manager, "caller-id", to="3125550100", account=harbor.number)
    assert answer.status_code == 422
    assert "That number isn't on this account." in words(answer)
    assert (theirs().caller_id, Entry.objects.of(harbor).count()) == (was, 0)


def test_undo_brings_the_zone_back(harbor, manager, sandbox):
    was = theirs().zone
    posted(manager, "time-zone", to="America/Denver", account=harbor.number)
    entry = Entry.objects.of(harbor).latest("pk")
    manager.post(f"/changes/{entry.pk}/undo/", {"token": tokens.mint()}, **FRAGMENT)
    assert theirs().zone == was
    assert Account.objects.get(pk=harbor.pk).zone == was


def test_a_lost_answer_is_sent_once_more_as_no_read_tells_it(
    harbor, manager, sandbox, time_machine
):
    sandbox.lose_answer("accountPut")
    posted(manager, "time-zone", to="America/Denver", account=harbor.number)
    entry = Entry.objects.of(harbor).latest("pk")
    assert entry.state == State.DOUBT
    time_machine.move_to(timezone.now() + timedelta(minutes=3), tick=True)
    sweeps.settle_due()
    entry.refresh_from_db()
    assert entry.state == State.DONE
    assert sandbox.count("accountPut") == 2
    assert Account.objects.get(pk=harbor.pk).zone == "America/Denver"


def test_an_answer_that_names_nothing_changed_is_no_success(harbor, manager, sandbox):
    change = SetTimeZone(harbor, harbor.number, to="America/Denver")
    assert change.verdict(()).state == State.REFUSED
    assert change.verdict(("timezone",)).state == State.DONE


def test_what_voicetel_keeps_is_told_with_its_age(harbor, viewer):
    Profile.objects.filter(account=harbor).delete()
    assert "VoiceTel hasn't told us yet" in words(viewer.get(PAGE))
