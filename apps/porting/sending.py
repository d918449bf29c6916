"""Pressing the orders of a draft."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import Account, User
from apps.changes import machine
from apps.changes.models import Entry
from apps.changes.services import new_token
from apps.porting import pace, preflight
from apps.porting.changes import SubmitPort
from apps.porting.models import Draft, Group
from apps.porting.selectors import orders
from apps.porting.services import checks, drafts, grouping


class Stopped(Exception):
    """Something stops an order: nothing of the draft was sent. checked: what was found."""

    def __init__(self, checked: Sequence[preflight.Checked]) -> None:
        super().__init__("something stops an order")
        self.checked = checked


def send(
    account: Account, draft: Draft, by: User, groups: Sequence[int], fresh_at: datetime | None
) -> list[Entry]:
    """Order these groups of the draft, each once however often this is pressed. Raises Stopped, or
    machine.Declined: then nothing was sent.

    Each has its token from its own row. One that was ordered before is that order.
    """
    rows = Group.objects.of(account).filter(draft=draft, pk__in=groups)
    wanted = list(rows.order_by("pk"))
    known = orders.entries_of(account, [group.pk for group in wanted])
    fresh = [group for group in wanted if not orders.is_held(known.get(group.pk))]
    checked = preflight.examine(account, fresh)
    if not fresh and not wanted:
        raise Stopped(())
    if any(each.stops for each in checked):
        checks.want(
            account, [number for each in checked for number in each.numbers], older=pace.RENEW
        )
        raise Stopped(checked)
    asked = {
        each.group.pk: order_of(account, each.group, each.numbers, pin=True) for each in checked
    }
    for each in asked.values():  # before the first of them is written down
        machine.check(each, by, fresh_at)
    for group in fresh:
        if group.pk in known:
            _renew(account, group, known[group.pk])
    entries = dict(known)
    for group in fresh:
        entries[group.pk] = machine.submit(
            asked[group.pk], by=by, token=group.token, fresh_at=fresh_at
        )
    return [entries[group.pk] for group in wanted]


def order_of(
    account: Account, group: Group, numbers: Sequence[str], *, pin: bool = False
) -> SubmitPort:
    """The order of a group, as it stands now. pin: with its PIN. Raises sealed.Unsealable."""
    return SubmitPort(
        account,
        str(group.pk),
        numbers=list(numbers),
        carrier=group.carrier,
        toll_free=group.toll_free,
        bill=dict(group.bill),
        features=features_of(group.bill, numbers),
        pin=drafts.pin_of(account, group) if pin else "",
    )


def features_of(bill: dict[str, str], numbers: Sequence[str]) -> list[dict[str, Any]]:
    """What VoiceTel sets each number to once it is here: its route, its outbound caller name."""
    wanted: dict[str, Any] = {}
    if bill.get("route"):
        wanted["gateway_id"] = int(bill["route"])
    if bill.get("caller_name"):
        wanted["caller_name"] = bill["caller_name"]
    return [{"number": number, **wanted} for number in numbers] if wanted else []


def _renew(account: Account, group: Group, failed: Entry) -> None:
    """A token for one order more, once the one before surely failed. Whoever comes second, for the
    same failure, uses the same token, so two presses still end at one order.
    """
    with transaction.atomic():
        grouping.hold(group.draft_id)
        row = Group.objects.of(account).get(pk=group.pk)
        if row.token_after != failed.pk:
            row.token, row.token_after = new_token(), failed.pk
            row.save(update_fields=["token", "token_after"])
        group.token = row.token
