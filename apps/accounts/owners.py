"""Telling the owners of an account."""

from collections.abc import Collection
from typing import Any

from apps.accounts.models import Account, Membership
from apps.accounts.roles import Role
from apps.notifications.services import tell_all


def tell_owners(account: Account, kind: str, *, but: Collection[int | None] = (), once: str = "", **facts: Any) -> None:
    """tell() for every owner who can sign in; `but`: not these, who did it or are told otherwise."""
    owners = Membership.objects.filter(account=account, role=Role.OWNER, user__is_active=True).exclude(user__in=but)
    tell_all(owners.values_list("user", flat=True), kind, account=account, once=once, **facts)
