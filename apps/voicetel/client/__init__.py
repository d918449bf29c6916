"""The provider's API as Python: pure, typed, one class of error per remedy. No Django, no settings,
no sleeping.

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
from apps.voicetel.client.resources.e911 import E911Resource
from apps.voicetel.client.resources.gateways import GatewaysResource
from apps.voicetel.client.resources.inventory import InventoryResource
from apps.voicetel.client.resources.lookups import LookupsResource
from apps.voicetel.client.resources.messages import MessagesResource
from apps.voicetel.client.resources.messaging import MessagingResource
from apps.voicetel.client.resources.numbers import NumbersResource
from apps.voicetel.client.resources.orders import OrdersResource
from apps.voicetel.client.resources.porting import Feature, PortOrder, PortsResource
from apps.voicetel.client.resources.tickets import TicketsResource
from apps.voicetel.client.resources.trunking import AclResource, AuthResource
from apps.voicetel.client.transport import Guard, Meter, Transport

__all__ = [
    "BY_ID",
    "ROWS",
    "Absent",
    "BalanceTooLow",
    "BudgetSpent",
    "Client",
    "Conflict",
    "Feature",
    "Forbidden",
    "Guard",
    "Malformed",
    "Meter",
    "NotSent",
    "Operation",
    "OutcomeUnknown",
    "PartlyDone",
    "PortOrder",
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
    def acl(self) -> AclResource:
        return AclResource(self)

    @cached_property
    def auth(self) -> AuthResource:
        return AuthResource(self)

    @cached_property
    def e911(self) -> E911Resource:
        return E911Resource(self)

    @cached_property
    def gateways(self) -> GatewaysResource:
        return GatewaysResource(self)

    @cached_property
    def inventory(self) -> InventoryResource:
        return InventoryResource(self)

    @cached_property
    def lookups(self) -> LookupsResource:
        return LookupsResource(self)

    @cached_property
    def messages(self) -> MessagesResource:
        return MessagesResource(self)

    @cached_property
    def messaging(self) -> MessagingResource:
        return MessagingResource(self)

    @cached_property
    def numbers(self) -> NumbersResource:
        return NumbersResource(self)

    @cached_property
    def orders(self) -> OrdersResource:
        return OrdersResource(self)

    @cached_property
    def ports(self) -> PortsResource:
        return PortsResource(self)

    @cached_property
    def tickets(self) -> TicketsResource:
        return TicketsResource(self)
