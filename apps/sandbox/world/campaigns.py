"""10DLC campaigns: how far their review is, and which network carries them."""

from apps.sandbox.models import Campaign
from apps.sandbox.world import pace

PENDING, ACCEPTED, REJECTED, UNKNOWN = (
    "CAMPAIGN_PENDING_DCA",
    "CAMPAIGN_DCA_COMPLETE",
    "CAMPAIGN_DCA_REJECTED",
    "CAMPAIGN_INVALID_ID",
)
UPSTREAM = {"A": "SFL9UTQ", "B": "SB8TWLO"}
CARRIER = {"A": 17, "B": 19}
NETWORK = {carrier: network for network, carrier in CARRIER.items()} | {16: "A"}
IN_STATE = {PENDING: "PENDING", ACCEPTED: "ACTIVE", REJECTED: "SUSPENDED"}


def status(campaign: Campaign, at: float) -> str:
    """Two steps of review; a description that begins with "reject" is rejected then."""
    if campaign.word:
        return campaign.word
    if at < campaign.at + 2 * pace.step():
        return PENDING
    return REJECTED if campaign.description.lower().startswith("reject") else ACCEPTED


def network(campaign: str) -> str:
    """A or B, the same always."""
    return "AB"[sum(map(ord, campaign)) % 2]


def of(account: str, campaign: str) -> Campaign | None:
    return Campaign.objects.filter(pk=campaign, account=account).first()
