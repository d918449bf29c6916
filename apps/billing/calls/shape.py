"""A record of `accountCdr` as a row of ours: which side is the account's, where the other is."""

from collections.abc import Container
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import phonenumbers

from apps.billing.models import Call
from apps.money import micro
from apps.numbers.international import TOLL_FREE
from apps.text import shortened
from apps.voicetel.client.records.account import Call as Record

SIZE, DIGITS, LONGEST = 16, 32, 20  # of a record's id in bytes, the same in hex; of a number
MOST_SECONDS = 2**31 - 1
TOLL, SHORT = "toll-free", "short"
IN, OUT, WITHIN, UNKNOWN = (
    Call.Direction.IN.value,
    Call.Direction.OUT.value,
    Call.Direction.WITHIN.value,
    Call.Direction.UNKNOWN.value,
)


class Row(NamedTuple):
    """A call's values in the order in which rows are compared and written; see models.Call."""

    at: int
    record: bytes
    own: str
    far: str
    direction: int
    area: str
    seconds: int
    rate: int
    cost: int
    name: str
    ip: str


def row_of(told: Record, numbers: Container[str]) -> Row:
    """The row of a record. numbers: that the account has or had, ten digits each.

    Raises decimal.InvalidOperation for amounts that no column holds.
    """
    caller, called = party(told.caller), party(told.called)
    own, far, direction = sides(caller, called, numbers)
    return Row(
        at=told.key[1],
        record=record_of(told.id),
        own=own,
        far=far,
        direction=direction,
        area=area_of(far),
        seconds=min(max(int(told.seconds.to_integral_value()), 0), MOST_SECONDS),
        rate=micro(told.rate),
        cost=micro(told.cost),
        name=shortened(told.caller_name, 80),
        ip=told.ip[:45],
    )


def record_of(told: str) -> bytes:
    """A record's id as 16 bytes."""
    try:
        if len(told) == DIGITS:
            return bytes.fromhex(told)
    except ValueError:
        pass
    return blake2b(told.encode(), digest_size=SIZE).digest()


@lru_cache(maxsize=65_536)
def party(told: str) -> str:
    """A number as records name it: ten digits, "+" and a country's, a short code; empty where there
    is none, as for "anonymous".
    """
    digits = "".join(each for each in told if each.isascii() and each.isdigit())
    if told.strip().startswith("+") and digits and not digits.startswith("1"):
        return f"+{digits}"[:LONGEST]
    if digits.startswith("011") and len(digits) > len("011") + 6:
        return f"+{digits[3:]}"[:LONGEST]
    if len(digits) == 11 and digits.startswith("1"):
        return digits[1:]
    return f"+{digits}"[:LONGEST] if len(digits) > 11 else digits


def sides(caller: str, called: str, numbers: Container[str]) -> tuple[str, str, int]:
    """Which side is the account's: (own, far, direction). The record does not say: it follows from
    the numbers that the account has, or had.
    """
    out, come_in = caller in numbers, called in numbers
    if out and come_in:
        return caller, called, WITHIN
    if come_in:
        return called, caller, IN
    return caller, called, OUT if out else UNKNOWN


@lru_cache(maxsize=65_536)
def area_of(far: str) -> str:
    """Where the other side is: an area code, "toll-free", "+44", "short"; empty where withheld."""
    if not far:
        return ""
    if far.startswith("+"):
        try:
            return f"+{phonenumbers.parse(far).country_code}"
        except phonenumbers.NumberParseException:
            return far[:4]
    if len(far) == 10:
        return TOLL if far[:3] in TOLL_FREE else far[:3]
    return SHORT
