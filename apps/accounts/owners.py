"""The owners of an account: telling them, and whether someone is one still."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied

from apps.accounts.models import Account, Membership, User
from apps.accounts.roles import Role
from apps.notifications.kinds import kind_of
from apps.notifications.services import tell_all


class NoOwner(PermissionDenied):
    """Who pressed was an owner when the page was shown, and is none any more.

    Ends a request with that sentence, status 403.
    """

    def __init__(self) -> None:
        super().__init__("Another owner took that role from you a moment ago. Nothing was changed.")


def must_own(account: Account, by: User) -> None:
    """Raises NoOwner.

    Asked with the account locked, so that nobody is removed between this and the deed.
    """
    if not Membership.objects.filter(account=account, user=by, role=Role.OWNER).exists():
        raise NoOwner


def tell_owners(
    account: Account, kind: str, *, but: Collection[int | None] = (), once: str = "", **facts: Any
) -> None:
    """tell() for every owner who can sign in; `but`: not these, who did it or are told
    otherwise.
    """
    if not kind_of(kind).owners:
        raise ValueError(f"{kind} is not for owners alone")
    owners = Membership.objects.filter(
        account=account, role=Role.OWNER, user__is_active=True
    ).exclude(user__in=but)
    tell_all(owners.values_list("user", flat=True), kind, account=account, once=once, **facts)
