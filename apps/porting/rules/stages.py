"""How far a port is, and which of VoiceTel's words say so.

VoiceTel's document knows one status, `Complete`; every other is typed by people. A whole phrase
that the table knows moves a port, case and punctuation aside. Nothing is guessed from a part of
one: "not rejected" holds "rejected".
"""

import re
from dataclasses import dataclass

from django.db import models

from apps.text import folded


class Stage(models.TextChoices):
    """What is certain of a port."""

    SENT = "sent", "Order sent"
    LETTER = "letter", "Letter needed"
    RECEIVED = "received", "Letter received"
    FILED = "filed", "With the carrier"
    REJECTED = "rejected", "Declined"
    DATE = "date", "Date set"
    ARRIVED = "arrived", "Numbers arrived"
    COMPLETE = "complete", "Complete"


TONES: dict[str, str] = {
    Stage.SENT: "info",
    Stage.LETTER: "warn",
    Stage.RECEIVED: "info",
    Stage.FILED: "info",
    Stage.REJECTED: "bad",
    Stage.DATE: "good",
    Stage.ARRIVED: "good",
    Stage.COMPLETE: "good",
}

PHRASES: dict[str, Stage] = {
    "submitted": Stage.SENT,
    "new": Stage.SENT,
    "new order": Stage.SENT,
    "received": Stage.SENT,
    "order received": Stage.SENT,
    "waiting for loa": Stage.LETTER,
    "waiting on loa": Stage.LETTER,
    "waiting on signed loa and bill copy": Stage.LETTER,
    "loa needed": Stage.LETTER,
    "letter received": Stage.RECEIVED,
    "loa received": Stage.RECEIVED,
    "filed": Stage.FILED,
    "submitted to carrier": Stage.FILED,
    "submitted to losing carrier": Stage.FILED,
    "rejected": Stage.REJECTED,
    "rejected by losing carrier": Stage.REJECTED,
    "foc received": Stage.DATE,
    "foc": Stage.DATE,
    "complete": Stage.COMPLETE,
    "completed": Stage.COMPLETE,
}
PUNCTUATION = re.compile(r"[^\w\s]")


def stage_of(status: str) -> Stage | None:
    """The stage that a status says; None for words that the table does not have whole."""
    return PHRASES.get(" ".join(PUNCTUATION.sub(" ", folded(status)).split()))


def settled(now: Stage | str, said: Stage | None, *, dated: bool, arrived: bool) -> Stage:
    """The stage of a port. said: by its status's words, None where those are unknown.

    dated: VoiceTel tells a firm date; arrived: all of its numbers are on our copy of the account.
    A rejection takes back a date; nothing takes back numbers that are here.
    """
    stage = said or Stage(now)
    if arrived and stage != Stage.COMPLETE:
        return Stage.ARRIVED
    if dated and stage not in {Stage.REJECTED, Stage.ARRIVED, Stage.COMPLETE}:
        return Stage.DATE
    return stage


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the row on top of a port's page. state: done, now, bad or next; when: a date in
    words, or what is known of it.
    """

    name: str
    state: str
    when: str = ""


# Which of the four steps of the row a stage stands in.
PLACE: dict[str, int] = {
    Stage.SENT: 0,
    Stage.LETTER: 1,
    Stage.RECEIVED: 2,
    Stage.FILED: 2,
    Stage.REJECTED: 2,
    Stage.DATE: 3,
    Stage.ARRIVED: 3,
    Stage.COMPLETE: 4,
}
