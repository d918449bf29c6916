"""What an attacker uses up is not the victim's: their own browser goes on, and its emails come."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.accounts.models import RecoveryAsk
from apps.accounts.signing_in import sweeps, throttle
from apps.audit.models import Event
from apps.notifications.models import Notice
from tests.accounts.arriving.walking_in import fresh
from tests.cast import PASSWORD

NEW = "four unrelated garden words"
ENDED = "/login/?next="


def guess(client: Client, path: str, data: dict[str, str]) -> list[int]:
    """Make as many wrong tries as a session has. Returns the status of each."""
    return [client.post(path, data).status_code for _ in range(throttle.CONFIRM.most)]


DOORS = {
    "/reauthenticate/": {"password": "guess"},
    "/settings/security/password/": {"current": "guess", "password": NEW},
    "/settings/security/factor/": {"code": "000000"},
    "/settings/security/passkeys/add/": {"name": "Phone", "answer": "{}"},
}


@pytest.mark.parametrize(("path", "data"), DOORS.items())
def test_wrong_tries_in_a_stolen_session_end_it_and_leave_the_owners_browser_alone(
    cast, path, data
):
    own, stolen = fresh("owner@harbor.test"), fresh("owner@harbor.test")
    stolen.cookies.pop(throttle.COOKIE, None)
    assert set(guess(stolen, path, data)) == {422}
    assert stolen.post(path, data)["Location"].startswith(ENDED)
    assert stolen.get("/settings/")["Location"].startswith("/login/")
    changed = own.post("/settings/security/password/", {"current": PASSWORD, "password": NEW})
    assert changed.status_code == 303
    assert own.post("/reauthenticate/", {"password": NEW}).status_code == 303


def test_the_person_is_told_once_that_a_session_ended(cast, sign_in):
    stolen = sign_in(cast.owner)
    guess(stolen, "/reauthenticate/", DOORS["/reauthenticate/"])
    page = stolen.post("/reauthenticate/", {"password": PASSWORD}, follow=True)
    assert "We signed you out after too many wrong passwords" in page.content.decode()
    assert [each.kind for each in Notice.objects.of(cast.owner)] == ["session_guessed"]
    ended = Event.objects.across_accounts().filter(actor=cast.owner, action="confirm_ended")
    assert ended.count() == 1


def test_waiting_gives_a_stolen_session_no_more_guesses(cast, sign_in):
    stolen = sign_in(cast.owner)
    guess(stolen, "/reauthenticate/", DOORS["/reauthenticate/"])
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        stolen.get("/settings/")
        again = stolen.post("/reauthenticate/", {"password": PASSWORD})
    assert again["Location"].startswith("/login/")


def test_wrong_codes_of_a_signed_in_person_count_in_their_session_alone(cast, sign_in):
    stolen = sign_in(cast.admin)
    typed = {"password": PASSWORD, "code": "000000"}
    assert set(guess(stolen, "/reauthenticate/", typed)) == {422}
    assert stolen.post("/reauthenticate/", typed)["Location"].startswith(ENDED)
    other = sign_in(cast.admin)
    assert other.post("/reauthenticate/", typed).status_code == 422


def asks(times: int, client: Client, login: str, every: timedelta) -> None:
    """Ask for recovery emails again and again, each from a network of its own."""
    start = timezone.now()
    for number in range(times):
        with time_machine.travel(start + every * number, tick=False):
            client.post("/recover/", {"login": login}, REMOTE_ADDR=f"198.51.100.{number % 250}")
            sweeps.send_recoveries()


def test_strangers_cause_few_recovery_emails_a_day(cast, mailoutbox):
    asks(288, Client(), "owner@harbor.test", timedelta(minutes=5))
    late = timedelta(days=1) // throttle.LETTER_LATE.within
    assert len(mailoutbox) <= throttle.LETTERS.most + late


def test_strangers_who_used_up_the_day_leave_the_last_way_in(cast, mailoutbox):
    asks(throttle.LETTERS.most + 20, Client(), "owner@harbor.test", timedelta(minutes=6))
    mailoutbox.clear()
    later = timezone.now() + timedelta(minutes=6 * 30) + throttle.LETTER_LATE.within
    with time_machine.travel(later):
        Client().post("/recover/", {"login": "owner@harbor.test"})
        sweeps.send_recoveries()
    assert len(mailoutbox) == 1


def test_the_persons_own_browser_has_recovery_emails_of_its_own(cast, mailoutbox):
    own = Client()
    own.post("/login/", {"login": "owner@harbor.test", "password": PASSWORD})
    own.post("/logout/")
    asks(throttle.LETTERS.most + 5, Client(), "owner@harbor.test", timedelta(minutes=1))
    mailoutbox.clear()
    own.post("/recover/", {"login": "owner@harbor.test"})
    sweeps.send_recoveries()
    assert [mail.to for mail in mailoutbox] == [["owner@harbor.test"]]


def test_the_release_before_leaves_the_browser_out_of_a_request(db):
    assert RecoveryAsk.objects.create(typed="x@y.test").known == ""
