"""One good call of each of the 74 operations: how it is made, what leaves, what comes back, and
what the caller then has.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from apps.voicetel.client import Client

N, OTHER = "2015550100", "2015550199"
NEWEST, OLDEST = (
    datetime(2025, 5, 15, 21, 40, tzinfo=UTC),
    datetime(2025, 5, 14, 21, 40, tzinfo=UTC),
)


@dataclass(frozen=True)
class Case:
    """`gives`: what the caller has of the answer, by `have`. `data` None: 204 without a body."""

    operation: str
    make: Callable[[Client], Any]
    path: str
    query: dict[str, str]
    body: Any
    data: Any
    have: Callable[[Any], Any] = lambda answer: answer
    gives: Any = None


def case(
    operation: str,
    make: Any,
    path: str,
    *,
    query: Any = None,
    body: Any = None,
    data: Any = None,
    have: Any = None,
    gives: Any = None,
) -> Case:
    return Case(
        operation, make, path, query or {}, body, data, have or (lambda answer: answer), gives
    )


NUMBER = {
    "number": N,
    "route": 1000,
    "gateway": "203.0.113.10:5060",
    "translated": N,
    "forward": True,
    "forwardTo": OTHER,
    "cnam": True,
    "smsEnabled": False,
    "faxEnabled": True,
    "carrier": 17,
}
