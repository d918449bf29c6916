"""What the pages of the settings show."""

from datetime import timedelta
from typing import Any

from apps.accounts import keys
from apps.accounts.models import Account, KeyExchange, Membership
from apps.accounts.roles import Role
from apps.voicetel import clock

TRIES = 4  # wrong ones a day and account: each spends a call of everybody's hour
DAY = timedelta(days=1)
SOON, LATER = 3, 20  # seconds between looks of a page that waits


def list_owners(account: Account) -> list[str]:
    """Whom to ask: owners, longest-standing first."""
    owners = Membership.objects.filter(account=account, role=Role.OWNER, user__is_active=True).select_related("user")
    return [f"{owner.user.name} ({owner.user.email})" if owner.user.name else owner.user.email for owner in owners]


def tries_left(account: Account, kind: str) -> int:
    """How many more passwords, or keys, may be tried today."""
    since = clock.now() - DAY
    refused = KeyExchange.objects.of(account).filter(kind=kind, state=KeyExchange.State.REFUSED, settled_at__gt=since)
    return max(0, TRIES - refused.count())


def keys_panel(account: Account, role: str) -> dict[str, Any]:
    """Context of team/_keys.html: the state of the key, and the last wish with its place in line while it waits."""
    wish = keys.last_wish(account)
    waiting = wish is not None and wish.state == KeyExchange.State.WAITING
    if wish is not None and wish.settled_at and wish.settled_at < clock.about_now() - DAY:
        wish = None  # an old outcome says nothing about today
    line = keys.line_of(wish) if wish is not None and waiting else None
    owner = role == Role.OWNER
    return {
        "shown": account,
        "wish": wish,
        "waiting": waiting,
        "line": line,
        "every": SOON if line and line.about is None else LATER,
        "owner": owner,
        "owners": [] if owner else list_owners(account),
    }
