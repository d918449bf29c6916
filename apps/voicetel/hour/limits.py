"""What a 429 teaches about an operation outside the pool: whom to let wait, and in what order.

The provider may mean the key that it answered, so first only that account waits, for as long as it
was told. The operation is limited for everyone only on evidence: two accounts wait at once and no
call of a third worked meanwhile, or the wait looks like the hour's. Then its calls wait in line, in
turn by account; they spend the shared hour where the wait looks like it, else one goes first and
the others follow when it worked. Calls that work end it. The pool is never shut for any of this.
"""

import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import Error, transaction
from django.db.models import Max, QuerySet

from apps.voicetel import clock
from apps.voicetel.client.errors import BudgetSpent
from apps.voicetel.hour import budget, turns, window
from apps.voicetel.hour.rules import ACCOUNT, JOINED, LONGEST_CALL, obeyed, room_after
from apps.voicetel.models import Limit, Spent, Turn

log = logging.getLogger(__name__)

EVERYONE = "*"  # in the place of an account
LIKE_THE_HOUR = timedelta(minutes=30)  # a wait so long is hardly that of a burst
ENOUGH = 3  # calls of an hourly one that work in a row end it
FOLLOW = timedelta(seconds=20)  # after the call that goes first
# a turn lasts so long after the time that was named for it: some sweeps come every minute
GRACE = timedelta(seconds=90)
KEPT = timedelta(days=1)  # what was heard of an operation so long ago is forgotten
READ_EVERY = 1.0  # seconds


class Caller(NamedTuple):
    """The one who asks. account: its number; empty: nobody's. about: the change's primary key; 0: a
    read.
    """

    account: str
    about: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """The one call that may go while an operation is limited for everyone."""

    operation: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """Which operations and accounts wait, as this process last read it."""

    until: Mapping[tuple[str, str], datetime | None] = field(default_factory=dict)

    @property
    def operations(self) -> set[str]:
        return {operation for operation, _ in self.until}


_cached: tuple[float, Known] = (float("-inf"), Known())  # when read, by the monotonic clock


def reserve(operation: str, caller: Caller) -> budget.Ticket | Trial | None:
    """A ticket where the operation is limited for everyone and it is this caller's turn; None where
    nothing limits it. Raises BudgetSpent with `retry_at`, also when that cannot be read.

    No query while nothing is limited.
    """
    try:
        known = _known()
        if (operation, EVERYONE) in known.until:
            return _in_turn(operation, caller)
        until = known.until.get((operation, caller.account))
        now = clock.now() if until else None
    except Error as broken:
        log.warning("limits unreadable", exc_info=broken)
        raise budget.uncounted(operation) from broken
    if until and now and until > now:
        raise BudgetSpent(
            "VoiceTel asked this account to wait.", operation=operation, retry_at=until
        )
    return None


def _in_turn(operation: str, caller: Caller) -> budget.Ticket | Trial | None:
    with transaction.atomic(durable=True):
        limit = _everyones(operation)
        if limit is None:
            return None  # it ended meanwhile
        now = clock.now()
        turn = _turn(operation, caller, now)
        at = _turn_at(limit, turn, now)
        if at > now:
            turn.due_at = at
            turn.save(update_fields=["due_at"])
        elif not limit.hourly:
            limit.until = now + LONGEST_CALL  # until it has its answer nobody else goes
            limit.save(update_fields=["until"])
            turn.delete()
            return Trial(operation, limit.until)
    if at > now:
        raise _not_yet(operation, at)
    try:
        ticket = budget.reserve(ACCOUNT, JOINED, operation, caller.account)
    except BudgetSpent as spent:  # another operation that joined was quicker
        Turn.objects.filter(pk=turn.pk).update(due_at=spent.retry_at)
        raise
    Turn.objects.filter(pk=turn.pk).delete()
    return ticket


def _not_yet(operation: str, at: datetime) -> BudgetSpent:
    return BudgetSpent(
        "VoiceTel limits these requests, so they go one after the other.",
        operation=operation,
        retry_at=at,
    )


def _everyones(operation: str) -> Limit | None:
    """Locked to the transaction's end."""
    rows = Limit.objects.select_for_update()
    return rows.filter(operation=operation, account=EVERYONE).first()


def _turn(operation: str, caller: Caller, now: datetime) -> Turn:
    return Turn.objects.get_or_create(
        operation=operation,
        account=caller.account,
        about=caller.about,
        defaults={"since": now, "due_at": now},
    )[0]


