"""What the page of members shows."""

from collections.abc import Mapping
from typing import Any

from apps.accounts.arriving import invitations, letters
from apps.accounts.models import Account, JoinRequest, Membership, User
from apps.accounts.roles import DAY_LIMITS, LIMITED, RIGHTS, WORDS, Role, day_limit
from apps.team.member_forms import LimitForm, RoleForm
from apps.ui.format import money
from apps.voicetel import clock


def members_page(
    account: Account, user: User, typed: Mapping[int, LimitForm] | None = None
) -> dict[str, Any]:
    """Members, requests to join and open invitations of one account. Five queries at most.

    typed: forms to show in place of a membership's own, by its pk.
    """
    members = list(Membership.objects.filter(account=account).select_related("user"))
    owners = [each for each in members if each.role == Role.OWNER and each.user.is_active]
    now = clock.about_now()
    invited = list(invitations.open_ones(account))
    unsent = letters.unsent_invitations([each.pk for each in invited])
    return {
        "members": [
            {
                "row": each,
                "own": each.user_id == user.pk,
                "last_owner": owners == [each],
                "form": role_form(f"m{each.pk}", each.role),
                "limit": (typed or {}).get(each.pk) or limit_form(each),
                "spends": money(day_limit(each.role, each.day_limit)),
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


def limit_form(member: Membership, data: Mapping[str, Any] | None = None) -> LimitForm | None:
    """The form for what a member can spend in 24 hours; None: the role has no such limit."""
    if member.role not in LIMITED:
        return None
    role = Role(member.role)
    own = "" if member.day_limit is None else money(member.day_limit)
    form = LimitForm(data, initial={"limit": own}, auto_id=f"m{member.pk}_%s")
    usual = f"If empty, the {role.label.lower()} limit applies: {money(DAY_LIMITS[role])}."
    form.fields["limit"].help_text = usual
    return form


def role_form(name: str, role: str) -> RoleForm:
    return RoleForm(initial={"role": role}, auto_id=f"{name}_%s")
