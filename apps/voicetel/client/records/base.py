"""What all records share: camelCase names there, snake_case here; unknown fields are passed over;
exact money; aware times.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec


class Record(msgspec.Struct, frozen=True, gc=False, rename="camel"):
    """A piece of an answer. Fields that the document leaves optional have defaults here."""


class Moment(datetime):
    """An aware moment, read from ISO 8601 (UTC where it names no zone) or from Unix seconds, as
    number or text.
    """


def moment(value: object) -> Moment:
    """Raises ValueError for what is no moment between the years 1 and 9999."""
    try:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValueError("a moment is text or a number")
        if isinstance(value, str) and not value.strip().lstrip("-").isdecimal():
            found = Moment.fromisoformat(value.strip())
            return found if found.tzinfo else found.replace(tzinfo=UTC)
        if isinstance(value, str) and len(value) > 20:
            raise ValueError("too many digits for a moment")
        return Moment.fromtimestamp(float(value), UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("out of range for a moment") from error


class Text(str):
    """An id or number that some releases give as text and others as a whole number; here always
    text.
    """

    __slots__ = ()


def decode_hook(kind: type, value: Any) -> Any:
    """msgspec asks this for the types it does not know."""
    if kind is Moment:
        return moment(value)
    if kind is Text:
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise ValueError("neither text nor a whole number")
        return Text(value)
    raise NotImplementedError(kind)


def exact(*amounts: Decimal | None) -> None:
    """Raises ValueError for what no bill can say: NaN, infinities, a million million dollars,
    digits without end.
    """
    for amount in amounts:
        if amount is None:
            continue
        exponent = amount.as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -18 or amount.adjusted() > 11:
            raise ValueError("an amount out of range")
