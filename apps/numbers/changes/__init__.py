"""What is done to a number at VoiceTel."""

from apps.numbers.changes.calls import SetCnam, SetForward, SetRoute, SetTranslation, StopForward
from apps.numbers.changes.identity import SetCallerName, SetPin
from apps.numbers.changes.leaving import MoveNumber, ReleaseNumber, RemoveNumber
from apps.numbers.changes.messages import SetFax, SetSms, StopFax, StopSms
from apps.numbers.changes.ordering import AddNumber, PlaceOrder

__all__ = [
    "AddNumber",
    "MoveNumber",
    "PlaceOrder",
    "ReleaseNumber",
    "RemoveNumber",
    "SetCallerName",
    "SetCnam",
    "SetFax",
    "SetForward",
    "SetPin",
    "SetRoute",
    "SetSms",
    "SetTranslation",
    "StopFax",
    "StopForward",
    "StopSms",
]
