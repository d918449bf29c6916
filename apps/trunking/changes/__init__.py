"""What can be done to a trunk at VoiceTel."""

from apps.trunking.changes.access import AddRanges, RemoveRanges
from apps.trunking.changes.authentication import SetAuthType, TurnPassword
from apps.trunking.changes.gateways import AddGateway, DeleteGateway, SetGateway

__all__ = [
    "AddGateway",
    "AddRanges",
    "DeleteGateway",
    "RemoveRanges",
    "SetAuthType",
    "SetGateway",
    "TurnPassword",
]
