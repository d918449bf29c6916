"""Values that are kept here alone, such as labels. Each change of one is an event that tells what
was there before and after, and that can be undone while it is still so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apps.accounts.models import Account, Membership, User
from apps.accounts.roles import Right, allows, roles_with
from apps.audit.models import Event
from apps.changes.machine import NotAllowed
from apps.changes.services import TooLate
from apps.registry import Registry
from apps.things import Thing


@dataclass(frozen=True)
class Kept:
    """One value of things of a kind, by the action of its events.

    label: what people call it; none: the words for no value. now: the value of the thing with that
    id; None where the account has no such thing. put: writes a value and returns its event, None
    where it was so already.
    """

    thing: Thing
    label: str
    none: str
    needs: Right
    now: Callable[[Account, str], str | None]
    put: Callable[[Account, str, str, User], Event | None]


KEPT = Registry[Kept]("kept value")


def undo_of(event: Event, member: Membership) -> Kept | None:
    """What brings back the value before this event; None where it has changed since, or where this
    member may not. One query at most.
    """
    kept = KEPT.get(event.action)
    if kept is None or not allows(member.role, kept.needs) or "before" not in event.facts:
        return None
    now = kept.now(member.account, event.subject)
    return kept if now == event.facts["after"] != event.facts["before"] else None


def undo(event: Event, member: Membership, by: User) -> Event:
    """Bring back what was before; itself an event. Raises NotAllowed, TooLate."""
    kept = KEPT.get(event.action)
    if kept and not allows(member.role, kept.needs):
        raise NotAllowed(f"This needs the {roles_with(kept.needs)} role. Nothing was changed.")
    found = undo_of(event, member)
    done = found and found.put(member.account, event.subject, event.facts["before"], by)
    if not done:
        raise TooLate("This can't be undone anymore, because it was changed again since.")
    return done


def strip(event: Event, member: Membership) -> dict[str, Any]:
    """Context of changes/_kept.html: {"event", "kept", "title", "was", "undo"}."""
    kept, before, after = KEPT[event.action], event.facts["before"], event.facts["after"]
    return {
        "event": event,
        "kept": kept,
        "title": f"{kept.label}: {after}." if after else f"{kept.none}.",
        "was": before or kept.none.lower(),
        "undo": undo_of(event, member) is not None,
    }
