"""Moving numbers between the bills of a draft by hand."""

from collections.abc import Sequence

from django.db import transaction

from apps.accounts.models import Account, User
from apps.changes.services import new_token
from apps.porting.models import Check, Draft, DraftNumber, Group
from apps.porting.rules.numbering import is_toll_free
from apps.porting.selectors import orders
from apps.porting.services import drafts, grouping

NEW = "new"  # a bill of their own


def move(account: Account, draft: Draft, by: User, numbers: Sequence[str], to: str) -> str:
    """Put numbers on another bill of the draft. to: a group's primary key, or NEW.

    Returns a sentence where that can't be; then nothing changed. Numbers of two carriers that
    VoiceTel knows are never put on one bill, nor toll-free ones with others.
    """
    with transaction.atomic():
        grouping.hold(draft.pk)
        rows = DraftNumber.objects.of(account).filter(draft=draft, number__in=list(numbers))
        rows = rows.exclude(group=None)
        groups = set(rows.values_list("group", flat=True))
        if not groups:
            return "Choose the numbers to move first."
        if groups & orders.held_groups(account, sorted(groups)):
            return "Some of these numbers are in an order that was sent, so they can't be moved."
        chosen = list(rows.values_list("number", flat=True))
        kinds = {is_toll_free(number) for number in chosen}
        known = carriers_of(account, chosen)
        if len(kinds) > 1:
            return "Toll-free numbers need an order of their own. Move them apart."
        if len(known) > 1:
            return f"These numbers are at {' and '.join(sorted(known))}. Move them apart."
        target = _target(account, draft, to, known, kinds.pop())
        if isinstance(target, str):
            return target
        rows.update(group=target)
        grouping.drop_empty(account, draft.pk)
        drafts.touch(draft, by)
    return ""


def carriers_of(account: Account, numbers: Sequence[str]) -> set[str]:
    """The losing carriers of these numbers, as far as VoiceTel knows them."""
    checks = Check.objects.of(account).filter(number__in=numbers).exclude(carrier="")
    return set(checks.values_list("carrier", flat=True))


def _target(
    account: Account, draft: Draft, to: str, known: set[str], toll_free: bool
) -> Group | str:
    carrier = next(iter(known), "")
    if to == NEW:
        return Group.objects.across_accounts().create(
            account=account, draft=draft, carrier=carrier, toll_free=toll_free, token=new_token()
        )
    mine = Group.objects.of(account).filter(draft=draft)
    found = (
        mine.filter(pk=int(to)).first() if to.isascii() and to.isdigit() and len(to) < 19 else None
    )
    if found is None:
        return "Choose the bill to move them to."
    if found.pk in orders.held_groups(account, [found.pk]):
        return "That order was sent meanwhile. Choose another bill."
    if found.toll_free != toll_free:
        return "Toll-free numbers need an order of their own."
    there = DraftNumber.objects.of(account).filter(group=found).values_list("number", flat=True)
    both = known | carriers_of(account, list(there))
    if len(both) > 1:
        return f"These numbers are at {' and '.join(sorted(both))}. They can't share an order."
    if carrier and not found.carrier:
        found.carrier = carrier
        found.save(update_fields=["carrier"])
    return found
