"""The provider's hour: six calls for all customers together, counted in the database, and refused
when in doubt.

`reserve()` writes a row before the call is sent, `settle()` moves it to the moment of the answer,
`release()` takes it back when nothing left us. Why it stands in the database and counts answers:
docs/decisions/0002.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import Error, transaction
from django.db.models import F

from apps.voicetel import clock
from apps.voicetel.client.errors import BudgetSpent
from apps.voicetel.hour import window
from apps.voicetel.hour.rules import (
    ACCOUNT,
    HOUR,
    LONGEST_CALL,
    POOLS,
    CallClass,
    Pool,
    obeyed,
)
from apps.voicetel.models import Spent, Window

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A call that was reserved."""

    spent: int  # its row
    pool: str
    operation: str


class Call(NamedTuple):
    """One call of the hour, for people to see."""

    operation: str
    call_class: str
    account: str
    at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is left of the hour.

    `next_at`: when one more call may go; None: now. `calls`: newest first.
    """

    left: int
    next_at: datetime | None
    calls: list[Call]


def reserve(pool: Pool, call_class: CallClass, operation: str, account: str = "") -> Ticket:
    """Spend one of the hour's calls, in a transaction of its own: a caller's rollback cannot
    unspend it.

    Raises BudgetSpent with `retry_at`, also when the hour cannot be read: a call that cannot be
    counted is not made.
    """
    try:
        found = _reserve(pool, call_class, operation, account)
    except Error as broken:
        log.warning("hour unreadable", exc_info=broken)
        raise uncounted(operation) from broken
    if isinstance(found, datetime):
        raise BudgetSpent(
            "This hour's calls to VoiceTel are used up.", operation=operation, retry_at=found
        )
    return found


def uncounted(operation: str) -> BudgetSpent:
    """What is raised where the database does not say whether a call may go."""
    return BudgetSpent(
        "The hour's calls cannot be counted now, so none is made.",
        operation=operation,
        retry_at=clock.about_now() + timedelta(minutes=1),
    )


def _reserve(pool: Pool, call_class: CallClass, operation: str, account: str) -> Ticket | datetime:
    name = window.name_of(pool, operation)
    view = window.look(pool, operation)  # unlocked: most refusals need no more than this
    if view is None:
        Window.objects.get_or_create(pk=name)
    elif (until := view.full_until(pool, call_class)) and not view.stepped():
        return until
    with transaction.atomic(durable=True):
        view = window.locked(pool, operation)
        if until := view.full_until(pool, call_class):
            return until  # by return, not by raise: a step that was found stays written down
        now, stamp = view.times()
        spent = window.spend(
            pool.name, operation, call_class.name, account, now, stamp + LONGEST_CALL
        )
    return Ticket(spent, pool.name, operation)


def settle(ticket: Ticket) -> None:
    """The answer is there: the call counts from now.

    Without a database it goes on counting from the latest it could be.
    """
    pool = POOLS[ticket.pool]
    try:
        with transaction.atomic(durable=True):
            # a clock that was set while the call was on its way is noticed here
            view = window.locked(pool, ticket.operation)
            _, stamp = view.times()
            Spent.objects.filter(pk=ticket.spent).update(at=stamp, answered_at=stamp)
    except Error as broken:
        log.warning("call not settled: %s", ticket.operation, exc_info=broken)


def release(ticket: Ticket) -> None:
    """Nothing left us: the call is nobody's. Without a database it stays spent."""
    try:
        with transaction.atomic(durable=True):
            Spent.objects.filter(pk=ticket.spent).delete()
    except Error as broken:
        log.warning("call not released: %s", ticket.operation, exc_info=broken)


def shut(pool: Pool, operation: str, wait: timedelta | None) -> None:
    """A 429 came to a call of the pool: no other for `wait` (obeyed within the hour)."""
    name = window.name_of(pool, operation)
    log.warning(
        "429 of %s: it said %s, pool %s is shut for %s", operation, wait, name, obeyed(wait)
    )
    try:
        Window.objects.get_or_create(pk=name)
        with transaction.atomic(durable=True):
            view = window.locked(pool, operation)
            _, now = view.times()
            Window.objects.filter(pk=name).update(
                shut_until=max(now + obeyed(wait), view.shut_until or now)
            )
    except Error as broken:
        log.warning("429 not written down: %s", operation, exc_info=broken)


def jump(seconds: float, since: datetime) -> None:
    """Move the demo's clock on after the sandbox's, which was moved after `since`.

    A call answered in between, or still on its way, may have arrived there after the jump: it
    counts from after ours. Raises what clock.advance() raises.
    """
    with transaction.atomic():
        for name in Window.objects.values_list("pk", flat=True):
            window.lock(name)  # nobody settles between the two statements
        clock.advance(seconds)
        Spent.objects.filter(at__gte=since).update(at=F("at") + timedelta(seconds=seconds))


def outlook(
    pool: Pool = ACCOUNT, *, call_class: CallClass | None = None, operation: str = ""
) -> Outlook:
    """What is left of the hour for a class (any: the pool's own size).

    With VOICETEL_POOLS=four name the operation.
    """
    call_class = call_class or CallClass("", pool.size)
    view = window.look(pool, operation)
    now = view.times()[0] if view else clock.now()
    hour = window.rows(pool, operation).filter(at__gt=now - HOUR)
    calls = [
        Call(*row)
        for row in hour.order_by("-at").values_list(
            "operation", "call_class", "account", "at", "answered_at"
        )
    ]
    next_at = view.full_until(pool, call_class) if view else None
    mine = sum(call.call_class == call_class.name for call in calls)
    left = 0 if next_at else min(pool.size - len(calls), call_class.most - mine)
    return Outlook(left, next_at, calls)
