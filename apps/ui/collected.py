"""What each app answers to the pages that collect from all: `selectors.needs(account, membership)`
for the first page, `selectors.find(account, q, most)` for the search.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Harm(IntEnum):
    """What a need is about, worst first: the order of Needs attention."""

    CALLS = 1  # 911, and calls that fail or go astray
    MONEY = 2
    PEOPLE = 3
    DEADLINE = 4
    HYGIENE = 5


ICONS = {
    Harm.CALLS: "exclamation-triangle",
    Harm.MONEY: "exclamation-triangle",
    Harm.PEOPLE: "user-plus",
    Harm.DEADLINE: "clock",
    Harm.HYGIENE: "shield-exclamation",
}


@dataclass(frozen=True, slots=True)
class Need:
    """A line that asks for something that this person can end, and the page where they end it.

    tone: bad, warn, info or neutral. since: from when on, where it is known.
    """

    tone: str
    text: str
    action: str
    href: str
    since: datetime | None = None
    harm: Harm = Harm.CALLS

    @property
    def icon(self) -> str:
        return ICONS[self.harm]


@dataclass(frozen=True, slots=True)
class Figure:
    """A cell of a page's strip of figures: a value with a line under it, and the page that it leads
    to. at: when VoiceTel told it; old: why it's old, in a few words, where it is.
    """

    name: str
    value: str
    note: str
    href: str
    at: datetime | None = None
    old: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that a search found. kind: what it is, in a word; said: more about it."""

    kind: str
    title: str
    said: str
    href: str
