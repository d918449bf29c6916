"""The lists of VoiceTel's that messaging keeps a copy of."""

from datetime import timedelta

from apps.copies.source import Source, register
from apps.messaging.models import CAMPAIGNS, STATES
from apps.messaging.services import campaigns as of_campaigns
from apps.messaging.services import states as of_states

texting = register(
    Source(
        STATES,
        "number",
        ask=of_states.ask,
        compare=of_states.Difference,
        every=timedelta(hours=6),
        stale=timedelta(hours=6),
        path="/messaging/numbers/",
        whose=True,
    )
)
campaigns = register(
    Source(
        CAMPAIGNS,
        "campaign",
        ask=of_campaigns.ask,
        compare=of_campaigns.Difference,
        every=timedelta(hours=2),
        stale=timedelta(hours=2),
        path="/messaging/campaigns/",
        whose=True,
    )
)
