"""What the page of members shows."""

from typing import Any

from apps.accounts.arriving import invitations, letters
from apps.accounts.models import Account, JoinRequest, Membership, User
from apps.accounts.roles import DAY_LIMITS, RIGHTS, WORDS, Role
from apps.team.member_forms import RoleForm
from apps.ui.format import money
from apps.voicetel import clock


def members_page(account: Account, user: User) -> dict[str, Any]:
    """Members, requests to join and open invitations of one account. Five queries at most."""
    members = Membership.objects.filter(account=account).select_related("user")
    now = clock.about_now()
    invited = list(invitations.open_ones(account))
    unsent = letters.unsent_invitations([each.pk for each in invited])
    return {
        "members": [
            {
                "row": each,
                "own": each.user_id == user.pk,
                "form": role_form(f"m{each.pk}", each.role),
            }
            for each in members
        ],
        "requests": [
            {"row": each, "form": role_form(f"r{each.pk}", Role.VIEWER)}
            for each in JoinRequest.objects.of(account)
            .filter(state=JoinRequest.State.OPEN)
            .select_related("user")
        ],
        "invitations": [
            {"row": each, "over": each.expires_at <= now, "unsent": each.pk in unsent}
            for each in invited
        ],
        "rights": rights_table(),
    }


def rights_table() -> dict[str, Any]:
    """Who may do what, as accounts/roles.py has it: {"roles": labels, "rows": [(words, [(role's
    label, "Yes", "No" or an amount)])]}; the last row is what each role may spend in 24 hours.
    """
    limits = {role: DAY_LIMITS[role] for role in Role}
    rows = [
        (words, [(role.label, "Yes" if right in RIGHTS[role] else "No") for role in Role])
        for right, words in WORDS.items()
    ]
    spent = [
        (role.label, "No limit" if limit is None else money(limit))
        for role, limit in limits.items()
    ]
    roles = [role.label for role in Role]
    return {"roles": roles, "rows": [*rows, ("Spend in 24 hours", spent)]}


def role_form(name: str, role: str) -> RoleForm:
    return RoleForm(initial={"role": role}, auto_id=f"{name}_%s")
