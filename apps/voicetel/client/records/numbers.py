"""Answers about the account's numbers."""

from apps.voicetel.client.records.base import Record, Text


class Number(Record, frozen=True):
    """One number as numbersList, numbersGet and gatewaysNumbers give it.

    `route`: gateway id; `gateway`: its address or system route name; `carrier`: messaging carrier
    id, 0 for none.
    """

    number: str
    route: int | None = None
    gateway: str | None = None
    translated: str | None = None
    forward: bool = False
    forward_to: str | None = None
    cnam: bool = False
    sms_enabled: bool = False
    fax_enabled: bool = False
    carrier: int | None = None


class Numbers(Record, frozen=True):
    """numbersList, gatewaysNumbers.

    A list that is missing is nonsense, not an empty list: numbersList answers 404 for none.
    """

    numbers: list[Number]


class Forward(Record, frozen=True):
    """numbersForwardSet. `forward_to`: ten digits."""

    number: str = ""
    forward_to: str | None = None


class Route(Record, frozen=True):
    """numbersRoute, numbersCreate. `route`: gateway id."""

    number: str = ""
    route: int | None = None


class Moved(Record, frozen=True):
    """numbersMove.

    `account_id`: the account that has it now; `route`: a gateway id of that account.
    """

    number: str = ""
    account_id: Text | None = None
    route: int | None = None


class Cnam(Record, frozen=True):
    """numbersCnam. `cnam`: the caller's name is looked up on calls that come in."""

    number: str = ""
    cnam: bool | None = None


class CallerName(Record, frozen=True):
    """numbersLidb.

    `cnam`: the name as it was cleaned and kept; `carrier_status`: what became of the network's
    part, in its words.
    """

    number: str = ""
    cnam: str = ""
    carrier_status: str = ""
    customer_order_reference: str = ""


class Fax(Record, frozen=True):
    """numbersFaxGet, numbersFaxSet."""

    number: str = ""
    email: str = ""


class Sms(Record, frozen=True):
    """numbersSmsGet, numbersSmsSet: where inbound messages go.

    `type`: email, webhook, sip or unknown.
    """

    number: str = ""
    type: str = "unknown"
    resource: str = ""


class Translation(Record, frozen=True):
    """numbersTranslation: the digits that are presented in place of the number's own."""

    number: str = ""
    translation: str = ""


class PortOutPin(Record, frozen=True):
    """numbersPortOutPinUpdate.

    Nothing else ever tells the PIN. `changed` (later releases): False while it is locked.
    """

    number: str = ""
    port_out_pin: str = ""
    changed: bool | None = None

    def __repr__(self) -> str:
        return f"PortOutPin(number={self.number!r})"
