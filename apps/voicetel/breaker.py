"""While the provider is down, nobody waits for it; what is broken for one account stops only that
account. Rows, shared by all processes.

An operation that failed FAILURES times in a row for one account, by the provider's fault, is
refused to that account; with two such operations, all of them are. The same is done to everyone
only when two accounts or more have failed since any call last worked, and one account's failures
never make up the number alone: so one customer's broken account cannot hold up another. A
connection that never opened says nothing about the account; FAILURES of those in a row refuse every
operation.

A refusal is NotSent, which is surely true of it. Every PAUSE one call of each operation is let
through as a trial, made by another account than the one that failed last; the first that works
lets its operation through again. A call that was sent is never judged here again, so nothing is
sent twice on its account.
"""

import logging
import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import Error
from django.db.models import CharField, F, Q, Value

from apps.voicetel import clock
from apps.voicetel.client.errors import NotSent
from apps.voicetel.models import Breaker, Failing

log = logging.getLogger(__name__)

FAILURES = 5
PAUSE = timedelta(seconds=30)
LAST_RESORT = 4 * PAUSE  # when no other account came to try, the one that failed may
IN_A_ROW = timedelta(minutes=5)  # a failure longer ago than this does not begin a row
# Of the FAILURES that stop everyone, so many at most are one account's, and so many those of an
# account that is refused already: else one failure of another account would stop all.
ONE_ACCOUNT, ONE_REFUSED = 3, 2
# an account that has failed so often in a row has a trouble of its own
LONG_BROKEN = 3 * FAILURES
PROVIDER = ""  # all operations, as the name of a row
EVERYONE = "*"  # in the place of an account
READ_EVERY = 1.0  # seconds


class Opened(NamedTuple):
    """Since when something is refused, and the account that failed last."""

    since: datetime
    failed_by: str


@dataclass(frozen=True, slots=True)
class State:
    """How the provider is doing, as this process last read it.

    Both are keyed by operation (or PROVIDER) and account (or EVERYONE).
    """

    opened: Mapping[tuple[str, str], Opened] = field(default_factory=dict)
    failing: Collection[tuple[str, str]] = frozenset()  # failed lately, refused or not
    counting: bool = False  # a failure lately was followed by no call that worked


class Evidence(NamedTuple):
    """Failures of one account's operation that nothing has disproved."""

    operation: str
    account: str
    failures: int
    refused: bool  # to this account, already


_cached: tuple[float, State] = (float("-inf"), State())  # when read, by the monotonic clock


class Guard:
    """The transport's guard, for one account (its number; empty: nobody's)."""

    def __init__(self, account: str = "") -> None:
        self.account = account

    def check(self, operation: str) -> None:
        """Raises NotSent while this is refused and it is not this call's turn to try.

        No query while all is well.
        """
        opened = _state().opened
        everyones = [opened[key] for key in _keys(operation, EVERYONE) if key in opened]
        own = [opened[key] for key in _keys(operation, self.account) if key in opened]
        if not everyones and not own:
            return
        at = clock.about_now()
        # The trial of an account that is broken by itself would say nothing about the provider.
        due = all(
            _due(one, at, LAST_RESORT if own or one.failed_by == self.account else PAUSE)
            for one in everyones
        ) and all(_due(one, at, PAUSE) for one in own)
        if due and self._claim_trial(operation, at, for_everyone=bool(everyones)):
            return
        raise NotSent("VoiceTel is not answering at the moment.", operation=operation)

    def report(self, operation: str, ok: bool, *, connected: bool = True) -> None:
        """How a call ended: `ok` is any answer of the provider's own, a refusal too; not ok: none,
        a 5xx or nonsense. connected: False when no connection was made.
        """
        try:
            if not ok:
                if connected:
                    _failed(operation, self.account)
                else:
                    _unreachable()
                return
            state = _state()
            known = [*_keys(operation, EVERYONE), *_keys(operation, self.account)]
            if state.counting or any(key in state.failing for key in known):
                _worked(operation, self.account)
        except Error as broken:
            log.warning("breaker not written", exc_info=broken)

    def _claim_trial(self, operation: str, at: datetime, *, for_everyone: bool) -> bool:
        # Further ahead than PAUSE is by a clock that was set back since; a little ahead, by another
        # machine's.
        due = Q(tried_at=None) | Q(tried_at__lte=at - PAUSE) | Q(tried_at__gt=at + PAUSE)
        try:
            if for_everyone:
                Breaker.objects.get_or_create(pk=operation)
                mine = Breaker.objects.filter(due, pk=operation)
                return mine.update(tried_at=at) == 1
            Failing.objects.get_or_create(operation=operation, account=self.account)
            own = Failing.objects.filter(due, operation=operation, account=self.account)
            return own.update(tried_at=at) == 1
        except Error as broken:
            log.warning("breaker not claimed", exc_info=broken)
            return False


