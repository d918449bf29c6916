"""An administrator opens an account at VoiceTel; its password comes once."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import Account, Invitation, User
from apps.accounts.roles import Role
from apps.audit.models import Event
from apps.changes import sweeps
from apps.changes.engine import tokens
from apps.changes.kit import once
from apps.changes.models import Entry
from apps.changes.states import State
from apps.sandbox.models import Account as Theirs
from tests.pages import words
from tests.staff.acting import proved

NEW = "/admin/accounts/new/"
FORM = {"number": "1000000777", "name": "Maple Clinic", "email": "owner@maple.test"}


@pytest.fixture
def admin(cast, sign_in, sandbox, settings, changes):
    settings.VOICETEL_ADMIN_KEY = sandbox.key("9000000001")
    return proved(sign_in(cast.admin), cast.admin)


def opened(browser, **fields):
    return browser.post(NEW, {"token": tokens.mint(), **FORM, **fields}, follow=True)


def latest():
    return Entry.objects.across_accounts().filter(kind="OpenAccount").latest("pk")


def password():
    return Theirs.objects.get(pk="1000000777").password


def test_it_is_open_at_voicetel_and_the_password_is_shown_to_who_pressed(admin):
    page = words(opened(admin))
    assert Theirs.objects.get(pk="1000000777").email == "owner@maple.test"
    assert password() in page
    assert latest().state == State.DONE


def test_its_owner_is_invited_and_nobody_else_can_claim_it(admin):
    opened(admin)
    account = Account.objects.get(number="1000000777")
    assert account.claimed_at is not None
    (invited,) = Invitation.objects.of(account)
    assert (invited.email, invited.role) == ("owner@maple.test", Role.OWNER)


def test_another_administrator_never_gets_the_password(admin, cast):
    opened(admin)
    other = User.objects.create(email="other@portal.test", staff=User.Staff.ADMIN)
    assert once.show(latest(), other) == {}
    assert once.show(latest(), cast.admin) == {"password": password()}


def test_an_hour_after_it_was_shown_it_is_gone(admin, cast, time_machine):
    opened(admin)
    time_machine.move_to(timezone.now() + timedelta(minutes=59), tick=True)
    assert once.show(latest(), cast.admin) == {"password": password()}
    time_machine.move_to(timezone.now() + timedelta(minutes=2), tick=True)
    assert once.show(latest(), cast.admin) == {}
    once.forget_old()
    assert latest().given is None


def test_i_have_stored_it_deletes_it_at_once(admin):
    opened(admin)
    admin.post(f"{NEW}{latest().pk}/stored/")
    assert latest().given is None
    assert password() not in words(admin.get(f"{NEW}{latest().pk}/"))


def test_the_password_is_in_no_event_mail_or_journal(admin, mailoutbox):
    opened(admin)
    shown = [event for event in Event.objects.across_accounts() if event.action == "answer_shown"]
    assert shown
    told = f"{[vars(each) for each in Event.objects.across_accounts()]} {vars(latest())}"
    assert password() not in re.sub(r"given': b'[^']*'", "", told)


def test_a_number_that_exists_is_declined_with_voicetels_words(admin):
    page = words(opened(admin, number="1000000004"))
    assert "username exists" in page
    assert latest().state == State.REFUSED


def test_a_lost_answer_is_sent_again_and_asks_when_the_account_is_there(
    admin, sandbox, time_machine
):
    sandbox.lose_answer("accountSubaccountCreate")
    opened(admin)
    assert latest().state == State.DOUBT
    time_machine.move_to(timezone.now() + timedelta(minutes=3), tick=True)
    sweeps.settle_due()
    assert latest().state == State.ASK
    assert sandbox.count("accountSubaccountCreate") == 2
    page = f"{NEW}{latest().pk}/"
    assert "VoiceTel opened the account and its password was in the answer" in words(
        admin.get(page)
    )
    admin.post(f"{page}answer/", {"answer": "happened", "token": tokens.mint()})
    assert latest().state == State.DONE


def test_a_lost_request_opens_it_at_the_second_sending(admin, sandbox, time_machine):
    sandbox.lose_request("accountSubaccountCreate")
    opened(admin)
    time_machine.move_to(timezone.now() + timedelta(minutes=3), tick=True)
    sweeps.settle_due()
    assert latest().state == State.DONE
    assert password() in words(admin.get(f"{NEW}{latest().pk}/"))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("number", "123", "An account number has ten digits."),
        ("number", "1000000001", "The portal has an account with that number already."),
        ("email", "nobody", "email"),
        ("name", "", "Enter"),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_is_sent(admin, sandbox, field, value, said):
    answer = opened(admin, **{field: value})
    assert answer.status_code == 422
    assert said.lower() in words(answer).lower()
    assert sandbox.count("accountSubaccountCreate") == 0
