"""Many changes of one job: made into rows, sent a few at a time, counted, closed. For apps.jobs."""

from apps.changes.many.entries import (
    MANY,
    bring_back,
    close_rest,
    counts,
    counts_of,
    hand_over,
    insert,
    list_of,
    list_ready,
    newest_settled,
    pace,
    rows_of,
    send,
    unsent_until,
)
from apps.changes.many.lean import Ran, Trouble

__all__ = [
    "MANY",
    "Ran",
    "Trouble",
    "bring_back",
    "close_rest",
    "counts",
    "counts_of",
    "hand_over",
    "insert",
    "list_of",
    "list_ready",
    "newest_settled",
    "pace",
    "rows_of",
    "send",
    "unsent_until",
]
