"""Every kind of notice: its words, where it leads, and whether its mail can be switched off."""

from dataclasses import dataclass
from typing import Any

from django.db import models


class Group(models.TextChoices):
    """What people switch on and off together."""

    SECURITY = "security", "Your sign-in"
    PEOPLE = "people", "People on your accounts"
    CONNECTION = "connection", "Connection to VoiceTel"
    CHANGES = "changes", "Changes by others"


# always mailed: whoever holds your browser could switch it off
LOCKED = frozenset({Group.SECURITY})


@dataclass(frozen=True, slots=True)
class Kind:
    """subject, paragraphs and path: with {names} of the facts; {name} and {number} are the
    account's. label: of the link there.

    always: mailed whatever the person chose for the group. owners: what only owners may know
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
    return Words(
        found.subject.format_map(plain),
        tuple(each.format_map(plain).strip() for each in found.paragraphs),
        found.path.format_map(plain),
    )


UNKNOWN = Kind(
    Group.PEOPLE,
    "Something that this page cannot tell yet",
    ("Look again in a while.",),
    "/",
    "Open the portal",
    "neutral",
)

KINDS: dict[str, Kind] = {
    "security": Kind(
        Group.SECURITY,
        "{what}",
        (
            "{what}. It was done {where}, and your other browsers are signed out.",
            (
                "It was not you? Ask for a new password at /recover/ at once, then see where you"
                " are signed in. The second step gone, or somebody else's? Tell support."
            ),
        ),
        "/settings/security/",
        "See how you sign in",
        "warn",
    ),
    "signed_out_by_staff": Kind(
        Group.SECURITY,
        "The portal's staff signed you out everywhere",
        (
            "The portal's staff ended every browser in which you were signed in. Why: {reason}",
            (
                "You can sign in again. Somebody else may know your password? Ask for a new one at"
                " /recover/ first."
            ),
        ),
        "/settings/security/",
        "See how you sign in",
        "warn",
    ),
    "recovery_code": Kind(
        Group.SECURITY,
        "A recovery code was used to sign in",
        (
            "One of your recovery codes was used {where}; {left} are left.",
            "It was not you? Set a new password and a new second step at once.",
        ),
        "/settings/security/",
        "See how you sign in",
        "warn",
    ),
    "new_device": Kind(
        Group.SECURITY,
        "A new sign-in as you: {device}",
        (
            (
                "Your sign-in was used in {device}, from the network address {address}, at {when}."
                " The portal did not know you in that browser: it is new, or its cookies were"
                " cleared."
            ),
            "It was not you? Sign that browser out and change your password at once.",
        ),
        "/settings/security/",
        "See where you are signed in",
        "warn",
    ),
    "join_asked": Kind(
        Group.PEOPLE,
        "{person} asks to join {name}",
        (
            (
                "{person} typed the VoiceTel password or API key of account {number} and asks to"
                " work on it in the portal. {before}"
            ),
            (
                "They see nothing of it until an owner approves. The password stands in every desk"
                " phone: approve only whom you know. You do not know them? Decline, and change the"
                " VoiceTel password."
            ),
        ),
        "/settings/members/",
        "Decide",
        "warn",
        always=True,
        owners=True,
    ),
    "join_waits": Kind(
        Group.PEOPLE,
        "VoiceTel account {number}: an owner decides",
        (
            (
                "What you typed is right, but account {number} is connected already, and its owners"
                " decide who works on it. All of them are told."
            ),
            (
                "Nobody answers? Ask somebody of your company who uses the portal, or VoiceTel's"
                " support."
            ),
        ),
        "/connect/",
        "See how it stands",
    ),
    "join_approved": Kind(
        Group.PEOPLE,
        "You may work on VoiceTel account {number}",
        ("{who} let you in to {name}, VoiceTel account {number}. Your role: {role}.",),
        "/numbers/",
        "See the numbers",
        "good",
    ),
    "join_declined": Kind(
        Group.PEOPLE,
        "VoiceTel account {number}: declined",
        ("{who} declined your request to join VoiceTel account {number}.",),
        "/connect/",
        "See how it stands",
        "bad",
    ),
    "join_declined_by_staff": Kind(
        Group.PEOPLE,
        "{person} may not join {name}",
        (
            (
                "{person} asked to join {name}, VoiceTel account {number}. The portal's staff"
                " declined it in ticket {ticket}."
            ),
            (
                "They know the VoiceTel password or an API key of the account. You do not know"
                " them? Change the VoiceTel password."
            ),
        ),
        "/settings/members/",
        "See the members",
        owners=True,
    ),
    "member_joined": Kind(
        Group.PEOPLE,
        "{person} works on {name} now",
        ("{person} joined {name}, VoiceTel account {number}, as {role}. {by} let them in.",),
        "/settings/members/",
        "See the members",
        owners=True,
    ),
    "member_changed": Kind(
        Group.PEOPLE,
        "{person} is {role} of {name} now",
        ("{by} changed the role of {person} on {name}, VoiceTel account {number}, to {role}.",),
        "/settings/members/",
        "See the members",
        owners=True,
    ),
    "role_changed": Kind(
        Group.PEOPLE,
        "You are {role} of {name} now",
        ("{by} changed your role on {name}, VoiceTel account {number}, to {role}.",),
        "/",
        "Open the portal",
    ),
    "member_removed": Kind(
        Group.PEOPLE,
        "{person} was removed from {name}",
        (
            (
                "{by} removed {person} from {name}, VoiceTel account {number}. They see nothing of"
                " it from now on."
            ),
            "They may know the VoiceTel password: change it, as it also works outside the portal.",
        ),
        "/settings/members/",
        "See the members",
        owners=True,
    ),
    "left": Kind(
        Group.PEOPLE,
        "You no longer work on {name}",
        (
            (
                "An owner removed you from {name}, VoiceTel account {number}. Your sign-in and your"
                " other accounts stay as they are."
            ),
        ),
        "/",
        "Open the portal",
    ),
    "connected": Kind(
        Group.CONNECTION,
        "VoiceTel account {number} is connected",
        (
            (
                "VoiceTel account {number} is connected to the portal, and you are its owner. Its"
                " numbers are read now."
            ),
        ),
        "/numbers/",
        "See the numbers",
        "good",
    ),
    "connect_refused": Kind(
        Group.CONNECTION,
        "VoiceTel account {number} is not connected",
        (
            "{reason}",
            (
                "What you typed is erased. Try again with the right one; an API key works as well"
                " as the password."
            ),
        ),
        "/connect/",
        "Try again",
        "bad",
    ),
    "key_dead": Kind(
        Group.CONNECTION,
        "VoiceTel refuses the key of {name}",
        (
            (
                "VoiceTel refuses the key with which the portal works on {name}, VoiceTel account"
                " {number}. Most likely the VoiceTel password was changed. Calls go on as before."
                " Pages show the last copy, and nothing can be changed."
            ),
            "Connect the account again with its present password or an API key.",
        ),
        "/settings/keys/",
        "Connect it again",
        "bad",
        owners=True,
    ),
    "reconnected": Kind(
        Group.CONNECTION,
        "{name} is connected again",
        (
            (
                "{by} connected {name}, VoiceTel account {number}, again. Its pages show what is"
                " so, and changes go through."
            ),
        ),
        "/settings/keys/",
        "See the connection",
        "good",
        owners=True,
    ),
    "reconnect_failed": Kind(
        Group.CONNECTION,
        "{name} is not connected again",
        (
            "{reason}",
            (
                "What you typed is not kept. Type it once more; an API key works as well as the"
                " password."
            ),
        ),
        "/settings/keys/",
        "Try again",
        "bad",
    ),
    "change_done": Kind(
        Group.CHANGES,
        "{by} asked VoiceTel to {what}",
        (
            (
                "It was done at {when}, on {name}, VoiceTel account {number}. Changes of this sort"
                " can cost money or lead calls astray, so every owner is told."
            ),
            (
                "You did not expect it? Ask {by}. The page of the change shows what was before, and"
                " undoes it where that is possible."
            ),
        ),
        "/changes/{entry}/",
        "See the change",
        "warn",
        owners=True,
    ),
    "change_late": Kind(
        Group.CHANGES,
        "It did happen after all: {what}",
        (
            (
                "{by} asked for it on {name}, VoiceTel account {number}. Its answer was lost and"
                " nothing showed it, so it counted as not done. At {when} VoiceTel showed that"
                " it is."
            ),
            "Was it done a second time meanwhile, or in another way? See the page of the change.",
        ),
        "/changes/{entry}/",
        "See the change",
        "bad",
        owners=True,
    ),
}

OWNERS = frozenset(name for name, kind in KINDS.items() if kind.owners)
