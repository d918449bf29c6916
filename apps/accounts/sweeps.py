"""What is due behind the pages (portal/schedule.py). Each pushes a row on before it tries it, so a bad one stops nobody.

`everything`: also what is not due yet (`manage.py tick --all`).
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from apps.accounts import people, services, throttle
from apps.accounts.models import Attempt, RecoveryAsk, Session
from apps.audit.services import record

log = logging.getLogger(__name__)

AT_ONCE = 50
PAUSE = timedelta(minutes=5)
MAILED_TRIES = 5


def send_recoveries(*, everything: bool = False) -> None:
    """Links for new passwords. Behind the page, so that its time does not tell who is known."""
    now = timezone.now()
    due = RecoveryAsk.objects.all() if everything else RecoveryAsk.objects.filter(due_at__lte=now)
    for ask in due.order_by("asked_at")[:AT_ONCE]:
        pushed = RecoveryAsk.objects.filter(pk=ask.pk, due_at=ask.due_at).update(due_at=now + PAUSE, tries=F("tries") + 1)
        if not pushed:
            continue
        try:
            _send_recovery(ask)
        except Exception:
            log.exception("recovery mail %s was not sent", ask.pk)
            RecoveryAsk.objects.filter(pk=ask.pk, tries__gte=MAILED_TRIES).delete()
        else:
            ask.delete()


def _send_recovery(ask: RecoveryAsk) -> None:
    user = people.find_person(ask.typed)
    if user is None or not user.is_active:
        return
    try:
        counted = throttle.take(throttle.LETTER, str(user.pk))
    except throttle.Throttled:
        return  # one lies in their mail already
    path = reverse("account_reset_password_from_key", args=[services.recovery_token(user)])
    context = {"link": settings.PORTAL_URL + path}
    mail = EmailMultiAlternatives(
        "A new password for the VoiceTel portal", render_to_string("accounts/mail/recover.txt", context), to=[user.email]
    )
    mail.attach_alternative(render_to_string("accounts/mail/recover.html", context), "text/html")
    try:
        mail.send()
    except Exception:
        throttle.give_back([counted])
        raise
    record(user, None, "recovery_asked")


def forget() -> None:
    """Drop what counts no more: attempts of the throttle, ended sessions."""
    now = timezone.now()
    Attempt.objects.filter(until__lt=now).delete()
    Session.objects.filter(expire_date__lt=now).delete()
