"""Answers about numbers."""

from apps.voicetel.client.records.base import Record


class Number(Record, frozen=True):
    """One number as numbersList and numbersGet give it. `route`: gateway id; `gateway`: its address or system route name."""

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
    """numbersList. A list that is missing is nonsense, not an empty list: an account without numbers answers 404."""

    numbers: list[Number]


class Forward(Record, frozen=True):
    """numbersForwardSet. `forward_to`: ten digits."""

    number: str = ""
    forward_to: str | None = None


class Route(Record, frozen=True):
    """numbersRoute, numbersCreate. `route`: gateway id."""

    number: str = ""
    route: int | None = None
