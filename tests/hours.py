"""How tests let time pass for the portal and the provider together, and fill the shared hour."""

from datetime import timedelta
from typing import Any

from apps.voicetel import clock
from apps.voicetel.hour import budget
from apps.voicetel.hour.rules import ACCOUNT, CLASSES


def pass_time(sandbox: Any, **delta: float) -> None:
    """Moves both clocks on: `pass_time(sandbox, minutes=61)`."""
    seconds = timedelta(**delta).total_seconds()
    sandbox.advance(seconds)
    clock.advance(seconds)


def fill_the_hour(account: str = "1000000002") -> None:
    """Spends the six calls of the hour on looks at that account."""
    for _ in range(6):
        budget.settle(budget.reserve(ACCOUNT, CLASSES["looking"], "accountGet", account))
