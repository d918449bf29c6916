"""The table of rights: who may do what. Pages, buttons, changes and docs all read this one."""

from enum import StrEnum

from django.db import models

from apps.money import MICRO


class Role(models.TextChoices):
    """What a member is on an account."""

    OWNER = "owner", "Owner"
    MANAGER = "manager", "Manager"
    BILLING = "billing", "Billing"
    VIEWER = "viewer", "Viewer"


class Right(StrEnum):
    """What a page, a button or a change asks for. Roles have rights; nothing asks for a role."""

    VIEW = "view"
    MANAGE = "manage"
    TICKETS = "tickets"
    BILLING = "billing"
    OWN = "own"


# In the words of the page of members, in its order.
WORDS: dict[Right, str] = {
    Right.VIEW: "See numbers, calls, bills, support tickets and activity",
    Right.MANAGE: "Change numbers and settings",
    Right.TICKETS: "Write to support",
    Right.BILLING: "Handle bills and payments",
    Right.OWN: "Manage members and the VoiceTel connection",
}
# A billing member sees everything but touches no number.
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.MANAGER: frozenset({Right.VIEW, Right.MANAGE, Right.TICKETS}),
    Role.BILLING: frozenset({Right.VIEW, Right.TICKETS, Right.BILLING}),
    Role.VIEWER: frozenset({Right.VIEW}),
}


# What a member with each role may spend in 24 hours, in micro-dollars; None: no limit. An owner may
# set another for one member (Membership.day_limit). A transfer of 50 numbers costs $300.
DAY_LIMITS: dict[Role, int | None] = {
    Role.OWNER: None,
    Role.MANAGER: 300 * MICRO,
    Role.BILLING: 300 * MICRO,
    Role.VIEWER: 0,
}
# The roles whose members an owner may give another limit: owners have none, viewers spend nothing.
LIMITED = frozenset(role for role, limit in DAY_LIMITS.items() if limit)


# The journal: what was sent to VoiceTel, and who pressed it, every member sees. What people did
# here (sign-ins, refusals) the owners see of everybody, anyone else of themselves.
JOURNAL = Right.VIEW
JOURNAL_OF_PEOPLE = Right.OWN


def allows(role: str, needs: Right) -> bool:
    """Whether a member with this role has the right; an unknown role has none."""
    return role in Role.values and needs in RIGHTS[Role(role)]


def roles_with(right: Right) -> str:
    """The roles that have a right, in words: "manager or billing"; "owner" where only owners do."""
    others = [role.label.lower() for role in Role if right in RIGHTS[role] and role != Role.OWNER]
    return " or ".join(others) or "owner"


def day_limit(role: str, own: int | None) -> int | None:
    """Micro-dollars that a member may spend in 24 hours; None: no limit. own: the member's own
    limit, None where only the role's counts. An unknown role spends nothing.
    """
    if own is not None:
        return own
    return DAY_LIMITS[Role(role)] if role in Role.values else 0
