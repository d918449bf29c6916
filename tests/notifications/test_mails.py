"""Each notice is mailed once, to whom it still concerns; what cannot be sent stops nobody and is
given up in the end.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives

from apps.accounts import members
from apps.accounts.models import Account, Membership, User
from apps.notifications import services, sweeps
from apps.notifications.models import Notice
from apps.notifications.services import tell
from apps.voicetel import clock
from tests.cast import Cast
from tests.threads import at_once


def told(user: User, kind: str = "key_dead", **facts: Any) -> Notice:
    tell(user, kind, account=facts.pop("account", None), **facts)
    return Notice.objects.across_people().filter(user=user).latest("pk")


def again(notice: Notice) -> Notice:
    return Notice.objects.across_people().get(pk=notice.pk)


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Time goes on for the sweep."""
    real, passed = clock.about_now, [timedelta()]
    monkeypatch.setattr(clock, "about_now", lambda: real() + passed[0])

    def on(**span: float) -> None:
        passed[0] += timedelta(**span)

    return on


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Addresses that the mail server does not take."""
    refused: list[str] = []
    real = EmailMultiAlternatives.send

    def send(self: EmailMultiAlternatives, *args: Any, **named: Any) -> int:
        if self.to[0] in refused:
            raise OSError("no route to host")
        return real(self, *args, **named)

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)
    return refused


def test_it_is_mailed_in_text_and_html_with_one_way_into_the_portal(
    cast: Cast, mailoutbox: list[Any]
) -> None:
    notice = told(cast.owner, account=cast.harbor)
    sweeps.send_mails()
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (
        ["owner@harbor.test"],
        "The connection of Harbor Dental to VoiceTel stopped working",
    )
    link = f"http://localhost:8000/notifications/{notice.pk}/open/"
    html = mail.alternatives[0][0]
    assert link in mail.body
    assert f'href="{link}"' in html
    assert "Reconnect" in mail.body
    assert "Reconnect" in html
    assert "/settings/notifications/" in mail.body  # where to switch it off
    assert again(notice).mailed_at
    assert again(notice).mail_due_at is None


def test_what_cannot_be_switched_off_says_so_and_leads_straight_on(
    cast: Cast, mailoutbox: list[Any]
) -> None:
    told(cast.owner, "security", what="Your portal password was changed", where="in Firefox")
    sweeps.send_mails()
    assert "http://localhost:8000/settings/security/" in mailoutbox[0].body
    assert "always email" in mailoutbox[0].body
    assert "/settings/notifications/" not in mailoutbox[0].body


def test_a_sweep_after_the_first_sends_nothing(cast: Cast, mailoutbox: list[Any]) -> None:
    told(cast.owner, account=cast.harbor)
    for _ in range(3):
        sweeps.send_mails(everything=True)
    assert len(mailoutbox) == 1


def two_sweeps(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty notices, and two sweeps that have both read them before either sends."""
    for n in range(50):
        tell(cast.owner, "security", what=f"Notice {n}", where="here")
    both, real = Barrier(2), sweeps.claim

    def together(notice: Notice) -> bool:
        if not both.broken:
            with suppress(BrokenBarrierError):
                both.wait(timeout=5)
            both.abort()
        return real(notice)

    monkeypatch.setattr(sweeps, "claim", together)
    at_once(lambda n: sweeps.send_mails(), 2)


@pytest.mark.slow
def test_two_sweeps_at_once_send_one_mail_each(
    transactional_db: None, cast: Cast, mailoutbox: list[Any], monkeypatch: Any
) -> None:
    two_sweeps(cast, monkeypatch)
    assert sorted(mail.subject for mail in mailoutbox) == sorted(f"Notice {n}" for n in range(50))


@pytest.mark.slow
def test_control_without_the_claim_they_send_two(
    transactional_db: None, cast: Cast, mailoutbox: list[Any], monkeypatch: Any
) -> None:
    monkeypatch.setattr(sweeps, "claim", lambda notice: True)
    two_sweeps(cast, monkeypatch)
    assert len(mailoutbox) == 100


def test_one_that_cannot_be_sent_stops_nobody_and_is_tried_again_later(
    cast: Cast, mailoutbox: list[Any], broken: list[str], pass_time: Callable[..., None]
) -> None:
    broken.append("owner@harbor.test")
    notice = told(cast.owner, account=cast.harbor)
    told(cast.manager, "connected", account=cast.harbor)
    sweeps.send_mails()
    assert [mail.to for mail in mailoutbox] == [["manager@harbor.test"]]
    broken.clear()
    sweeps.send_mails()
    assert len(mailoutbox) == 1  # not before its pause is over
    pass_time(minutes=5)
    sweeps.send_mails()
    assert [mail.to for mail in mailoutbox] == [["manager@harbor.test"], ["owner@harbor.test"]]
    assert again(notice).mailed_at


