"""The window of a pool in the database: one look at it, the lock under which it is counted, and
what a set clock does to it.

Raw SQL: under twenty threads the ORM's own work, done while others wait for the lock, was most of
it.
"""

import json
import logging
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection, models

from apps.voicetel import clock
from apps.voicetel.hour import clock_steps
from apps.voicetel.hour.rules import HOUR, LONGEST_CALL, CallClass, Held, Pool, full_until
from apps.voicetel.models import Spent, Window

log = logging.getLogger(__name__)


class View(NamedTuple):
    """The window as one look sees it. `moment` is the database's clock, `offset` the demo's."""

    moment: datetime
    offset: timedelta
    shut_until: datetime | None
    seen: clock_steps.Seen
    held: list[Held]
    tick: clock_steps.Tick

    def times(self) -> tuple[datetime, datetime]:
        """The earlier and the later of the two clocks: count by the first and stamp by the second,
        and a step too small to be called one errs on our side."""
        least, most = clock_steps.expected(self.seen, self.tick, self.moment) or (
            self.moment,
            self.moment,
        )
        return min(self.moment, least) + self.offset, max(self.moment, most) + self.offset

    def full_until(self, pool: Pool, call_class: CallClass) -> datetime | None:
        now, _ = self.times()
        until = full_until(self.held, pool, call_class, now)
        if self.shut_until is not None and self.shut_until > now:
            return max(self.shut_until, until or self.shut_until)
        return until

    def stepped(self) -> datetime | None:
        return clock_steps.stepped(self.seen, self.tick, self.moment)


def name_of(pool: Pool, operation: str) -> str:
    return pool.name if settings.VOICETEL_POOLS == "one" else f"{pool.name}:{operation}"


def rows(pool: Pool, operation: str) -> models.QuerySet[Spent]:
    """The calls that share the pool; with four pools an operation's own, whichever way they were
    counted when they were made.
    """
    of_pool = Spent.objects.filter(pool=pool.name)
    return of_pool if settings.VOICETEL_POOLS == "one" else of_pool.filter(operation=operation)


def lock(name: str) -> None:
    """Until the transaction's end.

    SQLite needs no more than that the transaction has begun: IMMEDIATE lets one in at a time.
    """
    if connection.features.has_select_for_update:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM voicetel_window WHERE name = %s FOR UPDATE", [name])


def spend(
    pool: str, operation: str, call_class: str, account: str, asked_at: datetime, at: datetime
) -> int:
    """Write a call down; its row's number."""
    asked, late = (connection.ops.adapt_datetimefield_value(moment) for moment in (asked_at, at))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO voicetel_spent (pool, operation, lane, account, asked_at, at) VALUES (%s,"
            " %s, %s, %s, %s, %s) RETURNING id",
            [pool, operation, call_class, account, asked, late],
        )
        return int(cursor.fetchone()[0])


def look(pool: Pool, operation: str) -> View | None:
    """Time, window and its newest calls in one statement; None: no such window yet."""
    own, values = (
        ("", []) if settings.VOICETEL_POOLS == "one" else ("AND operation = %s", [operation])
    )
    tick = clock_steps.tick()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {clock.columns()}, w.shut_until, w.seen, s.at, s.lane FROM voicetel_window w
            LEFT JOIN (
                SELECT at, lane FROM voicetel_spent WHERE pool = %s {own} ORDER BY at DESC LIMIT %s
            ) s ON 1 = 1
            WHERE w.name = %s""",  # noqa: S608 - constants; what varies is a parameter
            [pool.name, *values, pool.size, name_of(pool, operation)],
        )
        found = cursor.fetchall()
    if not found:
        return None
    tick = tick._replace(took=clock_steps.tick().seconds - tick.seconds)
    moment, seconds, shut_until, seen, *_ = found[0]
    held = [Held(clock.aware(at), call_class) for *_, at, call_class in found if at is not None]
    until = clock.aware(shut_until) if shut_until else None
    return View(
        clock.aware(moment), timedelta(seconds=seconds or 0), until, json.loads(seen), held, tick
    )


def locked(pool: Pool, operation: str) -> View:
    """The look under the window's lock, within a transaction. Raises django.db.Error.

    If the clock was set, all calls of the last two hours first begin to count from now.
    """
    name = name_of(pool, operation)
    lock(name)
    # a second statement: one that locks and counts would see the time before the lock
    view = _again(pool, operation)
    if step := view.stepped():
        log.warning("the database's clock was set: it shows %s, expected was %s", view.moment, step)
        _count_from_now(view, step, pool, operation)
        view = _again(pool, operation)
    if seen := clock_steps.renewed(view.seen, view.tick, view.moment):
        Window.objects.filter(pk=name).update(seen=seen)
    return view


def _again(pool: Pool, operation: str) -> View:
    view = look(pool, operation)
    if view is None:
        raise DatabaseError(f"the window {name_of(pool, operation)} is gone")
    return view


def _count_from_now(view: View, step: datetime, pool: Pool, operation: str) -> None:
    now, before = view.moment + view.offset, step + view.offset
    lately = rows(pool, operation).filter(at__gt=min(now, before) - 2 * HOUR)
    on_their_way = list(lately.filter(at__gt=before, answered_at=None).values_list("pk", flat=True))
    lately.update(at=now)
    Spent.objects.filter(pk__in=on_their_way).update(at=now + LONGEST_CALL)
    until = view.shut_until and min(view.shut_until + (view.moment - step), now + HOUR)
    # What other boots saw is of the clock as it was.
    Window.objects.filter(pk=name_of(pool, operation)).update(seen={}, shut_until=until)
