"""Every kind of notification: its words, where it leads, whether its email can be turned off."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models

from apps.registry import Registry


class Group(models.TextChoices):
    """What people switch on and off together."""

    SECURITY = "security", "Your sign-in"
    PEOPLE = "people", "People on your accounts"
    CONNECTION = "connection", "Connection to VoiceTel"
    CHANGES = "changes", "Changes by others"
    PORTS = "ports", "Ports"
    TICKETS = "tickets", "Support tickets"
    TEXTS = "texts", "Messaging"


# always mailed: whoever holds your browser could switch it off
LOCKED = frozenset({Group.SECURITY})
# mailed to those alone who asked for it: VoiceTel's help desk mails the account's address anyhow
ON_REQUEST = frozenset({Group.TICKETS})


@dataclass(frozen=True, slots=True)
class Kind:
    """subject, paragraphs and path: with {names} of the facts; {name} and {number} are the
    account's, {recover} is where a new password is asked for. label: of the link there.

    always: emailed whatever the person chose for the group. owners: what only owners may know
    (accounts/owners.tell_owners).
    """

    group: Group
    subject: str
    paragraphs: tuple[str, ...]
    path: str
    label: str
    tone: str = "info"
    always: bool = False
    owners: bool = False

    @property
    def locked(self) -> bool:
        return self.always or self.group in LOCKED


@dataclass(frozen=True, slots=True)
class Words:
    """A notice as people read it."""

    subject: str
    paragraphs: tuple[str, ...]
    path: str


class _Facts(dict[str, str]):
    """Facts on one line each, so that a name from outside opens neither a header nor a paragraph;
    one that is missing is a dash.
    """

    def __missing__(self, name: str) -> str:
        return "—"


def kind_of(name: str) -> Kind:
    """The kind of that name.

    One that this release does not know is told as such, and breaks no page.
    """
    return KINDS.get(name, UNKNOWN)


def words(kind: str, facts: dict[str, Any]) -> Words:
    """A kind's words with these facts."""
    found = kind_of(kind)
    plain = _Facts({name: " ".join(str(value).split()) for name, value in facts.items()})
    plain["recover"] = f"{settings.PORTAL_URL}/recover/"
    return Words(
        found.subject.format_map(plain),
        tuple(each.format_map(plain).strip() for each in found.paragraphs),
        found.path.format_map(plain),
    )


UNKNOWN = Kind(
    Group.PEOPLE,
    "Something that this page can't show yet",
    ("Reload the page in a few minutes.",),
    "/",
    "Open the portal",
    "neutral",
)

KINDS = Registry[Kind]("kind of notice")


def owners_kinds() -> list[str]:
    """Names of the kinds that only owners may know."""
    return [name for name, kind in KINDS.items() if kind.owners]
