"""What is forgotten of those who arrive (portal/schedule.py)."""

from datetime import timedelta

from apps.accounts.models import (
    Connection,
    ConnectLink,
    Invitation,
    JoinRequest,
    KeyExchange,
    Membership,
    Removal,
    User,
)
from apps.voicetel import clock

KEPT = timedelta(days=30)


def forget_arrivals() -> None:
    """Drop links that work no more, wishes settled long ago, and people who confirmed an address
    and never got in.
    """
    now = clock.now()
    ConnectLink.objects.filter(expires_at__lt=now).delete()
    Connection.objects.filter(settled_at__lt=now - KEPT).delete()
    KeyExchange.objects.across_accounts().filter(settled_at__lt=now - KEPT).delete()
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
