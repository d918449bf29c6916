"""What people do to their own profile."""

from django.db import transaction

from apps.accounts.models import Account, Membership, User
from apps.accounts.owners import tell_owners
from apps.accounts.signing_in.throttle import RENAMES, take
from apps.audit.services import record
from apps.who import with_address


def rename(user: User, name: str) -> bool:
    """Give a person another name. Every account of theirs keeps an event, and its owners are told.

    False: they are called that already. Raises Throttled.
    """
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        before = user.name
        if before == name:
            return False
        take(RENAMES, str(user.pk))
        User.objects.filter(pk=user.pk).update(name=name)
        user.name = name
        joined = Membership.objects.filter(user=user).select_related("account")
        accounts: list[Account | None] = [each.account for each in joined]
        for account in accounts or [None]:
            record(user, account, "name_changed", user.email, before=before, after=name)
            if account:
                tell_owners(
                    account,
                    "member_renamed",
                    but={user.pk},
                    before=with_address(before, user.email),
                    after=with_address(name, user.email),
                )
    return True
