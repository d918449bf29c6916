"""Letters and links for a new password leave once each, and a mail server that is away
loses none.
"""

import smtplib
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.mail.backends import locmem
from django.db import connection

from apps.accounts import outbox
from apps.accounts.arriving import letters
from apps.accounts.models import ConnectLink, Invitation, Letter, RecoveryAsk
from apps.accounts.roles import Role
from apps.accounts.signing_in import sweeps
from apps.voicetel import clock


class Away(locmem.EmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("nobody there")


@pytest.fixture
def away(settings):
    """The mail server is away; away(False) brings it back."""

    def be(gone: bool = True) -> None:
        settings.EMAIL_BACKEND = (
            f"{__name__}.Away" if gone else "django.core.mail.backends.locmem.EmailBackend"
        )

    be()
    return be


def pass_time(hours: float) -> None:
    clock.advance(timedelta(hours=hours).total_seconds())


def test_a_weekend_without_a_mail_server_loses_no_letter(cast, away, mailoutbox):
    letters.write("connect_link", "new@person.test")
    RecoveryAsk.objects.create(typed="owner@harbor.test")
    for _ in range(60):
        letters.send_letters()
        sweeps.send_recoveries()
        pass_time(1)
    assert not mailoutbox
    away(False)
    pass_time(6)
    letters.send_letters()
    sweeps.send_recoveries()
    assert sorted(mail.to[0] for mail in mailoutbox) == ["new@person.test", "owner@harbor.test"]
    assert not Letter.objects.exists()
    assert not RecoveryAsk.objects.exists()


def test_a_letter_that_never_leaves_is_given_up_in_the_end(db, away):
    letters.write("connect_link", "new@person.test")
    for _ in range(len(outbox.PAUSES)):
        assert Letter.objects.exists()
        letters.send_letters(everything=True)
    assert not Letter.objects.exists()


def test_a_sweep_ends_before_its_lease_however_slow_the_mail_server_is(db, mailoutbox, monkeypatch):
    monkeypatch.setattr(outbox, "SECONDS", -1.0)
    letters.write("connect_link", "new@person.test")
    letters.send_letters()
    assert not mailoutbox
    assert Letter.objects.get().tries == 0


def test_the_last_of_a_slow_sweep_is_not_due_again_before_its_own_pause_is_over(
    db, mailoutbox, monkeypatch
):
    for n in range(3):
        letters.write("connect_link", f"new{n}@person.test")
    send, times = locmem.EmailBackend.send_messages, iter(range(100))

    def slow(self, messages):
        pass_time(1 / 30)  # two minutes each, six in all: longer than the first pause
        if next(times) == 2:
            letters.send_letters()  # another sweep, beside the first
        return send(self, messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", slow)
    letters.send_letters()
    assert [mail.to[0] for mail in mailoutbox] == [
        "new0@person.test",
        "new1@person.test",
        "new2@person.test",
    ]


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_send_each_letter_once(mailoutbox):
    for n in range(20):
        letters.write("connect_link", f"new{n}@person.test")
    start = Barrier(2)

    def sweep() -> None:
        start.wait()
        letters.send_letters()
        connection.close()

    threads = [Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(
        f"new{n}@person.test" for n in range(20)
    )
    assert ConnectLink.objects.count() == 20


def test_the_page_says_so_while_an_invitation_s_mail_has_not_left(cast, away, sign_in):
    row = Invitation.objects.of(cast.harbor).create(
        account=cast.harbor,
        email="friend@person.test",
        role=Role.VIEWER,
        invited_at=clock.now(),
        expires_at=clock.now() + timedelta(hours=72),
    )
    letters.write(
        "invitation", row.email, invitation=row.pk, by="owner", account="Harbor", role="viewer"
    )
    owner = sign_in(cast.owner)
    letters.send_letters()
    assert "The mail has not left yet." in owner.get("/settings/members/").content.decode()
    away(False)
    letters.send_letters(everything=True)
    page = owner.get("/settings/members/").content.decode()
    assert "The mail has not left yet." not in page
    assert "The link works until" in page
