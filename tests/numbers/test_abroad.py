"""Which ten digits ask for a fresh sign-in."""

import pytest

from apps.numbers.abroad import is_abroad


@pytest.mark.parametrize(
    "number",
    [
        "8765551234",
        "8095551234",
        "4735551234",
        "2845551234",
        "2645551234",
        "6495551234",
        "4415551234",
        "9005551234",
        "9765551234",
    ],
)
def test_the_caribbean_premium_and_unknown_areas_lie_abroad(number):
    assert is_abroad(number)


@pytest.mark.parametrize(
    "number",
    [
        "2015551234",
        "4165551234",
        "7875551234",
        "6715551234",
        "3405551234",
        "8005550199",
        "8885551234",
    ],
)
def test_the_states_their_territories_canada_and_toll_free_do_not(number):
    assert not is_abroad(number)
