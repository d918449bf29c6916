"""What the page of members shows."""

from typing import Any

from apps.accounts.arriving import invitations, letters
from apps.accounts.models import Account, JoinRequest, Membership, User
from apps.accounts.roles import Role
from apps.team.member_forms import RoleForm
from apps.voicetel import clock

# What a role may do, in the words of the page (accounts/roles.py is the table).
MEANS: dict[Role, str] = {
    Role.OWNER: "everything, members and connection included",
    Role.MANAGER: "changes numbers and settings",
    Role.BILLING: "sees everything, handles bills",
    Role.VIEWER: "sees everything, changes nothing",
}


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
        "means": [(role.label, MEANS[role]) for role in Role],
    }


def role_form(name: str, role: str) -> RoleForm:
    return RoleForm(initial={"role": role}, auto_id=f"{name}_%s")
