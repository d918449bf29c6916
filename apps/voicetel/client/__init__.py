"""The provider's API as Python: pure, typed, one class of error per remedy. No Django, no settings, no sleeping.

client = Client(Transport("https://api.voicetel.com"), key)
client.numbers.list()
"""

from functools import cached_property

from apps.voicetel.client.errors import (
    Absent,
    BalanceTooLow,
    BudgetSpent,
    Conflict,
    Forbidden,
    Malformed,
    NotSent,
    OutcomeUnknown,
    PartlyDone,
    RateLimited,
    Refused,
    Unauthorized,
    Unavailable,
    VoiceTelError,
)
from apps.voicetel.client.operations import BY_ID, ROWS, Operation, Retry
from apps.voicetel.client.resources.account import AccountResource
from apps.voicetel.client.resources.gateways import GatewaysResource
from apps.voicetel.client.resources.numbers import NumbersResource
from apps.voicetel.client.transport import Guard, Meter, Transport

__all__ = [
    "BY_ID",
    "ROWS",
    "Absent",
    "BalanceTooLow",
    "BudgetSpent",
    "Client",
    "Conflict",
    "Forbidden",
    "Guard",
    "Malformed",
    "Meter",
    "NotSent",
    "Operation",
    "OutcomeUnknown",
    "PartlyDone",
    "RateLimited",
    "Refused",
    "Retry",
    "Transport",
    "Unauthorized",
    "Unavailable",
    "VoiceTelError",
]


class Client:
    """One account's calls: a transport and the account's key ("" for what needs none)."""

    def __init__(self, transport: Transport, key: str = "") -> None:
        self.transport = transport
        self.key = key

    def __repr__(self) -> str:
        return f"<Client {self.transport.base_url}>"  # never the key

    @cached_property
    def account(self) -> AccountResource:
        return AccountResource(self)

    @cached_property
    def numbers(self) -> NumbersResource:
        return NumbersResource(self)

    @cached_property
    def gateways(self) -> GatewaysResource:
        return GatewaysResource(self)
