"""A list of numbers as people paste or upload it."""

import csv
from dataclasses import dataclass, field

from apps import phones

MOST = 10_000  # lines of one list
NAMED = 20  # lines that can't be read, named with their place


@dataclass(slots=True)
class Read:
    """numbers: each once, in the list's order. odd: [line, what stands there] of lines without a
    number; twice: lines that repeat one.
    """

    numbers: list[str] = field(default_factory=list)
    odd: list[tuple[int, str]] = field(default_factory=list)
    twice: int = 0


class TooLong(ValueError):
    """More lines than one list holds. `str()`: a sentence."""

    def __init__(self) -> None:
        super().__init__(f"Use at most {MOST:,} lines at a time.")


def read(text: str) -> Read:
    """The numbers of a text, one a line: the first cell of a line that is a number counts, so a
    table's other columns are passed over. A first line without one is its heading.

    Raises TooLong.
    """
    found, seen = Read(), set[str]()
    for at, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if at > MOST + 1:
            raise TooLong
        if not line.strip():
            continue
        number = _number(line)
        if not number:
            if at > 1:
                found.odd.append((at, line.strip()[:60]))
        elif number in seen:
            found.twice += 1
        else:
            seen.add(number)
            found.numbers.append(number)
    return found


def _number(line: str) -> str:
    for cell in next(csv.reader([line], delimiter=_separator(line)), []):
        try:
            if ten := phones.ten_digits(cell):
                return ten
        except phones.Unread:
            continue
    return ""


def _separator(line: str) -> str:
    return max("\t;,", key=line.count)
