"""What the pages of the settings show."""

from base64 import b64encode
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from allauth.mfa.models import Authenticator

from apps.accounts import reconnect
from apps.accounts.gates import PortalRequest
from apps.accounts.models import Account, JoinRequest, KeyExchange, Membership, User
from apps.accounts.roles import Right, Role, allows
from apps.accounts.signing_in import browsers, second
from apps.ui.collected import Harm, Need
from apps.ui.format import day
from apps.ui.http import LATER, SOON
from apps.voicetel import clock

DAY = timedelta(days=1)
ASKED = 8  # requests to join on the first page


def list_owners(account: Account) -> list[str]:
    """Whom to ask: owners, longest-standing first."""
    owners = Membership.objects.filter(
        account=account, role=Role.OWNER, user__is_active=True
    ).select_related("user")
    return [owner.user.with_address for owner in owners]


def keys_panel(account: Account, role: str) -> dict[str, Any]:
    """Context of team/_keys.html: the state of the key, and the last wish with its place in line
    while it waits.
    """
    wish = reconnect.last_wish(account)
    waiting = wish is not None and wish.state == KeyExchange.State.WAITING
    if wish is not None and wish.settled_at and wish.settled_at < clock.about_now() - DAY:
        wish = None  # an old outcome says nothing about today
    line = reconnect.line_of(wish) if wish is not None and waiting else None
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


SERVICES = {
    "sms": "SMS",
    "mms": "MMS",
    "e911": "911",
    "intl": "International calls",
    "cnam": "Caller ID name lookup",
}


def account_facts(account: Account) -> dict[str, Any]:
    """{"rows": [(name, value)], "read_at"}: what accountGet told of the account, and when."""
    profile = getattr(account, "profile", None)
    read_at = profile.read_at if profile else None
    rows = [("Account number", account.number), ("Name", account.name or "–")]
    if profile is not None and read_at is not None:
        on = [words for name, words in SERVICES.items() if profile.services.get(name)]
        rows += [
            ("Email at VoiceTel", profile.email or "–"),
            ("Services that are on", ", ".join(on) or "None"),
            ("Calls at the same time", f"{profile.ccs:,}" if profile.ccs else "No limit told"),
            ("Opened", day(profile.created, account.zone) if profile.created else "–"),
        ]
    return {"rows": rows, "read_at": read_at}


def needs(account: Account, membership: Membership) -> list[Need]:
    """For owners, each person who asks to join. One query. (A connection that stopped working is
    the banner's to say, on every page.)
    """
    if not allows(membership.role, Right.OWN):
        return []
    asked = JoinRequest.objects.of(account).filter(state=JoinRequest.State.OPEN)
    return [
        Need(
            "info",
            f"{each.user.with_address} asks to join",
            "Review request",
            "/settings/members/",
            each.asked_at,
            Harm.PEOPLE,
        )
        for each in asked.select_related("user")[:ASKED]
    ]


def security_panel(request: PortalRequest) -> dict[str, Any]:
    """Context of team/security.html."""
    user, account = request.user, request.account
    left = second.codes_left(user) if user.factor_at else 0
    owner = account is not None and request.membership.role == Role.OWNER
    factors = second.list_factors(user) if user.factor_at else []
    why = required_of(request)
    return {
        "person": user,
        "app": next((each for each in factors if each.type == second.APP), None),
        "passkeys": [each for each in factors if each.type == second.PASSKEY],
        "stays": bool(why) and len(factors) == 1,  # the last one cannot be taken off
        "codes_left": left,
        "codes_few": left <= second.FEW,
        "why": why,
        "browsers": browsers.list_browsers(request, user),
        "owner": owner,
        "without": second.without_it(account) if owner else 0,
    }


def required_of(request: PortalRequest) -> str:
    """Why the person must have a second step, in words; "": they need not."""
    return second.required_by(request.user, request.account)


def last_factor_panel(request: PortalRequest, factor: Authenticator) -> dict[str, Any]:
    """Context of the pages that take a factor off. last: no other is left after it. why: it has to
    stay therefore.
    """
    last = all(each.pk == factor.pk for each in second.list_factors(request.user))
    return {"factor": factor, "last": last, "why": required_of(request) if last else ""}


def set_up_panel(request: PortalRequest) -> dict[str, Any]:
    """Context of team/security_factor.html: the secret as a picture and as text in
    groups of four.
    """
    user = request.user
    secret = second.pending_secret(request, user)
    return {
        "person": user,
        "app": second.list_factors(user, second.APP),
        "picture": "data:image/svg+xml;base64,"
        + b64encode(second.picture(user, secret).encode()).decode(),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "why": required_of(request),
    }


def list_shown_codes(user: User, shown: list[str]) -> dict[str, Any]:
    """Context of team/security_codes.html: the codes in two halves, and the same as a text file
    inside a link.
    """
    codes = [f"{code[:5]} {code[5:]}" for code in shown]
    text = "\n".join(
        [
            f"Recovery codes of the VoiceTel portal for {user.email}. Each works once.",
            "",
            *codes,
            "",
        ]
    )
    return {"codes": codes, "file": "data:text/plain;charset=utf-8," + quote(text)}
