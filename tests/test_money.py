"""Dollars become micro-dollars exactly, or rounded half to even."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.money import MICRO, micro

AMOUNTS = st.decimals(
    -(10**12), 10**12, allow_nan=False, allow_infinity=False, places=18
) | st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=6)


@pytest.mark.parametrize(
    ("amount", "whole"),
    [
        ("184.24999999999997", 184_250_000),
        ("0.0065", 6_500),
        ("0", 0),
        ("-0.000001", -1),
        ("0.0000005", 0),
        ("0.0000015", 2),
        ("0.0000025", 2),
        ("-0.0000015", -2),
        ("999999999999.999999", 999_999_999_999_999_999),
    ],
)
def test_amount_is_rounded_half_to_even(amount: str, whole: int) -> None:
    assert micro(Decimal(amount)) == whole


@given(AMOUNTS)
def test_amount_is_within_half_a_micro_dollar_and_even_at_the_half(amount: Decimal) -> None:
    off = Fraction(amount) * MICRO - micro(amount)
    assert abs(off) <= Fraction(1, 2)
    assert abs(off) < Fraction(1, 2) or micro(amount) % 2 == 0


@given(st.integers(-(10**18), 10**18))
def test_whole_micro_dollars_come_back_unchanged(whole: int) -> None:
    assert micro(Decimal(whole).scaleb(-6)) == whole
