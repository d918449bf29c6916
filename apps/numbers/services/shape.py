"""From a record of `numbersList` to the tuple that is compared and stored.

Provider text is cut and cleaned, never trusted.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from apps.numbers.traits import traits_of

LARGEST = 2**63 - 1


class Row(NamedTuple):
    """What the provider says of one number, in the order of COLUMNS."""

    number: str
    route: int | None
    gateway: str
    forward_to: str
    translated: str
    carrier: int | None
    fax: bool
    sms: bool
    cnam: bool

    def traits(self, label: str) -> int:
        return traits_of(
            self.number,
            forward_to=self.forward_to,
            sms=self.sms,
            fax=self.fax,
            cnam=self.cnam,
            translated=self.translated,
            label=label,
        )


COLUMNS = Row._fields


def text(value: Any, limit: int) -> str:
    """At most `limit` characters that both databases can keep: no NUL, no half of a
    surrogate pair.
    """
    if not value:
        return ""
    found = value if isinstance(value, str) else str(value)
    if not found.isascii() or "\x00" in found:
        found = found.replace("\x00", "").encode("utf-8", "replace").decode()
    return found[:limit]


def kept(value: Any) -> Any:
    """One value of an answer as its column keeps it: text is cut and cleaned."""
    return text(value, 32) if isinstance(value, str) else value


def whole(value: Any) -> int | None:
    return value if type(value) is int and -LARGEST <= value <= LARGEST else None


def is_number(value: Any) -> bool:
    return type(value) is str and len(value) == 10 and value.isascii() and value.isdigit()


def shape(record: Any) -> Row:
    """The row of one record (client.records.Number).

    Forwarding that is off has no destination, whatever the record holds.
    """
    forward_to = "" if record.forward is False else text(record.forward_to, 32)
    return Row(
        record.number,
        whole(record.route),
        text(record.gateway, 255),
        forward_to,
        text(record.translated, 32),
        whole(record.carrier),
        record.fax_enabled is True,
        record.sms_enabled is True,
        record.cnam is True,
    )


def shape_all(records: Iterable[Any]) -> tuple[dict[str, Row], int]:
    """Rows by number, and how many records carried no ten-digit number (they are left out)."""
    rows: dict[str, Row] = {}
    odd = 0
    for record in records:
        if is_number(record.number):
            rows[record.number] = shape(record)
        else:
            odd += 1
    return rows, odd
