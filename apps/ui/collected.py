"""What each app answers to the pages that collect from all: `selectors.needs(account, membership)`
for the first page, `selectors.find(account, q, most)` for the search.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """A line that asks for something that this person can end, and the page where they end it."""

    tone: str  # bad, warn, info
    text: str
    action: str
    href: str


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that a search found. kind: what it is, in a word; said: more about it."""

    kind: str
    title: str
    said: str
    href: str
