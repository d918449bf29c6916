"""The list of VoiceTel's that support keeps a copy of: an account's tickets, with their messages.

VoiceTel may cut the list and has no second page of it, so what it does not name is not gone: such
tickets are read one by one (services/singles.py).
"""

import json
from datetime import timedelta

from django.conf import settings

from apps.accounts.models import Account
from apps.copies import source
from apps.copies.models import Copy
from apps.copies.source import Source, register
from apps.support.models import TICKETS, Ticket
from apps.support.services.taking import Prepared, prepare, write
from apps.voicetel import clock
from apps.voicetel.client import Client
from apps.voicetel.client.records.support import Tickets

EVERY, STALE = timedelta(minutes=30), timedelta(minutes=10)
WITHOUT_THE_OPERATOR, RESTING = timedelta(minutes=5), timedelta(hours=6)
BEHIND_A_CUT = timedelta(hours=6)  # how often a ticket is read that a cut list leaves out


class Difference(source.Difference):
    """What differs between VoiceTel's list and our rows of it. Nothing ever goes by a list."""

    def __init__(self, account: Account, told: Tickets) -> None:
        self.account, self.now = account, clock.now()
        self.total = max(told.total_count or 0, len(told.tickets))
        self.cut = self.total > len(told.tickets)
        ours = {each.ticket: each for each in Ticket.objects.of(account)}
        self.gone, self.held = (), len(ours)
        self.changed: list[Prepared] = []
        self.same: list[int] = []
        for each in told.tickets:
            row = ours.pop(each.id, None)
            if row and is_same(row, each.updated_at, each.status, len(each.for_customer())):
                self.same.append(row.pk)
            else:
                now = self.now
                self.changed.append(prepare(each, each.threads, account=account, now=now))
        old = self.now - BEHIND_A_CUT
        self.missing = [
            each.pk
            for each in ours.values()
            if each.missed_at is None and (not self.cut or each.read_at < old)
        ]

    @property
    def any(self) -> bool:
        return True  # that it was read is written in each ticket

    def write(self, copy: Copy) -> None:
        rows = Ticket.objects.of(self.account)
        rows.filter(pk__in=self.same).update(read_at=self.now, missed_at=None, missed=0)
        rows.filter(pk__in=self.missing).update(missed_at=self.now)
        for each in self.changed:
            write(self.account, each, first=copy.first)
        copy.facts = json.dumps({"total": self.total, "cut": self.cut})


def is_same(row: Ticket, updated_at: object, status: str, public: int) -> bool:
    """Whether a ticket's row says what the list says of it, so that its messages need no cleaning.

    A list names a later moment for whatever was done to a ticket.
    """
    return (row.updated_at, row.status, row.messages) == (updated_at, status, public)


def ask(client: Client) -> Tickets:
    """What `ticketsList` tells."""
    return client.tickets.list()


def pace_of(account: Account) -> timedelta:
    """How soon the list is read again: seldom where nothing is open, and often where the operator's
    list does not tell which account's tickets are newer.
    """
    if not Ticket.objects.of(account).exclude(turn=Ticket.Turn.CLOSED).exists():
        return RESTING
    return EVERY if settings.VOICETEL_ADMIN_KEY else WITHOUT_THE_OPERATOR


tickets = register(
    Source(TICKETS, "ticket", ask, Difference, EVERY, STALE, "/support/", pace=pace_of)
)
