"""The table of rights: who may do what. Pages, buttons, changes and docs all read this one."""

from django.db import models

from apps.money import MICRO


class Role(models.TextChoices):
    """What a member is on an account. `needs=Role.X` asks for the right that X stands for."""

    OWNER = "owner", "Owner"
    MANAGER = "manager", "Manager"
    BILLING = "billing", "Billing"
    VIEWER = "viewer", "Viewer"


# What each role may do, in the order in which pages print it. A billing member sees everything but
# touches no number.
RIGHTS: dict[Role, frozenset[Role]] = {
    Role.OWNER: frozenset({Role.OWNER, Role.MANAGER, Role.BILLING, Role.VIEWER}),
    Role.MANAGER: frozenset({Role.MANAGER, Role.VIEWER}),
    Role.BILLING: frozenset({Role.BILLING, Role.VIEWER}),
    Role.VIEWER: frozenset({Role.VIEWER}),
}


# What a member with each role may spend in 24 hours, in micro-dollars; None: no limit. An owner may
# set another for one member (Membership.day_limit). A transfer of 50 numbers costs $300.
DAY_LIMITS: dict[Role, int | None] = {
    Role.OWNER: None,
    Role.MANAGER: 300 * MICRO,
    Role.BILLING: 300 * MICRO,
    Role.VIEWER: 0,
}


# The journal: what was sent to VoiceTel, and who pressed it, every member sees. What people did
# here (sign-ins, refusals) the owners see of everybody, anyone else of themselves.
JOURNAL = Role.VIEWER
JOURNAL_OF_PEOPLE = Role.OWNER


def allows(role: str, needs: Role) -> bool:
    """Whether a member with this role has the right; an unknown role has none."""
    return role in Role.values and needs in RIGHTS[Role(role)]


def day_limit(role: str, own: int | None) -> int | None:
    """Micro-dollars that a member may spend in 24 hours; None: no limit. own: the member's own
    limit, None where only the role's counts. An unknown role spends nothing.
    """
    if own is not None:
        return own
    return DAY_LIMITS[Role(role)] if role in Role.values else 0
