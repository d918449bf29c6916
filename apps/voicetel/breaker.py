"""While the provider is down, do not make everyone wait for it: rows shared by all processes.

An operation that failed FAILURES times in a row, by the provider's fault, is refused as NotSent,
which is surely true of it. When such a row is of two operations or more, the provider is down and
every operation is refused; one that is broken alone stops no other. Every PAUSE one call of each
operation is let through as a trial; the first that works lets its own operation through, and all
others but those that failed so often themselves. A call that was sent is never judged here again,
so nothing is sent twice on its account.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
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
PROVIDER = ""  # the name of the row that says whether all are refused
READ_EVERY = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class State:
    """How the provider is doing, as this process last read it.

    `opened`: since when an operation, or PROVIDER, is refused.
    """

    opened: Mapping[str, datetime] = field(default_factory=dict)
    counting: bool = False  # an operation that is let through failed lately


_cached: tuple[float, State] = (float("-inf"), State())  # when read, by the monotonic clock


class Guard:
    """The transport's guard."""

    def check(self, operation: str) -> None:
        """Raises NotSent while the provider is down and it is not this operation's turn to try.

        No query while all is well.
        """
        opened = _state().opened
        since = [opened[name] for name in (PROVIDER, operation) if name in opened]
        if not since:
            return
        at = clock.about_now()
        if not at - PAUSE < max(since) <= at + PAUSE and _claim_trial(operation, at):
            return
        raise NotSent("VoiceTel is not answering at the moment.", operation=operation)

    def report(self, operation: str, ok: bool) -> None:
        """How a call ended: `ok` is any answer of the provider's own, a refusal too; not ok: none,
        a 5xx or nonsense.
        """
        try:
            if not ok:
                _failed(operation)
                return
            state = _state()
            if state.counting or PROVIDER in state.opened or operation in state.opened:
                _worked(operation)
        except Error as broken:
            log.warning("breaker not written", exc_info=broken)


def forget() -> None:
    """Read the state anew."""
    global _cached
    _cached = (float("-inf"), State())


def _state() -> State:
    global _cached
    if time.monotonic() - _cached[0] > READ_EVERY:
        try:
            rows = list(
                Breaker.objects.exclude(failures=0, opened_at=None).values_list("name", "opened_at")
            )
        except Error as broken:
            # Without a database nothing is known to be down; the budget and the journal refuse.
            log.warning("breaker not read", exc_info=broken)
            return _cached[1]
        opened = {name: at for name, at in rows if at}
        _cached = (time.monotonic(), State(opened, counting=len(opened) < len(rows)))
    return _cached[1]


def _failed(operation: str) -> None:
    at = clock.about_now()
    Breaker.objects.get_or_create(pk=operation)
    lately = Q(failed_at__gte=at - IN_A_ROW)
    mine = Breaker.objects.filter(pk=operation)
    mine.filter(~lately, opened_at=None).update(failures=0)
    mine.update(failures=F("failures") + 1, failed_at=at)
    mine.filter(failures__gte=FAILURES).update(opened_at=at)
    failing = list(
        Breaker.objects.filter(lately, failures__gt=0)
        .exclude(pk=PROVIDER)
        .values_list("failures", "opened_at")
    )
    # One that is refused already counts as one: else a single failure of any other would stop all.
    if (
        len(failing) > 1
        and sum(1 if opened_at else failures for failures, opened_at in failing) >= FAILURES
    ):
        Breaker.objects.update_or_create(pk=PROVIDER, defaults={"opened_at": at})
    forget()


def _worked(operation: str) -> None:
    # an answer of another operation says nothing of a broken one
    ended = Q(pk__in=[PROVIDER, operation]) | Q(opened_at=None)
    Breaker.objects.filter(ended).update(failures=0, opened_at=None)
    forget()


def _claim_trial(operation: str, at: datetime) -> bool:
    try:
        Breaker.objects.get_or_create(pk=operation)
        # Further ahead than PAUSE is by a clock that was set back since; a little ahead, by another
        # machine's.
        due = Q(tried_at=None) | Q(tried_at__lte=at - PAUSE) | Q(tried_at__gt=at + PAUSE)
        return Breaker.objects.filter(due, pk=operation).update(tried_at=at) == 1
    except Error as broken:
        log.warning("breaker not claimed", exc_info=broken)
        return False
