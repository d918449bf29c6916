"""The words by which people stop and start texts. Pure."""

import re

STOP = frozenset(
    {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT"}
)
START = frozenset({"START", "UNSTOP"})
PLEA = re.compile(
    r"\b(?:stop|quit|don'?t|do not|no more)\b.{0,20}\b(?:text|messag|send|contact)|\bunsubscribe\b"
    r"|\b(?:remove|take) me\b|\bopt(?:ed|ing)?[ -]?out\b",
    re.IGNORECASE | re.DOTALL,
)
# what VoiceTel's 409 says when the far end has opted out; its two other causes are the account's
TOLD = re.compile(
    r"\bopt(?:ed)?[ -]?out\b|\bunsubscribed\b|\bstop(?:ped)? keyword\b", re.IGNORECASE
)


def word_of(text: str) -> str:
    """The text as a keyword: capitals, single spaces, no punctuation."""
    return " ".join(re.sub(r"[^\w\s]", " ", text.upper()).split())


def stops(text: str) -> bool:
    return word_of(text) in STOP


def starts(text: str) -> bool:
    return word_of(text) in START


def pleads(text: str) -> bool:
    """Whether a longer text seems to ask for no more: offered to be recorded, never recorded
    unasked.
    """
    return not stops(text) and bool(PLEA.search(text))


def told(said: str) -> bool:
    """Whether a 409's words say that the far end has opted out."""
    return bool(TOLD.search(said))
