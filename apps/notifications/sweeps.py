"""Mailing what people are told, and forgetting it (portal/schedule.py)."""

import logging
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q

from apps.notifications import selectors
from apps.notifications.kinds import kind_of, words
from apps.notifications.mail import compose
from apps.notifications.models import Notice
from apps.running.work import SECONDS, work_off
from apps.voicetel import clock

log = logging.getLogger(__name__)

BATCH = 50
# after each try; then the bell alone has it
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 360, 360))
KEPT_READ, KEPT = timedelta(days=90), timedelta(days=365)

ALWAYS = "We always email notifications like this one."
CHOSEN = "You can also read this in the portal. Choose which notifications we email"


def send_mails(*, everything: bool = False) -> None:
    """Mail what is due, each once. `everything`: also what waits after a failure."""
    due = Q(mail_due_at__isnull=False) if everything else Q(mail_due_at__lte=clock.about_now())
    notices = Notice.objects.across_people().filter(due).select_related("user")
    work_off(notices.order_by("mail_due_at", "pk")[:BATCH], _claim_and_mail, SECONDS, log)


def _claim_and_mail(notice: Notice) -> None:
    if claim(notice):
        _mail(notice)


def claim(notice: Notice) -> bool:
    """Take one for sending: pushed on before the work, so of two sweeps one sends it, and a bad one
    stops nobody.
    """
    pause = PAUSES[min(notice.tries, len(PAUSES) - 1)]
    mine = Notice.objects.across_people().filter(pk=notice.pk, mail_due_at=notice.mail_due_at)
    return mine.update(mail_due_at=clock.about_now() + pause, tries=F("tries") + 1) == 1


def forget() -> None:
    """Drop what was read long ago, and in the end all."""
    now = clock.about_now()
    Notice.objects.across_people().filter(
        Q(read_at__lt=now - KEPT_READ) | Q(at__lt=now - KEPT)
    ).delete()


def _mail(notice: Notice) -> None:
    """Send one that is claimed, if its mail is still wanted. Raises when another try follows."""
    sent: dict[str, datetime] = {}
    try:
        if notice.tries >= len(PAUSES):
            raise TimeoutError("the process of the last try was killed")
        if selectors.is_mailed(notice):
            _compose(notice).send()
            sent = {"mailed_at": clock.about_now()}
    except Exception:
        if notice.tries + 1 < len(PAUSES):
            raise
        log.exception("notice %s is given up by mail; the bell has it", notice.pk)
    Notice.objects.across_people().filter(pk=notice.pk).update(mail_due_at=None, **sent)


def _compose(notice: Notice) -> EmailMultiAlternatives:
    """Its link: what is of an account leads by way of the notice, as the person may be at work on
    another one.
    """
    kind, said = kind_of(notice.kind), words(notice.kind, notice.facts)
    path = selectors.open_path(notice.pk) if notice.account_id else said.path
    why, choose = (ALWAYS, "") if kind.locked else (CHOSEN, selectors.CHOICES)
    return compose(
        notice.user.email,
        said.subject,
        said.paragraphs,
        path,
        kind.label,
        why=why,
        choose=choose,
        ident=f"notice:{notice.pk}",
    )
