"""What trunks say on the first page, and what the search finds of them."""

from django.db.models import Q

from apps.accounts.models import Account, Membership
from apps.accounts.roles import Right, allows
from apps.numbers.models import Gateway
from apps.trunking.models import AclEntry, Trunk
from apps.trunking.selectors.judging import judge
from apps.trunking.selectors.standing import find_standing
from apps.ui.collected import Harm, Hit, Need


def needs(account: Account, membership: Membership) -> list[Need]:
    """What keeps calls from getting through, for people who can mend it. One query where the trunk
    was never read, five else.
    """
    if not allows(membership.role, Right.MANAGE) or not Trunk.objects.of(account).exists():
        return []
    return [
        Need(
            "bad",
            f"{each.strong} {each.text.lstrip(' ,')}".strip(),
            each.action,
            each.href,
            harm=Harm.CALLS,
        )
        for each in judge(find_standing(account))
        if each.tone == "bad" and each.href
    ]


def find(account: Account, q: str, most: int) -> list[Hit]:
    """Gateways and ranges of the access list. Two queries; none without words."""
    if not (q := q.strip()):
        return []
    named = Q(address__icontains=q) | Q(name__icontains=q)
    own = Gateway.objects.of(account).filter(named, system=False).order_by("address")
    listed = AclEntry.objects.of(account).filter(Q(cidr__contains=q) | Q(note__icontains=q))
    return [
        *(
            Hit("Gateway", str(each), each.address, f"/trunking/gateways/{each.gateway}/")
            for each in own[:most]
        ),
        *(
            Hit("Access list", each.cidr, each.note, "/trunking/acl/")
            for each in listed.order_by("first")[:most]
        ),
    ]
