"""How the activity page says what people do in messaging here."""

from apps.audit.services import ACTIONS, VALUES

ACTIONS.add(
    {
        "far_end_named": "changed the name of a contact",
        "opt_out_recorded": "recorded an opt-out",
        "campaign_added": "added a campaign by its ID",
        "campaign_named": "changed the name of a campaign",
    }
)
VALUES.add({"far_end_named": "Contact name", "campaign_named": "Campaign name"})
