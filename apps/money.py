"""Amounts of money are whole micro-dollars in every table: 1,000,000 is one dollar."""

from decimal import ROUND_HALF_EVEN, Decimal

MICRO = 1_000_000  # micro-dollars in a dollar
ONE = Decimal("0.000001")


def micro(amount: Decimal) -> int:
    """The amount of dollars in micro-dollars; what lies beyond them is rounded half to even.

    Raises decimal.InvalidOperation for NaN, infinities and 10**22 dollars or more.
    """
    return int(amount.quantize(ONE, ROUND_HALF_EVEN).scaleb(6))
