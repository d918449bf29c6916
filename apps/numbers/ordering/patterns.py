"""Which free numbers are meant by digits, letters, runs and round ends, and why one matches."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

KEYPAD: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
REPEATED: Final = re.compile(r"(\d)\1{2,}")
ROUND: Final = re.compile(r"(?:00|(\d\d)\1)\Z")


def digits_of(typed: str) -> str:
    """The digits that a pattern stands for: letters as on a phone's keys, all else left out."""
    keys = typed.upper().translate(KEYPAD)
    return "".join(sign for sign in keys if sign.isascii() and sign.isdigit())


@dataclass(frozen=True, slots=True)
class Wanted:
    """digits: must be in the number, at its end where `ends`. run: so many numbers in a row.
    special: repeated or round digits.
    """

    digits: str = ""
    ends: bool = False
    run: int = 0
    special: bool = False

    @property
    def any(self) -> bool:
        return bool(self.digits or self.run or self.special)


@dataclass(frozen=True, slots=True)
class Match:
    """Why a number matches: words, and which of its ten digits to emphasize, as [start, end)."""

    why: str = ""
    start: int = 0
    end: int = 0


def matches(numbers: Iterable[str], wanted: Wanted) -> dict[str, Match]:
    """The numbers that match, each with why. A run counts numbers that match in all else."""
    found = {}
    for number in numbers:
        match = _match(number, wanted)
        if match is not None:
            found[number] = match
    if wanted.run > 1:
        lengths = run_lengths(found)
        return {
            number: Match(f"{lengths[number]} in a row", 6, 10)
            for number in found
            if lengths[number] >= wanted.run
        }
    return found


def run_lengths(numbers: Iterable[str]) -> dict[str, int]:
    """For each number, how many of them stand in a row with it."""
    ordered = sorted(set(numbers))
    lengths: dict[str, int] = {}
    run = ordered[:1]
    for before, number in pairwise(ordered):
        if int(number) - int(before) != 1:
            lengths |= dict.fromkeys(run, len(run))
            run = []
        run.append(number)
    return lengths | dict.fromkeys(run, len(run))


def _match(number: str, wanted: Wanted) -> Match | None:
    found = Match()
    if wanted.digits:
        at = len(number) - len(wanted.digits) if wanted.ends else number.find(wanted.digits)
        if at < 0 or not number.startswith(wanted.digits, at):
            return None
        end = at + len(wanted.digits)
        found = Match(f"{'Ends in' if wanted.ends else 'Contains'} {wanted.digits}", at, end)
    if wanted.special:
        if repeated := REPEATED.search(number):
            start, end = repeated.span()
            return found if found.why else Match(f"{end - start} × {number[start]}", start, end)
        if not ROUND.search(number):
            return None
        return found if found.why else Match(f"Ends in {number[6:]}", 6, 10)
    return found
