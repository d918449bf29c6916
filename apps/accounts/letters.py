"""Mail about people and accounts. A row is written with what it tells of, in the same transaction; a sweep sends it.

Links are made when their mail is sent, so their secrets never lie in the database.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone

from apps.accounts import tokens
from apps.accounts.arrivals import ConnectLink, Invitation, Letter
from apps.accounts.models import Account, Membership
from apps.accounts.roles import Role
from apps.voicetel import clock

log = logging.getLogger(__name__)

AT_ONCE = 50
PAUSE = timedelta(minutes=5)
MOST_TRIES = 5
LINK_LIVES = timedelta(hours=2)
BACK_LIVES = timedelta(days=7)  # for those who waited longer than a day

Facts = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """subject, paragraphs: with {names} of the facts. link: path, or what makes one from the letter (None: nothing to send)."""

    subject: str
    paragraphs: tuple[str, ...]
    link: str | Callable[[Letter], str | None]
    label: str


def write(kind: str, to: str, **facts: Any) -> None:
    """Put one mail in the queue. Raises KeyError for a kind that has no words."""
    KINDS[kind]
    Letter.objects.create(kind=kind, to=to.strip().lower(), facts=facts)


def write_owners(account: Account, kind: str, *, but: int | None = None, **facts: Any) -> None:
    """Tell every owner of an account; `but`: not that person, who did it."""
    owners = Membership.objects.filter(account=account, role=Role.OWNER, user__is_active=True).exclude(user=but)
    for email in owners.values_list("user__email", flat=True):
        write(kind, email, account=str(account), number=account.number, **facts)


def send_letters(*, everything: bool = False) -> None:
    """Send what is due. Each is pushed on before it is tried, so that a bad one stops nobody."""
    now = timezone.now()
    due = Letter.objects.all() if everything else Letter.objects.filter(due_at__lte=now)
    for letter in due.order_by("due_at", "pk")[:AT_ONCE]:
        if not Letter.objects.filter(pk=letter.pk, due_at=letter.due_at).update(due_at=now + PAUSE, tries=F("tries") + 1):
            continue
        try:
            _send(letter)
        except Exception:
            log.exception("letter %s was not sent", letter.pk)
            Letter.objects.filter(pk=letter.pk, tries__gte=MOST_TRIES).delete()
        else:
            letter.delete()


def _send(letter: Letter) -> None:
    kind = KINDS[letter.kind]
    path = kind.link if isinstance(kind.link, str) else kind.link(letter)
    if path is None:
        return
    facts = letter.facts
    context = {
        "paragraphs": [each.format(**facts) for each in kind.paragraphs],
        "link": settings.PORTAL_URL + path,
        "label": kind.label,
    }
    subject = " ".join(kind.subject.format(**facts).split())  # a name from outside breaks no header
    context["subject"] = subject
    mail = EmailMultiAlternatives(subject, render_to_string("accounts/mail/letter.txt", context), to=[letter.to])
    mail.attach_alternative(render_to_string("accounts/mail/letter.html", context), "text/html")
    mail.send()


def _connect_link(letter: Letter, lives: timedelta = LINK_LIVES) -> str:
    token = tokens.mint()
    ConnectLink.objects.create(email=letter.to, print=tokens.print_of(token), expires_at=clock.now() + lives)
    return f"/connect/{token}/"


def _way_back(letter: Letter) -> str:
    return _connect_link(letter, BACK_LIVES)


def _invitation_link(letter: Letter) -> str | None:
    """None: it was withdrawn before its mail went out. Sent once more, the earlier link works no more."""
    token = tokens.mint()
    still = Invitation.objects.across_accounts().filter(pk=letter.facts["invitation"], state=Invitation.State.OPEN)
    return f"/invitations/{token}/" if still.update(print=tokens.print_of(token)) else None


KINDS: dict[str, Kind] = {
    "connect_link": Kind(
        "Connect your VoiceTel account",
        (
            "Somebody, we hope you, wants to use the VoiceTel portal with this address.",
            "The link works once, within two hours. You will need your VoiceTel account number and its password or API key.",
            "It was not you? Then do nothing.",
        ),
        _connect_link,
        "Connect an account",
    ),
    "connected": Kind(
        "VoiceTel account {number} is connected",
        ("VoiceTel account {number} is connected to the portal, and you are its owner. Its numbers are read now.",),
        "/numbers/",
        "See the numbers",
    ),
    "connect_refused": Kind(
        "VoiceTel account {number} is not connected",
        ("{reason}", "What you typed is erased. Try again with the right one; an API key works as well as the password."),
        "/connect/",
        "Try again",
    ),
    "connect_back": Kind(
        "VoiceTel account {number}: please come back",
        (
            "So many people are connecting that your turn for account {number} did not come within a day. "
            "What you typed was kept for a day only and is erased.",
            "Type it once more: your place in line is kept.",
        ),
        _way_back,
        "Type it again",
    ),
    "join_waits": Kind(
        "VoiceTel account {number}: an owner decides",
        (
            "What you typed is right, but account {number} is connected already, and its owners decide who works on it. "
            "All of them are told.",
            "Nobody answers? Ask somebody of your company who uses the portal, or VoiceTel's support.",
        ),
        "/connect/",
        "See how it stands",
    ),
    "join_asked": Kind(
        "{person} asks to join {account}",
        (
            "{person} typed the VoiceTel password or API key of account {number} and asks to work on it in the portal.{before}",
            "They see nothing of it until an owner approves. The password stands in every desk phone: approve only whom you know. "
            "You do not know them? Decline, and change the VoiceTel password.",
        ),
        "/settings/members/",
        "Decide",
    ),
    "join_approved": Kind(
        "You may work on VoiceTel account {number}",
        ("An owner of {account}, VoiceTel account {number}, let you in. Your role: {role}.",),
        "/numbers/",
        "See the numbers",
    ),
    "join_declined": Kind(
        "VoiceTel account {number}: declined",
        ("An owner of VoiceTel account {number} declined your request to join it.",),
        "/connect/",
        "See how it stands",
    ),
    "member_joined": Kind(
        "{person} works on {account} now",
        ("{person} joined {account}, VoiceTel account {number}, as {role}. {by} let them in.",),
        "/settings/members/",
        "See the members",
    ),
    "member_changed": Kind(
        "{person} is {role} of {account} now",
        ("{by} changed the role of {person} on {account}, VoiceTel account {number}, to {role}.",),
        "/settings/members/",
        "See the members",
    ),
    "member_removed": Kind(
        "{person} was removed from {account}",
        (
            "{by} removed {person} from {account}, VoiceTel account {number}. They see nothing of it from now on.",
            "They may know the VoiceTel password: change it, as it also works outside the portal.",
        ),
        "/settings/members/",
        "See the members",
    ),
    "left": Kind(
        "You no longer work on {account}",
        ("An owner removed you from {account}, VoiceTel account {number}. Your sign-in and your other accounts stay as they are.",),
        "/",
        "Open the portal",
    ),
    "security": Kind(
        "{what}",
        (
            "{what}. It was done {where}, and your other browsers are signed out.",
            "It was not you? Ask for a new password at /recover/ at once, then see on this page where you are signed in. "
            "The second step gone, or somebody else's? Tell support.",
        ),
        "/settings/security/",
        "See how you sign in",
    ),
    "recovery_code": Kind(
        "A recovery code was used to sign in",
        (
            "One of your recovery codes was used {where}; {left} are left.",
            "It was not you? Set a new password and a new second step on this page at once.",
        ),
        "/settings/security/",
        "See how you sign in",
    ),
    "invitation": Kind(
        "{by} invites you to {account}",
        (
            "{by} invites you to work on {account} in the VoiceTel portal, as {role}.",
            "The link works once, within 72 hours. You do not know them? Then do nothing.",
        ),
        _invitation_link,
        "Look at the invitation",
    ),
}
