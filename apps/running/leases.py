"""The lease of a sweep: one process runs it at a time, and a killed one holds it up for half a
minute.

Whoever has it renews it from a thread of its own for as long as the sweep works. Machines share a
clock to some seconds.
"""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import structlog
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from apps.running.models import Sweep

log = structlog.get_logger("sweeps")
LEASE = timedelta(seconds=30)  # what a sweep waits for after its worker was killed
# seconds; a database that is away or slow fails a few of them before the lease runs out
RENEW = 5.0
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # over by any clock
# seconds after which it is renewed no more: no sweep may work for so long (50 s and one call), so
# it hangs
LONGEST = 120.0


def take_lease(name: str) -> str:
    """Hold the sweep: a token that names this lease; "" when someone else holds it."""
    now, token = timezone.now(), secrets.token_hex(8)
    with transaction.atomic(durable=True):
        Sweep.objects.get_or_create(name=name, defaults={"until": now})
        # No lease ends so far ahead: a clock wrote it that was fast, and was set back since.
        free = Q(until__lte=now) | Q(until__gt=now + 2 * LEASE)
        taken = Sweep.objects.filter(free, name=name).update(until=now + LEASE, holder=token)
    return token if taken else ""


def renew(name: str, lease: str) -> bool:
    """Hold it from now on anew. False: it ran out and another took it."""
    with transaction.atomic(durable=True):
        return (
            Sweep.objects.filter(name=name, holder=lease).update(until=timezone.now() + LEASE) == 1
        )


def give_back(name: str, lease: str, *, failed: bool = False) -> None:
    """It ended. A lease that ran out and was taken by another is left alone."""
    now = timezone.now()
    ended = {"failed_at": now} if failed else {"finished_at": now}
    with transaction.atomic(durable=True):
        Sweep.objects.filter(name=name, holder=lease).update(until=LONG_AGO, holder="", **ended)


@contextmanager
def kept(name: str, lease: str) -> Iterator[None]:
    """Keep the lease while the work inside goes on."""
    done = Event()
    keeper = Thread(target=_keep, args=(name, lease, done), name=f"lease of {name}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()  # what it writes must not come after give_back()


def _keep(name: str, lease: str, done: Event) -> None:
    until = time.monotonic() + LONGEST
    while not done.wait(RENEW):
        try:
            held = time.monotonic() < until and renew(name, lease)
        except (DatabaseError, InterfaceError) as error:
            log.warning("a lease could not be renewed", sweep=name, error=type(error).__name__)
            continue
        finally:
            connection.close()  # this thread's own; on PostgreSQL back to the pool
        if not held:
            log.warning("a lease is kept no more", sweep=name)
            return
