"""What messaging tells the pages that collect from all."""

from apps.accounts.models import Account, Membership
from apps.accounts.roles import Right, allows
from apps.messaging.models import Campaign, Conversation
from apps.messaging.verdict import STOPPED, UNKNOWN, status_words
from apps.text import folded
from apps.ui.collected import Harm, Hit, Need
from apps.ui.format import phone

NEEDED = 5


def needs(account: Account, membership: Membership) -> list[Need]:
    """Campaigns whose numbers can't text. One query."""
    if not allows(membership.role, Right.MANAGE):
        return []
    found = Campaign.objects.of(account).filter(status__in=STOPPED | UNKNOWN)
    return [
        Need(
            "bad",
            f"Campaign {each} is {status_words(each.status).lower()}",
            "View campaign",
            f"/messaging/campaigns/{each.campaign}/",
            each.since,
            Harm.DEADLINE,
        )
        for each in found.order_by("pk")[:NEEDED]
    ]


def find(account: Account, q: str, most: int) -> list[Hit]:
    """Contacts by our name of them. One query."""
    if not (typed := folded(q)):
        return []
    found = Conversation.objects.of(account).filter(folded__contains=typed).exclude(name="")
    return [
        Hit("Conversation", each.name, phone(each.far), f"/messaging/{each.number}/{each.far}/")
        for each in found.order_by("-last_at")[:most]
    ]
