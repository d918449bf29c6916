"""What is due behind the pages of those who arrive (portal/schedule.py)."""

import logging
import time
from datetime import timedelta

from apps.accounts import connect
from apps.accounts.arrivals import Connection, ConnectLink, Invitation, JoinRequest, Removal
from apps.accounts.models import Membership, User
from apps.voicetel import clock

log = logging.getLogger(__name__)

SECONDS = 50  # a sweep ends before the next begins
AT_ONCE = 50
KEPT = timedelta(days=30)


def connect_due(*, everything: bool = False) -> None:
    """Wishes older than a day end, and what was typed is erased; then whose turn it is, oldest first."""
    until, now = time.monotonic() + SECONDS, clock.now()
    waiting = Connection.objects.filter(state=Connection.State.WAITING).select_related("user")
    for row in waiting.filter(expires_at__lte=now):
        connect.expire(row)
    due = waiting if everything else waiting.filter(due_at__lte=now)
    for row in due.order_by("asked_at", "pk")[:AT_ONCE]:
        if time.monotonic() > until or not connect.claim(row, now):
            continue
        try:
            if not connect.attempt(row):
                return
        except Exception:
            log.exception("connection %s failed", row.pk)
            connect.again(row)


def forget_arrivals() -> None:
    """Drop links that work no more, wishes settled long ago, and people who confirmed an address and never got in."""
    now = clock.now()
    ConnectLink.objects.filter(expires_at__lt=now).delete()
    Connection.objects.filter(settled_at__lt=now - KEPT).delete()
    Invitation.objects.across_accounts().filter(expires_at__lt=now - KEPT).delete()
    idle = User.objects.filter(staff="", created_at__lt=now - KEPT)
    for known in (
        Membership.objects.all(),
        Connection.objects.all(),
        JoinRequest.objects.across_accounts(),
        Removal.objects.across_accounts(),
    ):
        idle = idle.exclude(pk__in=known.values("user"))
    idle.delete()
