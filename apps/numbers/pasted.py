"""Numbers as people paste them: one a line, with whatever stands beside them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from apps import phones

MOST = 100_000  # lines
SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]{1,2}", re.IGNORECASE)
PIECES = re.compile(r"[,;|\t]")
TWICE, NOT_OURS = "there twice", "not on this account"
NO_NUMBER, WAS_SHORTENED = "no phone number", "shortened by a spreadsheet, so digits are lost"
SHOWN = 100  # problems kept by line


@dataclass
class Pasted:
    """numbers: ten digits, in their order. wrong: (line, as pasted, what is wrong with it)."""

    numbers: list[str] = field(default_factory=list)
    wrong: list[tuple[int, str, str]] = field(default_factory=list)


class TooLong(ValueError):
    """More lines than one selection holds. The text is for the person."""


def read(text: str) -> Pasted:
    """What was pasted, read line by line. Empty lines are none. Raises TooLong."""
    found, seen = Pasted(), set[str]()
    for at, line in enumerate(text.splitlines(), 1):
        if at > MOST:
            raise TooLong(f"Paste at most {MOST:,} lines at a time.")
        if not line.strip():
            continue
        numbers = list(_numbers(line))
        if not numbers:
            why = WAS_SHORTENED if SHORTENED.search(line) else NO_NUMBER
            found.wrong.append((at, line.strip()[:60], why))
        for number in numbers:
            if number in seen:
                found.wrong.append((at, line.strip()[:60], TWICE))
            else:
                seen.add(number)
                found.numbers.append(number)
    return found


def _numbers(line: str) -> Iterator[str]:
    """A line may hold one number, several, or one among other columns."""
    whole = _ten_digits(line)
    if whole:
        yield whole
        return
    for piece in PIECES.split(line):
        if number := _ten_digits(piece.strip().strip("\"'")):
            yield number


def _ten_digits(text: str) -> str:
    try:
        return phones.ten_digits(text)
    except phones.Unread:
        return ""
