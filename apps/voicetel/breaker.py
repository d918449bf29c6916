"""While the provider is down, do not make everyone wait for it: one row shared by all processes.

After FAILURES calls in a row that failed by the provider's fault, calls are refused as NotSent, which is surely true of
them; every PAUSE one call of each operation is let through as a trial, and the first that works lets all through. A call
that was sent is never judged here again, so nothing is sent twice on its account.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error
from django.db.models import F, Q

from apps.voicetel import clock
from apps.voicetel.client.errors import NotSent
from apps.voicetel.models import Breaker

log = logging.getLogger(__name__)

FAILURES = 5
PAUSE = timedelta(seconds=30)
IN_A_ROW = timedelta(minutes=5)  # a failure longer ago than this does not begin a row
PROVIDER = ""  # the name of the row that says how the provider is doing
READ_EVERY = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class State:
    """How the provider is doing, as this process last read it."""

    failures: int = 0
    opened_at: datetime | None = None


_cached: tuple[float, State] = (float("-inf"), State())  # when read, by the monotonic clock


class Guard:
    """The transport's guard."""

    def check(self, operation: str) -> None:
        """Raises NotSent while the provider is down and it is not this operation's turn to try. No query while all is well."""
        opened_at = _state().opened_at
        if opened_at is None:
            return
        if clock.about_now() >= opened_at + PAUSE and _claim_trial(operation):
            return
        raise NotSent("VoiceTel is not answering at the moment.", operation=operation)

    def report(self, operation: str, ok: bool) -> None:
        """How a call ended: `ok` is any answer of the provider's own, a refusal too; not ok: none, a 5xx or nonsense."""
        try:
            if not ok:
                _failed()
            elif _state() != State():
                _worked()
        except Error as broken:
            log.warning("breaker not written", exc_info=broken)


def forget() -> None:
    """Read the state anew."""
    global _cached
    _cached = (float("-inf"), State())


def is_open() -> bool:
    """Whether the provider is known to be down: pages then say so and disable what would change something."""
    return _state().opened_at is not None


def _state() -> State:
    global _cached
    if time.monotonic() - _cached[0] > READ_EVERY:
        try:
            row = Breaker.objects.filter(pk=PROVIDER).values_list("failures", "opened_at").first()
        except Error as broken:  # without a database nothing is known to be down; the budget and the journal refuse on their own
            log.warning("breaker not read", exc_info=broken)
            return _cached[1]
        _cached = (time.monotonic(), State(*row) if row else State())
    return _cached[1]


def _failed() -> None:
    at = clock.about_now()
    Breaker.objects.get_or_create(pk=PROVIDER)
    provider = Breaker.objects.filter(pk=PROVIDER)
    provider.filter(failed_at__lt=at - IN_A_ROW, opened_at=None).update(failures=0)
    provider.update(failures=F("failures") + 1, failed_at=at)
    provider.filter(failures__gte=FAILURES).update(opened_at=at)
    forget()


def _worked() -> None:
    Breaker.objects.filter(pk=PROVIDER).update(failures=0, opened_at=None)
    forget()


def _claim_trial(operation: str) -> bool:
    at = clock.about_now()
    try:
        Breaker.objects.get_or_create(pk=operation)
        due = Q(tried_at=None) | Q(tried_at__lte=at - PAUSE)
        return Breaker.objects.filter(due, pk=operation).update(tried_at=at) == 1
    except Error as broken:
        log.warning("breaker not claimed", exc_info=broken)
        return False
