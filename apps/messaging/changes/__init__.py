"""What messaging does at VoiceTel."""

from apps.messaging.changes.campaigns import (
    AssignCampaign,
    RegisterBrand,
    RegisterCampaign,
    UnassignCampaign,
    UnassignNumbers,
)
from apps.messaging.changes.routes import SetTextRoutes
from apps.messaging.changes.sending import SendMessage

__all__ = [
    "AssignCampaign",
    "RegisterBrand",
    "RegisterCampaign",
    "SendMessage",
    "SetTextRoutes",
    "UnassignCampaign",
    "UnassignNumbers",
]
