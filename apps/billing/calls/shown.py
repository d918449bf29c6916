"""A call as people read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

import phonenumbers

from apps.accounts.models import Account
from apps.billing.calls.shape import SHORT, TOLL
from apps.billing.models import Call
from apps.money import MICRO
from apps.numbers.international import ABROAD
from apps.numbers.models import Number
from apps.ui import format  # noqa: A004  the module, by the name it has everywhere

ICONS = {
    Call.Direction.IN: "phone-arrow-down-left",
    Call.Direction.OUT: "phone-arrow-up-right",
    Call.Direction.WITHIN: "arrows-right-left",
    Call.Direction.UNKNOWN: "question-mark-circle",
}
WITHHELD = "Withheld"


@dataclass(frozen=True, slots=True)
class Row:
    """One call, ready to be shown. at: in the account's zone; cost and rate: micro-dollars."""

    call: Call
    at: datetime
    label: str  # of the account's number
    name: str  # of the other side, where the record tells it

    @property
    def href(self) -> str:
        return f"/billing/calls/{key_of(self.call)}/"

    @property
    def direction(self) -> str:
        return Call.Direction(self.call.direction).label

    @property
    def icon(self) -> str:
        return ICONS[Call.Direction(self.call.direction)]

    @property
    def own(self) -> str:
        return party(self.call.own)

    @property
    def far(self) -> str:
        return party(self.call.far)

    @property
    def place(self) -> str:
        """A country, where the other side is outside the US and Canada."""
        return country(self.call.area)

    @property
    def length(self) -> str:
        return length(self.call.seconds)


def key_of(call: Call) -> str:
    """A call's place in addresses: when it began, and its record."""
    return f"{call.at}-{bytes(call.record).hex()}"


def rows_of(account: Account, calls: Iterable[Call], labels: Mapping[str, str]) -> list[Row]:
    zone = format.zone(account.zone)
    return [row_of(call, zone, labels) for call in calls]


def row_of(call: Call, zone: ZoneInfo, labels: Mapping[str, str]) -> Row:
    named = call.direction in (Call.Direction.IN, Call.Direction.UNKNOWN)
    return Row(
        call,
        datetime.fromtimestamp(call.at, zone),
        labels.get(call.own, ""),
        call.name if named else labels.get(call.far, ""),
    )


def labels_of(account: Account, numbers: Iterable[str] | None = None) -> Mapping[str, str]:
    """The labels of the account's numbers that have one; of all, or of these."""
    found = Number.objects.of(account).exclude(label="")
    if numbers is not None:
        found = found.filter(number__in=set(numbers))
    return dict(found.values_list("number", "label"))


@lru_cache(maxsize=16_384)
def party(number: str) -> str:
    """(201) 555-0144, +44 20 7946 0958, 911; "Withheld" for none."""
    if not number:
        return WITHHELD
    if number.startswith("+"):
        try:
            parsed = phonenumbers.parse(number)
        except phonenumbers.NumberParseException:
            return number
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return format.phone(number)


@lru_cache(maxsize=1024)
def country(area: str) -> str:
    """The country of an area that bills as international: "Jamaica", "GB"; empty for others."""
    if area.startswith("+"):
        code = area[1:]
        regions = (
            phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code)) if code.isdigit() else None
        )
        return regions[0] if regions and regions[0] != "001" else "International"
    return ABROAD.get(area, "").removeprefix("the ")


def area(code: str) -> str:
    """An area in words: "Area code 201", "Jamaica (876)", "Toll-free", "+44 (GB)"."""
    if not code:
        return WITHHELD
    if code in (TOLL, SHORT):
        return {TOLL: "Toll-free", SHORT: "Short code"}[code]
    found = country(code)
    if code.startswith("+"):
        return f"{code} ({found})"
    return f"{found} ({code})" if found else f"Area code {code}"


def length(seconds: int) -> str:
    """How long a call took: 0:38, 31:04, 1:02:03."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def duration(seconds: int) -> str:
    """A sum of lengths: 38 s, 12 min, 6 h 12 min."""
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    if hours:
        return f"{hours:,} h {minutes} min" if minutes else f"{hours:,} h"
    return f"{minutes} min" if minutes else f"{seconds} s"


def dollars(micro: int) -> str:
    """An amount for a file, with all its digits: 0.0175."""
    return f"{(Decimal(micro) / MICRO).normalize():f}"
