"""Places: how many changes of one account may be at VoiceTel at once, and which go next.

A worker has sixteen threads for everybody. An account whose calls are slow would fill them all, so
it has four; what it presses beyond that waits in rows, and its turn comes by a new message, which
stands behind those of other accounts.
"""

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from apps import locks
from apps.changes.models import Entry
from apps.changes.states import HELD, HELD_BY_SENDER, LOOKED_AT, TURN, State, scaled
from apps.voicetel import clock

AT_ONCE: Final = 4  # a quarter of a worker's threads
FRESH: Final = scaled(minutes=1)  # a row that waits for a place is written again no more often


def lock(account: int | None) -> None:
    """Within a commit: until it ends, no other press, claim or hold of this account is written."""
    locks.hold(f"changes:{account or 0}")


def free(account: int | None) -> int:
    """How many places the account has left: a claimed row has one, until its claim runs out."""
    now = clock.about_now()
    taken = Entry.objects.across_accounts().filter(
        account=account,
        state__in=list(HELD_BY_SENDER | LOOKED_AT),
        due_at__gt=now,
        due_at__lte=now + HELD,
    )
    # what a job sends has threads of its own
    theirs = taken.exclude(claim="").exclude(job__isnull=False, state=State.SENDING)
    return AT_ONCE - theirs.count()


def in_turn(entries: QuerySet[Entry], *order: str) -> QuerySet[Entry]:
    """At most as many of each account as it has places, the first of each account before the second
    of any.
    """
    rank = Window(RowNumber(), partition_by=F("account"), order_by=[*order, "pk"])
    return entries.annotate(rank=rank).filter(rank__lte=AT_ONCE).order_by("rank", *order, "pk")


def next_of(account: int | None, ready: QuerySet[Entry], due: QuerySet[Entry]) -> list[int]:
    """The rows of the account that take the places left, oldest first.

    ready, due: its rows that may be sent, and those to be looked at. While some of them find no
    place, the 15 minutes of those that were never tried do not run.
    """
    places = free(account)
    if places <= 0:
        return []
    found: Sequence[Any] = sorted(
        row
        for rows in (ready, due)
        for row in rows.order_by("created_at", "pk").values_list("created_at", "pk")[: places + 1]
    )
    if len(found) > places:
        _wait_on(account)
    return [pk for _, pk in found[:places]]


def _wait_on(account: int | None) -> None:
    now = clock.about_now()
    waiting = Q(first_at__gt=now - TURN, first_at__lt=now - FRESH)
    behind = Entry.objects.across_accounts().filter(
        waiting, account=account, state=State.READY, tried_at=None
    )
    with transaction.atomic(durable=True):
        behind.update(first_at=now)
