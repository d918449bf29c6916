"""Answers about numbers that may be ordered, and orders."""

from decimal import Decimal

from apps.voicetel.client.records.base import Record, Text, exact


class Offer(Record, frozen=True):
    """One free number of inventorySearch."""

    number: str
    city: str = ""
    province: str = ""
    rate_center: str = ""
    lata: Text | None = None


class Offers(Record, frozen=True):
    """inventorySearch: as many as were asked for, or fewer; no page parameter."""

    numbers: list[Offer]


class Bucket(Record, frozen=True):
    """One row of inventoryCoverage: `count` free numbers, and the names of the dimension that was
    counted by.
    """

    count: int = 0
    loc_state: str | None = None
    city: str | None = None
    rc_abbre: str | None = None
    npa: Text | None = None
    nxx: Text | None = None
    block: Text | None = None
    lata: Text | None = None


class Coverage(Record, frozen=True):
    """inventoryCoverage."""

    coverage: list[Bucket]


class Failed(Record, frozen=True):
    """A number that an order or a bulk call left out, and why, in the provider's words."""

    number: str = ""
    reason: str = ""


class Order(Record, frozen=True):
    """orderCreate. Some numbers may have failed: `amount_charged` (dollars) is what was taken."""

    numbers_ordered: list[str]
    amount_charged: Decimal
    order_id: Text = Text("")
    failed: tuple[Failed, ...] = ()

    def __post_init__(self) -> None:
        exact(self.amount_charged)
