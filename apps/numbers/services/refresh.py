"""Bring the copy of `numbersList` up to date by its difference: read ours, compare in Python, write
what differs.

Decoding and comparing happen outside the write lock, which on SQLite everybody shares.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db import connection, transaction
from django.db.models import Count

from apps.accounts import access
from apps.accounts.models import Account
from apps.changes.models import Entry
from apps.changes.services import look_soon
from apps.changes.states import HELD_BY_SENDER
from apps.copies import claims, source
from apps.copies.models import Copy
from apps.numbers.facets import Facets
from apps.numbers.models import NUMBERS, Gone, Number
from apps.numbers.services import gateways, rows, sql
from apps.numbers.services.shape import Row, shape_all, text
from apps.numbers.thing import NUMBER
from apps.voicetel import clock
from apps.voicetel.client import Client, errors

log = structlog.get_logger("numbers")


@dataclass(slots=True)
class Difference(source.Difference):
    """What differs between their list and our copy."""

    account: Account
    names: dict[int | None, str]  # what each route is called
    new: list[Row] = field(default_factory=list)
    # with our label, for the traits, and our key
    changed: list[tuple[Row, str, int]] = field(default_factory=list)
    gone: dict[str, int] = field(default_factory=dict)  # number to our key
    held: int = 0  # rows in our copy
    parted: bool = False  # some of the new ones are written already
    writing: sql.Writing | None = None

    @property
    def any(self) -> bool:
        return bool(self.new or self.changed or self.gone or self.parted)

    def spare(self, copy: Copy, asked: datetime) -> None:
        """Leave alone the rows that a change wrote, or began, after the list was asked for."""
        if written := written_since(self.account, copy, asked):
            self.new = [row for row in self.new if row.number not in written]
            self.changed = [each for each in self.changed if each[0].number not in written]
            self.gone = {number: pk for number, pk in self.gone.items() if number not in written}
            self.prepare()  # seldom: a change fell into the seconds of this look

    def prepare(self) -> None:
        """Make the parameters of every statement."""
        self.writing = sql.prepare(
            self.account.pk, self.new, self.changed, list(self.gone.values())
        )

    def write(self, copy: Copy) -> None:
        """The rows, then the counts."""
        if self.writing and (self.new or self.changed or self.gone):
            with connection.cursor() as cursor:
                self.writing.apply(cursor)
        copy.facts = count_facets(self.account, self.names).dump()
        if self.changed:
            look_soon(self.account, NUMBER, {row.number for row, _, _ in self.changed})


def ask(client: Client) -> dict[str, Row]:
    """What `numbersList` tells, by number."""
    told, odd = shape_all(client.numbers.list())
    if odd:
        log.warning("records without a ten-digit number", count=odd)
    return told


def compare(account: Account, told: dict[str, Row]) -> Difference:
    """Difference between their rows and ours, ready to be written; empties `told` on the way, so
    that memory holds each row once.
    """
    found = Difference(account, {row.route: row.gateway for row in told.values()})
    with connection.cursor() as cursor:
        for ours, label, pk in sql.read(cursor, account.pk):
            found.held += 1
            theirs = told.pop(ours[0], None)
            if theirs is None:
                found.gone[ours[0]] = pk
            elif theirs != ours:
                found.changed.append((theirs, label, pk))
    found.new = sorted(told.values())
    add_in_parts(found)
    found.prepare()
    return found


def add_in_parts(difference: Difference) -> None:
    """Write many new rows beforehand, in transactions of a moment each: a first fill would hold the
    write lock for seconds.

    They are counted, and so shown as a whole, with the last commit only; a look that breaks off
    between is gone on with by the next. A look in doubt writes nothing beforehand.
    """
    if difference.suspect:
        return
    while len(difference.new) > sql.PART:
        part, difference.new = difference.new[: sql.PART], difference.new[sql.PART :]
        writing = sql.prepare(difference.account.pk, part, [], [])
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            writing.apply(cursor)
        difference.parted = True


def written_since(account: Account, copy: Copy, asked: datetime) -> set[str]:
    """Numbers that a change made here wrote, or began, after the list was asked for."""
    begun = set(
        Entry.objects.of(account)
        .filter(thing=NUMBER.name, state__in=HELD_BY_SENDER, tried_at__gte=asked)
        .values_list("subject", flat=True)
    )
    if copy.touched_at is None or copy.touched_at < asked:
        return begun
    return begun.union(
        Number.objects.of(account).filter(touched_at__gte=asked).values_list("number", flat=True),
        Gone.objects.of(account).filter(at__gte=asked).values_list("number", flat=True),
    )


def count_facets(account: Account, names: dict[int | None, str]) -> Facets:
    """Counted by the database along one index."""
    counted = (
        Number.objects.of(account)
        .values_list("traits", "route")
        .annotate(count=Count("pk"))
        .order_by("traits", "route")
    )
    with connection.cursor() as cursor, sql.patience(cursor):
        facets = Facets.of(counted, names)
    facets.named = gateways.names_given(account)
    return facets


def refresh_one(account: Account, number: str) -> bool:
    """Read `numbersGet` for a number that we hold.

    A 404 removes nothing: the list decides that, and is asked to.
    """
    asked = clock.now()
    try:
        client = access.client_for(account)
        record = client.numbers.get(number)
        targets = read_targets(client, record)
    except errors.Absent:
        claims.mark_due(account, NUMBERS)
        return False
    except errors.VoiceTelError as error:
        log.warning("number not read", account=account.pk, why=type(error).__name__)
        return False
    return record.number == number and rows.write_detail(account, record, asked, targets)


def read_targets(client: Client, record: Any) -> dict[str, Any]:
    """Columns of where a number's faxes and inbound messages go, by `numbersFaxGet` and
    `numbersSmsGet` where the number has them. Raises what the client raises.
    """
    fax = client.numbers.fax(record.number) if record.fax_enabled else None
    sms = client.numbers.sms(record.number) if record.sms_enabled else None
    return {
        "fax_to": text(fax.email if fax else "", 255),
        "sms_type": text(sms.type if sms else "", 10),
        "sms_to": text(sms.resource if sms else "", 500),
        "targets_at": clock.now(),
    }
