"""Putting a draft's numbers into groups: one losing carrier and one bill each, toll-free apart."""

from apps import locks
from apps.accounts.models import Account
from apps.changes.services import new_token
from apps.porting.models import Check, DraftNumber, Group
from apps.porting.rules.numbering import is_toll_free
from apps.porting.selectors import orders


def hold(draft: int) -> None:
    """Within a transaction: no other writer of the draft until its end."""
    locks.hold(f"port-draft:{draft}")


def sort(account: Account, draft: int) -> None:
    """Put every number with an answer where it belongs; within a transaction.

    A number that was placed by hand stays; one that can't be ported leaves its group.
    """
    hold(draft)
    rows = list(DraftNumber.objects.of(account).filter(draft=draft).order_by("pk"))
    told = {
        check.number: check
        for check in Check.objects.of(account).filter(number__in=[row.number for row in rows])
        if check.portable is not None
    }
    groups = list(Group.objects.of(account).filter(draft=draft).order_by("pk"))
    fixed = orders.held_groups(account, [group.pk for group in groups])
    for row in rows:
        check = told.get(row.number)
        if check is None or row.group_id in fixed:
            continue
        if check.portable is False:
            row.group, row.left_out = None, reason(check)
        elif row.group_id is None:
            row.left_out = ""
            row.group = _group_for(account, draft, groups, fixed, check)
        else:
            continue
        row.save(update_fields=["group", "left_out"])
    drop_empty(account, draft)


def reason(check: Check) -> str:
    return (
        f"VoiceTel can't port it: “{check.reason}”" if check.reason else "VoiceTel can't port it."
    )


def _group_for(
    account: Account, draft: int, groups: list[Group], fixed: set[int], check: Check
) -> Group:
    toll_free = is_toll_free(check.number)
    for group in groups:
        if (
            group.pk not in fixed
            and group.toll_free == toll_free
            and group.carrier == check.carrier
        ):
            return group
    made = Group.objects.across_accounts().create(
        account=account,
        draft_id=draft,
        carrier=check.carrier,
        toll_free=toll_free,
        token=new_token(),
    )
    groups.append(made)
    return made


def drop_empty(account: Account, draft: int) -> None:
    """Groups without a number, of which nothing was sent."""
    empty = Group.objects.of(account).filter(draft=draft, numbers=None)
    sent = orders.sent_groups(account, list(empty.values_list("pk", flat=True)))
    empty.exclude(pk__in=sent).delete()
