"""How the activity page says what people do in messaging, and what they are told of campaigns."""

from apps.audit.services import ACTIONS, VALUES
from apps.notifications.kinds import KINDS, Group, Kind

ACTIONS.add(
    {
        "far_end_named": "changed the name of a contact",
        "opt_out_recorded": "recorded an opt-out",
        "campaign_added": "added a campaign by its ID",
        "campaign_named": "changed the name of a campaign",
    }
)
VALUES.add({"far_end_named": "Contact name", "campaign_named": "Campaign name"})


def told(subject: str, *paragraphs: str, tone: str) -> Kind:
    path = "/messaging/campaigns/{campaign}/"
    return Kind(Group.TEXTS, subject, paragraphs, path, "View campaign", tone)


KINDS.add(
    {
        "campaign_accepted": told(
            "Campaign {called} is accepted",
            "The mobile carriers accepted it. Its numbers can text now.",
            tone="good",
        ),
        "campaign_stopped": told(
            "Campaign {called}: {status}",
            "Its numbers can't text. VoiceTel passes on a word and no reason; the campaign's page"
            " lists the usual ones.",
            tone="bad",
        ),
    }
)
