"""Reading the operator's list: each minute while staff are in, else every five, and never sooner
than thirty times as long as the last one took.
"""

import time
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q

from apps.accounts import access
from apps.accounts.models import Account, Session, User
from apps.copies import claims
from apps.copies import tasks as copies
from apps.running.work import SECONDS, work_off
from apps.staff.desk.taking import Prepared, owners_of, owners_of_rows, prepare, write
from apps.staff.models import Desk, InsideTicket
from apps.support.models import TICKETS, Ticket
from apps.voicetel import clock
from apps.voicetel.client import errors
from apps.voicetel.client.records import support as told

log = structlog.get_logger("staff")
ONE = 1  # the only row of Desk
STAFF_IN, NOBODY_IN = timedelta(minutes=1), timedelta(minutes=5)
TIMES = 30
HELD = timedelta(seconds=120)
FAILED = timedelta(minutes=2)
AT_ONCE, TWICE, LATER = 20, timedelta(minutes=1), timedelta(minutes=5)
BEHIND_A_CUT = timedelta(hours=6)


def find_desk() -> Desk:
    return Desk.objects.get_or_create(pk=ONE, defaults={"next_at": clock.now()})[0]


def has_key() -> bool:
    """Whether this installation may read everyone's tickets."""
    return bool(settings.VOICETEL_ADMIN_KEY)


def read_due(everything: bool = False) -> None:
    """Read the list if it is due, then those tickets one by one that it left out."""
    if not has_key():
        return
    find_desk()
    now = clock.now()
    idle = Q(claim_until=None) | Q(claim_until__lte=now)
    due = Q() if everything else Q(next_at__lte=now)
    if Desk.objects.filter(idle, due, pk=ONE).update(claim_until=now + HELD):
        read(now)
    look_for_missing()


def ask() -> None:
    """Somebody wants it read at the next sweep, in seconds."""
    find_desk()
    Desk.objects.filter(pk=ONE).update(next_at=clock.now())


def read(asked: datetime) -> None:
    """One look. What fails is told on the row."""
    began = time.monotonic()
    try:
        listed = access.staff_client().tickets.list()
        took = time.monotonic() - began
        take_in(listed, asked)
    except errors.VoiceTelError as error:
        log.warning("the operator's tickets were not read", why=type(error).__name__)
        said = (
            "VoiceTel no longer accepts the operator's key, VOICETEL_ADMIN_KEY."
            if isinstance(error, errors.Unauthorized)
            else "VoiceTel couldn't be reached, or its answer couldn't be read."
        )
        Desk.objects.filter(pk=ONE).update(
            claim_until=None, failed=said, next_at=clock.now() + FAILED
        )
        return
    pause = max(STAFF_IN if staff_are_in() else NOBODY_IN, timedelta(seconds=TIMES * took))
    total = max(listed.total_count or 0, len(listed.tickets))
    Desk.objects.filter(pk=ONE).update(
        claim_until=None,
        failed="",
        read_at=asked,
        next_at=asked + pause,
        took=took,
        total=total,
        cut=total > len(listed.tickets),
    )


def staff_are_in() -> bool:
    since = clock.now() - timedelta(minutes=5)
    inside = Session.objects.filter(seen__gte=since, user__is_active=True)
    return inside.exclude(user__staff=User.Staff.NONE).exists()


def take_in(listed: told.Tickets, now: datetime) -> None:
    """Write what changed. A ticket that is newer there makes its account's own list due."""
    ours = {each.ticket: each for each in InsideTicket.objects.all()}
    changed, same = [], []
    for each in listed.tickets:
        row = ours.pop(each.id, None)
        if row and _is_same(row, each):
            same.append(row.pk)
        else:
            changed.append(prepare(each, each.threads, now))
    cut = (listed.total_count or 0) > len(listed.tickets)
    missing = [
        each.pk
        for each in ours.values()
        if each.missed_at is None and (not cut or each.read_at < now - BEHIND_A_CUT)
    ]
    owners = owners_of(changed)
    unsure = InsideTicket.objects.filter(pk__in=same).filter(Q(account=None) | Q(guessed=True))
    again = owners_of_rows(list(unsure))
    with transaction.atomic(durable=True):
        InsideTicket.objects.filter(pk__in=same).update(read_at=now, missed_at=None, missed=0)
        InsideTicket.objects.filter(pk__in=missing).update(missed_at=now)
        for pk, (account, guessed) in again.items():
            InsideTicket.objects.filter(pk=pk).update(account=account, guessed=guessed)
        for prepared in changed:
            account, guessed = owners[prepared.ticket]
            write(prepared, account, guessed=guessed)
    hand_on(changed, {account for account, _ in owners.values() if account})


def _is_same(row: InsideTicket, each: told.Ticket) -> bool:
    return (row.updated_at, row.status, row.threads) == (
        each.updated_at,
        each.status,
        len(each.threads),
    )


def hand_on(changed: list[Prepared], accounts: set[Account]) -> None:
    """Have the own lists of these tickets' accounts read soon."""
    ids = [each.ticket for each in changed]
    named = Ticket.objects.across_accounts().filter(ticket__in=ids).values("account")
    for account in {*accounts, *Account.objects.filter(pk__in=named)}:
        if account.connected and claims.mark_due(account, TICKETS):
            copies.nudge(account, TICKETS)


def look_for_missing() -> int:
    """Read the tickets that the list left out, one by one. How many."""
    due = InsideTicket.objects.filter(missed_at__lte=clock.now()).order_by("missed_at")[:AT_ONCE]
    return work_off(list(due), look_for, SECONDS, log)


def look_for(row: InsideTicket) -> None:
    """Read one ticket: it is there, gone (two reads a minute apart), or nothing was learned."""
    asked = clock.now()
    rows = InsideTicket.objects.filter(pk=row.pk)
    rows.update(missed_at=asked + LATER)
    try:
        read_one(row.ticket, asked)
    except (errors.Absent, errors.Forbidden):
        if row.missed:
            rows.delete()
        else:
            rows.update(missed=1, missed_at=asked + TWICE)
    except errors.VoiceTelError as error:
        log.warning("a ticket was not looked for", ticket=row.ticket, why=type(error).__name__)


def read_one(ticket: int, asked: datetime) -> None:
    """Read one ticket whole. Raises what the client raises."""
    record = access.staff_client().tickets.get(ticket)
    prepared = prepare(record, record.threads, asked)
    account, guessed = owners_of([prepared])[ticket]
    with transaction.atomic(durable=True):
        write(prepared, account, guessed=guessed)