def test_after_five_tries_over_hours_it_is_given_up_and_the_bell_keeps_it(
    cast: Cast,
    mailoutbox: list[Any],
    broken: list[str],
    pass_time: Callable[..., None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken.append("owner@harbor.test")
    notice = told(cast.owner, account=cast.harbor)
    tries = []
    with caplog.at_level(logging.ERROR):
        for quarter in range(4 * 24):
            before = again(notice).tries
            sweeps.send_mails()
            if again(notice).tries > before:
                tries.append(quarter)
            pass_time(minutes=15)
    assert len(tries) == 5
    assert all(later - earlier >= 1 for earlier, later in pairwise(tries))
    assert tries[-1] > 4 * 6  # a mail server that is away for a night is waited for
    assert again(notice).mail_due_at is None
    assert again(notice).mailed_at is None
    assert sum("given up" in record.message for record in caplog.records) == 1
    broken.clear()
    sweeps.send_mails(everything=True)
    assert mailoutbox == []
    assert list(Notice.objects.of(cast.owner)) == [notice]


def test_a_mail_sent_again_after_a_kill_is_the_same_mail(
    cast: Cast, mailoutbox: list[Any], monkeypatch: Any
) -> None:
    notice = told(cast.owner, account=cast.harbor)
    told(cast.manager, "connected", account=cast.harbor)
    due = notice.mail_due_at
    sweeps.send_mails()
    # killed before it was written down
    Notice.objects.across_people().filter(pk=notice.pk).update(mail_due_at=due, mailed_at=None)
    sweeps.send_mails()
    names = {mail.to[0]: [] for mail in mailoutbox}
    for mail in mailoutbox:
        names[mail.to[0]].append(mail.message()["Message-ID"])
    mine, theirs = names["owner@harbor.test"], names["manager@harbor.test"]
    assert len(mine) == 2
    assert len(set(mine)) == 1
    assert mine[0] != theirs[0]
    assert mine[0].endswith("@localhost>")


def test_one_whose_process_died_at_each_try_is_given_up_too(
    cast: Cast, mailoutbox: list[Any], pass_time: Callable[..., None]
) -> None:
    notice = told(cast.owner, account=cast.harbor)
    for _ in range(5):
        assert sweeps.claim(again(notice))  # and then nothing: killed
        pass_time(hours=7)
    sweeps.send_mails()
    assert mailoutbox == []
    assert again(notice).mail_due_at is None


def test_a_group_that_is_switched_off_sends_no_mail_and_rings_the_bell(
    cast: Cast, mailoutbox: list[Any], sign_in: Any
) -> None:
    services.choose(cast.owner, {"connection": False})
    notice = told(cast.owner, account=cast.harbor)
    sweeps.send_mails()
    assert mailoutbox == []
    assert again(notice).mail_due_at is None
    assert "Notifications, 1 unread" in sign_in(cast.owner).get("/settings/").content.decode()
    services.choose(cast.owner, {"connection": True})
    sweeps.send_mails(everything=True)
    assert mailoutbox == []  # what was switched off then is not mailed later


def test_requests_to_join_are_mailed_whatever_was_chosen(cast: Cast, mailoutbox: list[Any]) -> None:
    services.choose(cast.owner, {"people": False, "connection": False, "changes": False})
    members.ask_to_join(cast.harbor, cast.stranger)
    members.join(cast.harbor, cast.stranger, "viewer", None)
    sweeps.send_mails()
    assert [mail.subject for mail in mailoutbox if mail.to == ["owner@harbor.test"]] == [
        "Stranger (owner@northwind.test) asks to join Harbor Dental"
    ]


def test_what_was_read_in_the_portal_is_not_mailed_unless_it_must_be(
    cast: Cast, mailoutbox: list[Any]
) -> None:
    for kind in ("key_dead", "security"):
        services.read(cast.owner, told(cast.owner, kind, what="A password", where="here").pk)
    sweeps.send_mails()
    assert [mail.subject for mail in mailoutbox] == ["A password"]


def test_who_was_removed_or_cannot_sign_in_is_mailed_nothing_of_it(
    cast: Cast, mailoutbox: list[Any]
) -> None:
    told(
        cast.manager,
        "member_joined",
        account=cast.harbor,
        person="Planted Person",
        role="viewer",
        by="Ann",
    )
    told(
        cast.billing,
        "member_joined",
        account=cast.harbor,
        person="Planted Person",
        role="viewer",
        by="Ann",
    )
    members.remove(Membership.objects.get(user=cast.manager), cast.owner)
    User.objects.filter(pk=cast.billing.pk).update(is_active=False)
    sweeps.send_mails()
    assert [mail.subject for mail in mailoutbox] == ["You no longer have access to Harbor Dental"]
    assert not any(
        "Planted" in mail.subject + mail.body + mail.alternatives[0][0] for mail in mailoutbox
    )
    assert not Notice.objects.across_people().filter(mail_due_at__isnull=False).exists()


def test_names_from_outside_break_no_header_and_are_text_in_html(
    cast: Cast, mailoutbox: list[Any]
) -> None:
    Account.objects.filter(pk=cast.harbor.pk).update(
        name='<img src="//evil.test/x">\r\nBcc: evil@evil.test'
    )
    cast.harbor.refresh_from_db()
    told(
        cast.owner,
        "member_joined",
        account=cast.harbor,
        person="<b onclick=x>\r\n\r\nhttp://evil.test {by}",
        role="viewer",
        by="Ann",
    )
    sweeps.send_mails()
    (mail,) = mailoutbox
    message = mail.message()
    assert message["Bcc"] is None
    assert mail.recipients() == ["owner@harbor.test"]
    assert "\n" not in mail.subject
    html = mail.alternatives[0][0]
    assert "<img" not in html
    assert "<b onclick" not in html
    assert "&lt;img" in html
    assert "\nBcc:" not in mail.body
    assert "\nhttp://evil.test" not in mail.body
    assert "{by}" in mail.body  # words of a person are never filled in


def test_what_was_read_is_forgotten_after_90_days_and_all_after_a_year(
    cast: Cast, pass_time: Callable[..., None]
) -> None:
    read, unread = (
        told(cast.owner, account=cast.harbor),
        told(cast.manager, "connected", account=cast.harbor),
    )
    services.read(cast.owner, read.pk)
    pass_time(days=89)
    sweeps.forget()
    assert Notice.objects.across_people().count() == 2
    pass_time(days=2)
    sweeps.forget()
    assert list(Notice.objects.across_people()) == [unread]
    pass_time(days=275)
    sweeps.forget()
    assert not Notice.objects.across_people().exists()
