"""Mail to an address, known here or not, with a link whose secret is made when it is sent, so that
it never lies in the database.

A row is written with what it tells of, in the same transaction; a sweep sends it. What people who
are known here are told is a notice (apps/notifications).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from apps import emails
from apps.accounts import outbox
from apps.accounts.arriving import link_tokens
from apps.accounts.models import ConnectLink, Invitation, Letter
from apps.notifications.mail import compose
from apps.voicetel import clock

LINK_LIVES = timedelta(hours=2)
BACK_LIVES = timedelta(days=7)  # for those who waited longer than a day

Facts = dict[str, Any]


@dataclass(frozen=True)
class LetterKind:
    """subject, paragraphs: with {names} of the facts. link: makes the path from the letter (None:
    nothing to send).
    """

    subject: str
    paragraphs: tuple[str, ...]
    link: Callable[[Letter], str | None]
    label: str


def write(kind: str, to: str, **facts: Any) -> None:
    """Put one mail in the queue. Raises KeyError for a kind that has no words."""
    KINDS[kind]
    Letter.objects.create(kind=kind, to=emails.kept_or_typed(to), facts=facts)


def send_letters(*, everything: bool = False) -> None:
    outbox.send_due(Letter, _send, everything=everything)


def unsent_invitations(pks: list[int]) -> set[int]:
    """Those among them whose mail has not left yet."""
    waiting = (
        Letter.objects.filter(kind="invitation", facts__invitation__in=pks)
        if pks
        else Letter.objects.none()
    )
    return set(waiting.values_list("facts__invitation", flat=True))


def _send(letter: Letter) -> None:
    kind = KINDS[letter.kind]
    path = kind.link(letter)
    if path is None:
        return
    facts = {name: " ".join(str(value).split()) for name, value in letter.facts.items()}
    compose(
        letter.to,
        kind.subject.format(**facts),
        [each.format(**facts) for each in kind.paragraphs],
        path,
        kind.label,
    ).send()


def _connect_link(letter: Letter, lives: timedelta = LINK_LIVES) -> str:
    token = link_tokens.mint()
    ConnectLink.objects.create(
        email=letter.to, print=link_tokens.print_of(token), expires_at=clock.now() + lives
    )
    return f"/connect/{token}/"


def _signup_link(letter: Letter) -> str:
    """Whoever has it reads that address's mail, as with a link to connect."""
    return _connect_link(letter).replace("/connect/", "/signup/", 1)


def _way_back(letter: Letter) -> str:
    return _connect_link(letter, BACK_LIVES)


def _invitation_link(letter: Letter) -> str | None:
    """None: it was withdrawn before its mail went out.

    Sent once more, the earlier link works no more.
    """
    token = link_tokens.mint()
    still = Invitation.objects.across_accounts().filter(
        pk=letter.facts["invitation"], state=Invitation.State.OPEN
    )
    return f"/invitations/{token}/" if still.update(print=link_tokens.print_of(token)) else None


KINDS: dict[str, LetterKind] = {
    "connect_link": LetterKind(
        "Connect your VoiceTel account",
        (
            "Someone asked to connect a VoiceTel account with this email address.",
            (
                "If it was you, use this link within 2 hours. It works once. You'll need your"
                " VoiceTel account number and its password or an API key."
            ),
            "If it wasn't you, ignore this email; nothing has changed.",
        ),
        _connect_link,
        "Connect an account",
    ),
    "signup_link": LetterKind(
        "Open a VoiceTel account",
        (
            "Someone asked to open a VoiceTel account with this email address.",
            "If it was you, use this link within 2 hours. It works once.",
            "If it wasn't you, ignore this email; nothing has changed.",
        ),
        _signup_link,
        "Open an account",
    ),
    "connect_back": LetterKind(
        "VoiceTel account {number}: please enter it again",
        (
            (
                "We couldn't connect account {number} within 24 hours because many people are"
                " connecting, so we deleted what you entered."
            ),
            "Enter it again within 7 days and you keep your place in the queue.",
        ),
        _way_back,
        "Enter it again",
    ),
    "invitation": LetterKind(
        "{by} invites you to {account}",
        (
            "{by} invites you to {account} in the VoiceTel portal, as {role}.",
            (
                "The link works once, within 72 hours. If you don't know them, ignore this email;"
                " nothing has changed."
            ),
        ),
        _invitation_link,
        "View invitation",
    ),
}
