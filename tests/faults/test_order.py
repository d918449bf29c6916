"""Two changes of one number pressed 30 ms apart end with the second, there and in our copy."""

import pytest

from tests.faults.stand import Stand


def wrong_ends(stand: Stand, many: int, *, lanes: bool) -> tuple[int, int]:
    """(numbers that do not end at the provider with the last press, numbers whose copy differs from
    the provider).
    """
    numbers = stand.take(many)
    stand.ask("sweep", on=False)
    stand.provider.fault("numbersForwardSet", "delay", times=None, probability=0.5, seconds=0.06)
    try:
        stand.ask("pairs", numbers=numbers, apart=0.03, lanes=lanes)
    finally:
        stand.provider.clear_faults()
    last, there, ours = stand.ask("lasts", numbers=numbers), stand.forwards(), stand.ask("copies")
    return sum(there[n] != last[n] for n in numbers), sum(ours[n] != there[n] for n in numbers)


@pytest.mark.parametrize("many", [30, pytest.param(200, marks=pytest.mark.slow)])
def test_the_second_of_a_pair_wins(own_stand: Stand, many: int) -> None:
    assert wrong_ends(own_stand, many, lanes=True) == (0, 0)


@pytest.mark.slow
def test_without_lanes_the_first_wins_at_times(own_stand: Stand) -> None:
    """The control: the provider's own order is not that of the presses."""
    there, ours = wrong_ends(own_stand, 200, lanes=False)
    assert there + ours > 0