def _turn_at(limit: Limit, turn: Turn, now: datetime) -> datetime:
    """When this turn comes if nobody comes before it; `now` or earlier: now."""
    own = Limit.objects.filter(operation=limit.operation, account=turn.account).first()
    opens = max([now, *(each.until for each in (limit, own) if each and each.until)])
    # whose own wait lasts longer keeps its place, and holds up nobody meanwhile
    later = Limit.objects.filter(operation=limit.operation, until__gt=opens)
    waiting = Turn.objects.filter(operation=limit.operation, due_at__gt=now - GRACE)
    waiting = waiting.exclude(account__in=later.values("account"))
    had_at = _had_at(limit.operation, now) if limit.hourly else {}
    ahead = turns.by_account({*waiting, turn}, had_at).index(turn)
    if not limit.hourly:
        return opens + FOLLOW if ahead else opens
    view = window.look(ACCOUNT, limit.operation)
    if view is None:
        return opens
    if view.shut_until:
        opens = max(opens, view.shut_until)
    return room_after(view.held, ACCOUNT, JOINED, opens, ahead)


def _had_at(operation: str, now: datetime) -> dict[str, datetime]:
    """When each account last had a call of it."""
    lately = Spent.objects.filter(
        pool=ACCOUNT.name, operation=operation, call_class=JOINED.name, at__gt=now - KEPT
    )
    return dict(lately.order_by().values_list("account").annotate(Max("at")))


def limited(operation: str, caller: Caller, wait: timedelta | None) -> None:
    """A 429 came to this caller's call, with so long a wait; None: it named no usable time."""
    log.warning("429 of %s: it said %s to one account", operation, wait)
    try:
        with transaction.atomic(durable=True):
            _limited(operation, caller, wait)
    except Error as broken:
        log.warning("429 not written down: %s", operation, exc_info=broken)
    forget()


def _limited(operation: str, caller: Caller, wait: timedelta | None) -> None:
    everyones = _everyones(operation)
    now = clock.now()
    until = now + obeyed(wait)
    Limit.objects.update_or_create(
        operation=operation,
        account=caller.account,
        defaults={"until": until, "at": now, "proven": True},
    )
    Turn.objects.update_or_create(
        operation=operation,
        account=caller.account,
        about=caller.about,
        defaults={"due_at": until},
        create_defaults={"since": now, "due_at": until},
    )
    others = _others_waiting(operation, caller, now).filter(proven=True).exists()
    proven = others or (everyones is not None and everyones.proven)
    like_the_hour = wait is not None and wait >= LIKE_THE_HOUR
    if not proven and not like_the_hour and everyones is None:
        return
    hourly = like_the_hour or (proven and obeyed(wait) >= LIKE_THE_HOUR)
    Limit.objects.update_or_create(
        operation=operation,
        account=EVERYONE,
        defaults={
            "until": until if proven else None,
            "at": now,
            "proven": proven,
            "hourly": hourly or (everyones is not None and everyones.hourly),
            "worked": 0,
        },
    )


def worked(operation: str, caller: Caller, ticket: budget.Ticket | Trial | None) -> None:
    """The provider took a call of it. No query while nothing limits the operation."""
    if operation not in _cached[1].operations:
        return
    try:
        with transaction.atomic(durable=True):
            _worked(operation, caller, ticket)
    except Error as broken:
        log.warning("limit not ended: %s", operation, exc_info=broken)
    forget()


def _worked(operation: str, caller: Caller, ticket: budget.Ticket | Trial | None) -> None:
    everyones = _everyones(operation)
    now = clock.now()
    # what is said to those who still wait is said to their keys: this one was let through
    disproved = _others_waiting(operation, caller, now).update(proven=False)
    Limit.objects.filter(operation=operation, account=caller.account, until__lte=now).delete()
    if everyones is None or ticket is None:  # None: it was on its way before the limit was known
        return
    everyones.worked += 1
    if everyones.hourly and not disproved and everyones.worked < ENOUGH:
        everyones.save(update_fields=["worked"])
        return
    everyones.delete()
    Turn.objects.filter(operation=operation).delete()


def _others_waiting(operation: str, caller: Caller, now: datetime) -> QuerySet[Limit]:
    waiting = Limit.objects.filter(operation=operation, until__gt=now)
    return waiting.exclude(account__in=[caller.account, EVERYONE])


def release(trial: Trial) -> None:
    """It never left, so whoever is next need not wait for its answer."""
    with suppress(Error):
        mine = Limit.objects.filter(operation=trial.operation, account=EVERYONE, until=trial.until)
        mine.update(until=None)


def forget() -> None:
    """Read anew what is limited."""
    global _cached
    _cached = (float("-inf"), Known())


def forget_old(now: datetime) -> None:
    """Delete what was heard of an operation a day ago, and turns that nobody came for."""
    Limit.objects.filter(at__lt=now - KEPT).delete()
    Turn.objects.filter(due_at__lt=now - KEPT).delete()


def _known() -> Known:
    """Read once a second."""
    global _cached
    if time.monotonic() - _cached[0] > READ_EVERY:
        rows = Limit.objects.filter(at__gt=clock.about_now() - KEPT)
        found = {
            (operation, account): until
            for operation, account, until in rows.values_list("operation", "account", "until")
        }
        _cached = (time.monotonic(), Known(found))
    return _cached[1]
