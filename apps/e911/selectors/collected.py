"""What Home and the search collect of 911 records."""

from apps.accounts.models import Account, Membership
from apps.accounts.roles import Right, allows
from apps.e911 import lines
from apps.e911.models import Record
from apps.e911.selectors.listing import gaps, matching
from apps.e911.selectors.one import default_caller_id
from apps.ui.collected import Hit, Need
from apps.ui.format import phone

MOST = 1000


def needs(account: Account, membership: Membership) -> list[Need]:
    """The default caller ID and other numbers without an address, for whoever can add one."""
    if not account.connected or not allows(membership.role, Right.MANAGE):
        return []
    bare = Record.objects.of(account).filter(standing=Record.Standing.NONE)
    numbers = list(bare.order_by("number").values_list("number", flat=True)[:MOST])
    found = []
    default = default_caller_id(account)
    if default in numbers:
        said = f"Your default caller ID, {phone(default)}, has no 911 address."
        found.append(Need("bad", said, "Add address", f"/e911/{default}/"))
    if numbers:
        said = gaps(len(numbers), more=len(numbers) == MOST)
        found.append(Need("bad", said, "View numbers", "/e911/?standing=none"))
    return found


def find(account: Account, q: str, most: int) -> list[Hit]:
    """Numbers whose 911 address or caller name has what was typed. One query."""
    if len(q := q.strip()) < 3 or not any(map(str.isalpha, q)):
        return []
    rows = Record.objects.of(account).filter(matching(account, q), address1__gt="")
    found = rows.order_by("number")
    return [
        Hit(
            "911",
            phone(each.number),
            lines.on_one_line(lines.of_row(each)),
            f"/e911/{each.number}/",
        )
        for each in found[:most]
    ]
