"""Tickets read one by one: an open page asks for its messages, and a ticket that a list left out is
looked for before it counts as gone.
"""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from apps.accounts import access
from apps.accounts.models import Account
from apps.running.work import SECONDS, work_off
from apps.support.models import Message, Ticket
from apps.support.services.taking import prepare, write
from apps.voicetel import clock
from apps.voicetel.client import Client, errors

log = structlog.get_logger("support")
AT_ONCE = 20  # tickets that one sweep looks for
TWICE = timedelta(minutes=1)  # between the two reads that find nothing
LATER = timedelta(minutes=5)  # after a read that told nothing


def refresh(account: Account, ticket: int) -> None:
    """Read a ticket's messages; where they differ from ours, the ticket with them."""
    row = Ticket.objects.of(account).filter(ticket=ticket).first()
    if row is None:
        return
    asked = clock.now()
    try:
        client = access.client_for(account)
        threads = client.tickets.messages(ticket)
        public = {each.id: each.body or "" for each in threads if each.public}
        if public == dict(Message.objects.filter(ticket=row).values_list("thread", "body")):
            Ticket.objects.of(account).filter(pk=row.pk).update(read_at=asked)
            return
        take_in(client, account, ticket, asked)
    except (errors.Absent, errors.Forbidden):
        miss(row, asked)
    except errors.Unauthorized:
        access.confirm_dead(account)
    except errors.VoiceTelError as error:
        log.warning("a ticket was not read", ticket=ticket, why=type(error).__name__)


def take_in(client: Client, account: Account, ticket: int, asked: datetime) -> None:
    """Read a ticket whole and write it."""
    record = client.tickets.get(ticket)
    prepared = prepare(record, record.threads, account=account, now=asked)
    with transaction.atomic(durable=True):
        write(account, prepared)


def look_for_missing() -> int:
    """Read the tickets that their account's list left out. How many."""
    due = (
        Ticket.objects.across_accounts()
        .filter(missed_at__lte=clock.now(), account__key_state=Account.Key.LIVE)
        .order_by("missed_at")
        .select_related("account")[:AT_ONCE]
    )
    return work_off(list(due), look_for, SECONDS, log)


def look_for(row: Ticket) -> None:
    """Read one ticket that a list left out: it is there, it is gone, or nothing was learned."""
    asked = clock.now()
    rows = Ticket.objects.of(row.account_id)
    rows.filter(pk=row.pk).update(missed_at=asked + LATER)
    try:
        take_in(access.client_for(row.account), row.account, row.ticket, asked)
    except (errors.Absent, errors.Forbidden):
        miss(row, asked)
    except errors.VoiceTelError as error:
        log.warning("a ticket was not looked for", ticket=row.ticket, why=type(error).__name__)


def miss(row: Ticket, at: datetime) -> None:
    """A read found nothing. The second of them, a minute after the first, ends it."""
    rows = Ticket.objects.of(row.account_id).filter(pk=row.pk)
    if row.missed == 0:
        rows.update(missed=1, missed_at=at + TWICE)
    elif row.missed_at and row.missed_at <= at:
        rows.delete()
        log.info("a ticket is gone", ticket=row.ticket, account=row.account_id)