def forget() -> None:
    """Read the state anew."""
    global _cached
    _cached = (float("-inf"), State())


def _keys(operation: str, account: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (PROVIDER, account), (operation, account)


def _due(one: Opened, at: datetime, pause: timedelta) -> bool:
    return not at - pause < one.since <= at + PAUSE


def _state() -> State:
    global _cached
    if time.monotonic() - _cached[0] > READ_EVERY:
        try:
            rows = list(_rows())
        except Error as broken:
            # Without a database nothing is known to be down; the budget and the journal refuse.
            log.warning("breaker not read", exc_info=broken)
            return _cached[1]
        opened = {
            (name, account): Opened(clock.aware(at), failed_by)
            for name, account, at, failed_by, _ in rows
            if at
        }
        failing = {(name, account) for name, account, *_ in rows}
        counting = any(counted for *_, counted in rows)
        _cached = (time.monotonic(), State(opened, failing, counting))
    return _cached[1]


def _rows() -> Iterable[tuple[str, str, datetime | None, str, int]]:
    """What fails, for everyone and for accounts, in one query."""
    everyone = Breaker.objects.exclude(failures=0, opened_at=None).values_list(
        "name", Value(EVERYONE, CharField()), "opened_at", "failed_by", "failures"
    )
    accounts = Failing.objects.filter(
        failures__gt=0, failed_at__gte=clock.about_now() - IN_A_ROW
    ).values_list("operation", "account", "opened_at", Value(EVERYONE, CharField()), "counted")
    return everyone.union(accounts, all=True)


def _failed(operation: str, account: str) -> None:
    """One more of an account's calls was answered by nothing, a 5xx or nonsense."""
    at = clock.about_now()
    _count_failure(operation, account, at)
    found = _evidence(at)
    own = [each for each in found if each.account == account]
    if len({each.operation for each in own}) > 1 and sum(each.failures for each in own) >= FAILURES:
        Failing.objects.update_or_create(
            operation=PROVIDER,
            account=account,
            defaults={"opened_at": at, "failed_at": at, "failures": FAILURES},
        )
    if _is_everyones([each for each in found if each.operation == operation]):
        _open(operation, at, account)
    if len({each.operation for each in found}) > 1 and _is_everyones(found):
        _open(PROVIDER, at, account)
    forget()


def _count_failure(operation: str, account: str, at: datetime) -> None:
    Failing.objects.get_or_create(operation=operation, account=account)
    mine = Failing.objects.filter(operation=operation, account=account)
    mine.filter(~_lately(at), opened_at=None).update(failures=0, counted=0)
    mine.update(failures=F("failures") + 1, counted=F("counted") + 1, failed_at=at)
    mine.filter(failures__gte=FAILURES).update(opened_at=at)


def _unreachable() -> None:
    """A connection never opened, which is the provider's trouble or ours, and no account's."""
    at = clock.about_now()
    Breaker.objects.get_or_create(pk=PROVIDER)
    row = Breaker.objects.filter(pk=PROVIDER)
    row.filter(~_lately(at), opened_at=None).update(failures=0)
    row.update(failures=F("failures") + 1, failed_at=at)
    row.filter(failures__gte=FAILURES).update(opened_at=at, failed_by=EVERYONE)
    forget()


def _worked(operation: str, account: str) -> None:
    # an answer of another operation, or to another account, says nothing of what is broken alone
    Breaker.objects.filter(pk__in=[PROVIDER, operation]).update(failures=0, opened_at=None)
    Failing.objects.filter(account=account, operation__in=[PROVIDER, operation]).delete()
    Failing.objects.filter(counted__gt=0).update(counted=0)
    forget()


def _lately(at: datetime) -> Q:
    return Q(failed_at__gte=at - IN_A_ROW)


def _evidence(at: datetime) -> list[Evidence]:
    """What failed since any call last worked, but not what fails for an account all the time."""
    found = Failing.objects.filter(_lately(at), counted__gt=0, failures__lt=LONG_BROKEN)
    return [
        Evidence(operation, account, counted, opened_at is not None)
        for operation, account, counted, opened_at in found.exclude(operation=PROVIDER).values_list(
            "operation", "account", "counted", "opened_at"
        )
    ]


def _is_everyones(found: Collection[Evidence]) -> bool:
    """Whether two accounts or more failed often enough together."""
    failures, most = Counter[str](), dict[str, int]()
    for each in found:
        failures[each.account] += each.failures
        most[each.account] = min(
            most.get(each.account, ONE_ACCOUNT), ONE_REFUSED if each.refused else ONE_ACCOUNT
        )
    return len(failures) > 1 and sum(min(failures[one], most[one]) for one in most) >= FAILURES


def _open(name: str, at: datetime, account: str) -> None:
    Breaker.objects.update_or_create(pk=name, defaults={"opened_at": at, "failed_by": account})
