"""What Home and the search collect of 911 records."""

from apps.accounts.models import Account, Membership
from apps.accounts.roles import Right, allows
from apps.e911 import lines
from apps.e911.models import Record
from apps.e911.selectors.listing import gaps, matching
from apps.e911.selectors.one import exposed_caller_id
from apps.ui.collected import Hit, Need
from apps.ui.format import phone

MOST = 1000


def needs(account: Account, membership: Membership) -> list[Need]:
    """The default caller ID without an address, and numbers without one, for whoever can add them.
    """
    if not account.connected or not allows(membership.role, Right.MANAGE):
        return []
    found = []
    exposed = exposed_caller_id(account)
    if exposed and exposed.own and exposed.known:
        found.append(
            Need(
                "bad",
                f"Your default caller ID, {phone(exposed.number)}, has no 911 address.",
                "Add address",
                f"/e911/{exposed.number}/",
            )
        )
    bare = Record.objects.of(account).filter(standing=Record.Standing.NONE)
    many = bare.values("pk")[:MOST].count()
    if many:
        found.append(Need("bad", gaps(many), "View numbers", "/e911/?standing=none"))
    return found


def find(account: Account, q: str, most: int) -> list[Hit]:
    """Numbers whose 911 address or caller name has what was typed. One query."""
    if len(q := q.strip()) < 3 or not any(map(str.isalpha, q)):
        return []
    rows = Record.objects.of(account).filter(matching(account, q), address1__gt="")
    found = rows.order_by("number")
    return [
        Hit("911", phone(each.number), lines.on_one_line(lines.of_row(each)), f"/e911/{each.number}/")
        for each in found[:most]
    ]
