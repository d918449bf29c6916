"""What is due behind the pages (portal/schedule.py). Each pushes a row on before it tries it, so a bad one stops nobody.

`everything`: also what is not due yet (`manage.py tick --all`).
"""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from apps.accounts import access, keys, people, profiles, services, throttle
from apps.accounts.models import Account, Attempt, KeyExchange, Profile, RecoveryAsk, Session
from apps.audit.services import record
from apps.voicetel import clock
from apps.voicetel.client import BudgetSpent, NotSent, RateLimited, Unauthorized, VoiceTelError

log = logging.getLogger(__name__)

SECONDS = 50  # a sweep ends before the next begins
AT_ONCE = 50
PAUSE = timedelta(minutes=5)
MAILED_TRIES = 5


def exchange_keys(*, everything: bool = False) -> None:
    """Owners who reconnect: first in line for the hour. Wishes older than a day end, and their secret is erased."""
    until, now = time.monotonic() + SECONDS, clock.now()
    waiting = KeyExchange.objects.across_accounts().filter(state=KeyExchange.State.WAITING).select_related("account", "asked_by")
    for wish in waiting.filter(expires_at__lte=now):
        keys.settle(wish, KeyExchange.State.EXPIRED, "It could not be tried within a day, and what you typed was erased.")
    due = waiting if everything else waiting.filter(due_at__lte=now)
    for wish in due.order_by("asked_at", "pk")[:AT_ONCE]:
        if time.monotonic() > until or not keys.claim(wish, now):
            continue
        try:
            if not keys.attempt(wish):
                return
        except Exception:
            log.exception("key exchange %s failed", wish.pk)
            keys.failed(wish)


def read_profiles(*, everything: bool = False) -> None:
    """`accountGet` for who is due: those that somebody looks at, then the oldest; as many as the hour allows."""
    until, now = time.monotonic() + SECONDS, clock.now()
    for account in Account.objects.filter(key_state=Account.Key.LIVE, profile=None)[:AT_ONCE]:
        Profile.objects.get_or_create(account=account, defaults={"due_at": now})
    connected = Profile.objects.filter(account__key_state=Account.Key.LIVE).select_related("account")
    due = connected if everything else connected.filter(due_at__lte=now)
    for profile in due.order_by(F("wanted_at").asc(nulls_last=True), F("read_at").asc(nulls_first=True), "pk")[:AT_ONCE]:
        pushed = Profile.objects.filter(pk=profile.pk, due_at=profile.due_at).update(due_at=now + PAUSE, tries=F("tries") + 1)
        if time.monotonic() > until or not pushed:
            continue
        try:
            _read_profile(profile)
        except (BudgetSpent, RateLimited):
            Profile.objects.filter(pk=profile.pk).update(due_at=profile.due_at, tries=profile.tries)  # it was not its fault
            return
        except NotSent:
            return
        except VoiceTelError as lost:
            log.warning("profile of account %s was not read: %s", profile.account_id, lost)
        except Exception:
            log.exception("profile of account %s was not read", profile.account_id)


def _read_profile(profile: Profile) -> None:
    account = profile.account
    try:
        answer = access.client_for(account, lane="looking" if profile.wanted_at else "behind").account.get()
    except Unauthorized:
        access.confirm_dead(account)
        return
    if not profiles.write(account, answer):
        log.error("the key of account %s answers for another account", account.pk)


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
