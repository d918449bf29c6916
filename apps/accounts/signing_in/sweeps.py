"""What is due behind the pages (portal/schedule.py). Each pushes a row on before it tries it, so a
bad one stops nobody.

`everything`: also what is not due yet (`manage.py tick --all`).
"""

import logging

from django.urls import reverse
from django.utils import timezone

from apps.accounts import access, outbox
from apps.accounts.models import Attempt, RecoveryAsk, Session
from apps.accounts.signing_in import people, services, throttle
from apps.audit.services import record
from apps.notifications.mail import compose
from apps.voicetel import clock
from apps.voicetel.client import Absent, NotSent, RateLimited, VoiceTelError

# of the recovery mail
SUBJECT = "Reset your VoiceTel portal password"
PARAGRAPHS = (
    "Someone asked to reset your VoiceTel portal password. If it was you, set a new one within 2"
    " hours. The link works once.",
    "If it wasn't you, ignore this email; nothing has changed.",
)

log = logging.getLogger(__name__)


def send_recoveries(*, everything: bool = False) -> None:
    """Links for new passwords. Behind the page, so that its time does not tell who is known."""
    outbox.send_due(RecoveryAsk, _send_recovery, everything=everything)


def _send_recovery(ask: RecoveryAsk) -> None:
    if ask.voicetel:
        _ask_voicetel(ask)
        return
    user = people.find_person(ask.typed)
    if user is None or not user.is_active:
        return
    try:
        counted = throttle.take_letter(user, ask.known)
    except throttle.Throttled:
        return  # they have one that works
    path = reverse("account_reset_password_from_key", args=[services.recovery_token(user)])
    try:
        compose(user.email, SUBJECT, PARAGRAPHS, path, "Reset password").send()
    except Exception:
        throttle.give_back(counted)
        raise
    record(user, None, "recovery_asked")


def _ask_voicetel(ask: RecoveryAsk) -> None:
    """`accountRecovery`, once. Raises what means that nothing was sent: then it's tried again.

    An address that VoiceTel doesn't know gets no mail, and nobody is told. A lost answer ends it
    too: a second call could send a second email, and the person may ask again.
    """
    try:
        access.public_client().account.recover(ask.typed)
    except (NotSent, RateLimited):
        raise
    except Absent:
        return
    except VoiceTelError as lost:
        log.warning("VoiceTel's password recovery %s: %s", ask.pk, lost)


def forget() -> None:
    """Drop what counts no more: attempts of the throttle and ended sessions."""
    Attempt.objects.filter(until__lt=clock.about_now()).delete()
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
