"""What messaging's changes are done to, besides numbers: a conversation, a brand, a campaign."""

from collections.abc import Mapping, Sequence

from apps.accounts.models import Account
from apps.messaging.models import Brand, Campaign
from apps.things import Thing
from apps.ui.format import phone


def pair(number: str, far: str) -> str:
    """The subject of a message's change."""
    return f"{number}:{far}"


def ends(subject: str) -> tuple[str, str]:
    """(own number, far end) of such a subject."""
    number, _, far = subject.partition(":")
    return number, far


def _shown(subject: str) -> str:
    number, far = ends(subject)
    return f"{phone(far)} from {phone(number)}"


def _href(subject: str) -> str:
    number, far = ends(subject)
    return f"/messaging/{number}/{far}/"


def _campaigns(account: Account, ids: Sequence[str]) -> Mapping[str, str]:
    found = Campaign.objects.of(account).filter(campaign__in=ids).exclude(name="")
    return dict(found.values_list("campaign", "name"))


def _brands(account: Account, ids: Sequence[str]) -> Mapping[str, str]:
    found = Brand.objects.of(account).filter(brand__in=ids).exclude(name="")
    return dict(found.values_list("brand", "name"))


# `message:<own>:<far>` is the lane: messages of one conversation go one at a time, in their order.
MESSAGE = Thing("message", "Message", _shown, _href)
CAMPAIGN = Thing("campaign", "Campaign", str, "/messaging/campaigns/{}/".format, _campaigns)
BRAND = Thing("brand", "Brand", str, lambda _: "/messaging/brands/", _brands)
