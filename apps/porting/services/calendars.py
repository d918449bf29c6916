"""Calendar links: made, read and ended."""

import hashlib
import secrets
from datetime import datetime

from django.db.models import F, Q

from apps.accounts.models import Account, Membership, User
from apps.audit.services import record
from apps.porting import pace
from apps.porting.models import CalendarLink
from apps.voicetel import clock

BYTES = 16  # 128 random bits


class TooOften(Exception):
    """The link was read as often as it may be in an hour."""


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def make(account: Account, user: User) -> str:
    """A new link; ends the person's one before it. Returns its secret, which is shown once."""
    secret = secrets.token_urlsafe(BYTES)
    now = clock.about_now()
    mine = CalendarLink.objects.of(account).filter(user=user, ended_at=None)
    mine.update(ended_at=now)
    CalendarLink.objects.across_accounts().create(
        account=account, user=user, digest=digest_of(secret), made_at=now
    )
    record(user, account, "port_calendar_made")
    return secret


def end(account: Account, user: User, pk: int) -> bool:
    """End one of the person's own links. False: there is none with that key."""
    mine = CalendarLink.objects.of(account).filter(pk=pk, user=user)
    if not mine.exists():
        return False
    if mine.filter(ended_at=None).update(ended_at=clock.about_now()):
        record(user, account, "port_calendar_ended")
    return True


def open_link(secret: str) -> CalendarLink | None:
    """The link with that secret, counted as read; None for one that ended, with its membership too.

    Raises TooOften.
    """
    rows = CalendarLink.objects.across_accounts().filter(digest=digest_of(secret), ended_at=None)
    link = rows.select_related("account", "user").first()
    if link is None or not link.user.is_active:
        return None
    if not Membership.objects.filter(account=link.account_id, user=link.user_id).exists():
        return None
    if not _count(link, clock.about_now()):
        raise TooOften
    return link


def _count(link: CalendarLink, now: datetime) -> bool:
    mine = CalendarLink.objects.of(link.account_id).filter(pk=link.pk)
    over = Q(since=None) | Q(since__lte=now - pace.CALENDAR_SPAN)
    if mine.filter(over).update(since=now, reads=1, used_at=now):
        return True
    few = mine.filter(reads__lt=pace.CALENDAR_READS)
    return bool(few.update(reads=F("reads") + 1, used_at=now))
