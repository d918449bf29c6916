"""What the pages of the settings show."""

from base64 import b64encode
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from apps.accounts import browsers, keys, second
from apps.accounts.gates import PortalRequest
from apps.accounts.models import Account, KeyExchange, Membership, User
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


def security_panel(request: PortalRequest) -> dict[str, Any]:
    """Context of team/security.html."""
    user, account = request.user, request.account
    left = second.codes_left(user) if user.factor_at else 0
    owner = account is not None and request.membership.role == Role.OWNER
    return {
        "person": user,
        "codes_left": left,
        "codes_few": left <= second.FEW,
        "why": second.required_by(user, [membership.account for membership in request.memberships]),
        "browsers": browsers.list_browsers(request, user),
        "owner": owner,
        "without": second.without_it(account) if owner else 0,
    }


def set_up_panel(request: PortalRequest) -> dict[str, Any]:
    """Context of team/security_factor.html: the secret as a picture and as text in groups of four."""
    user = request.user
    secret = second.pending_secret(request, user)
    return {
        "person": user,
        "picture": "data:image/svg+xml;base64," + b64encode(second.picture(user, secret).encode()).decode(),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "why": second.required_by(user, [membership.account for membership in request.memberships]),
    }


def list_shown_codes(user: User, shown: list[str]) -> dict[str, Any]:
    """Context of team/security_codes.html: the codes in two halves, and the same as a text file inside a link."""
    codes = [f"{code[:5]} {code[5:]}" for code in shown]
    text = "\n".join([f"Recovery codes of the VoiceTel portal for {user.email}. Each works once.", "", *codes, ""])
    return {"codes": codes, "file": "data:text/plain;charset=utf-8," + quote(text)}
