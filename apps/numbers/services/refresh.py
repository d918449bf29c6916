"""Bring the copy of `numbersList` up to date by its difference: read ours, compare in Python, write
what differs.

One look in flight an account (the claim on Copy). The answer is whole before anything is written;
decoding and comparing happen outside the write lock, which on SQLite everybody shares.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import structlog
from django.db import connection, transaction
from django.db.models import Count

from apps.accounts import access
from apps.accounts.models import Account
from apps.changes.models import Entry
from apps.changes.states import HELD_BY_SENDER
from apps.numbers import pace
from apps.numbers.facets import Facets
from apps.numbers.models import Copy, Gateway, Number
from apps.numbers.services import copies, rows, sql
from apps.numbers.services.shape import Row, shape_all, text, whole
from apps.numbers.thing import NUMBER
from apps.voicetel import clock
from apps.voicetel.client import errors
from apps.voicetel.client.records.gateways import Gateway as Told

log = structlog.get_logger("numbers")

SUSPECT = 20  # a look that removes more than one in so many, or all, waits for a second


class Outcome(StrEnum):
    TAKEN = "taken"  # the copy is what the provider said
    DOUBTED = "doubted"  # it would have removed too much: a second look, a minute later, decides
    FAILED = "failed"  # nothing was learned
    BUSY = "busy"  # another look is under way, took over, or was quicker


@dataclass(slots=True)
class Difference:
    """What differs between their list and our copy."""

    new: list[Row] = field(default_factory=list)
    # with our label, for the traits, and our key
    changed: list[tuple[Row, str, int]] = field(default_factory=list)
    gone: dict[str, int] = field(default_factory=dict)  # number to our key
    held: int = 0  # rows in our copy
    parted: bool = False  # some of the new ones are written already

    @property
    def any(self) -> bool:
        return bool(self.new or self.changed or self.gone)

    @property
    def suspect(self) -> bool:
        return bool(self.gone) and (
            len(self.gone) == self.held or len(self.gone) * SUSPECT > self.held
        )

    @property
    def print(self) -> str:
        """Which rows would go, in one word."""
        return hashlib.sha256(" ".join(sorted(self.gone)).encode()).hexdigest()

    def spare(self, written: set[str]) -> None:
        """Leave alone the rows that a change wrote, or began, after the list was asked for."""
        if written:
            self.new = [row for row in self.new if row.number not in written]
            self.changed = [each for each in self.changed if each[0].number not in written]
            self.gone = {number: pk for number, pk in self.gone.items() if number not in written}

    def writing(self, account: Account) -> sql.Writing:
        return sql.prepare(account.pk, self.new, self.changed, list(self.gone.values()))


def refresh_numbers(account: Account, *, if_due: bool = False) -> Outcome:
    """Read `numbersList` once and take it in. Never raises for the provider's failures: they are
    told on the Copy row.

    if_due: not when another look was quicker since this one was asked for.
    """
    asked = clock.now()
    token = copies.claim(account, asked, if_due=if_due)
    if not token:
        return Outcome.BUSY
    try:
        records = access.client_for(account).numbers.list()
        told, odd = shape_all(records)
        del records
        if odd:
            log.warning("records without a ten-digit number", account=account.pk, count=odd)
        return take_in(account, token, asked, told)
    except errors.VoiceTelError as error:
        log.warning("numbers not read", account=account.pk, why=type(error).__name__)
        copies.failed(account, token, why(error), clock.now(), getattr(error, "retry_at", None))
        if isinstance(error, errors.Unauthorized):
            access.confirm_dead(account)
        return Outcome.FAILED
    except BaseException:
        copies.failed(
            account, token, "The last look was broken off by an error of ours.", clock.now()
        )
        raise


def take_in(account: Account, token: str, asked: datetime, told: dict[str, Row]) -> Outcome:
    """Write the difference and the counts in one commit, if the claim still is ours."""
    names = {row.route: row.gateway for row in told.values()}
    difference = compare(account, told)
    add_in_parts(account, difference)
    writing = difference.writing(account)
    with transaction.atomic(durable=True):
        copy = Copy.objects.of(account).select_for_update().get()
        if copy.claim != token:
            return Outcome.BUSY
        now = clock.now()
        if written := written_since(account, copy, asked):
            difference.spare(written)
            # seldom: a change fell into the seconds of this look
            writing = difference.writing(account)
        copy.claim, copy.claim_until, copy.failed, copy.failures = "", None, "", 0
        if difference.suspect and not agreed(copy, difference, now):
            # the same again, too soon: the minute runs on
            if copy.doubted_at is None or copy.doubted != difference.print:
                copy.doubted, copy.doubted_count, copy.doubted_at = (
                    difference.print,
                    len(difference.gone),
                    now,
                )
            copy.next_at = copy.doubted_at + pace.SECOND_LOOK
            copy.save()
            log.warning(
                "a look would remove too much",
                account=account.pk,
                gone=len(difference.gone),
                held=difference.held,
            )
            return Outcome.DOUBTED
        if difference.any:
            with connection.cursor() as cursor:
                writing.apply(cursor)
        if difference.any or difference.parted or not copy.version:
            facets = count_facets(account, names)
            copy.facets, copy.total = facets.dump(), facets.total
        copy.read_at, copy.next_at, copy.version = asked, now + pace.EVERY, copy.version + 1
        copy.doubted, copy.doubted_count, copy.doubted_at = "", 0, None
        copy.save()
    return Outcome.TAKEN


def add_in_parts(account: Account, difference: Difference) -> None:
    """Write many new rows beforehand, in transactions of a moment each: a first fill would hold the
    write lock for seconds.

    They are counted, and so shown as a whole, with the last commit only; a look that breaks off
    between is gone on with by the next. A look in doubt writes nothing beforehand.
    """
    if difference.suspect:
        return
    while len(difference.new) > sql.PART:
        part, difference.new = difference.new[: sql.PART], difference.new[sql.PART :]
        writing = sql.prepare(account.pk, part, [], [])
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            writing.apply(cursor)
        difference.parted = True


def compare(account: Account, told: dict[str, Row]) -> Difference:
    """Difference between their rows and ours; empties `told` on the way, so that memory holds each
    row once.
    """
    found = Difference()
    with connection.cursor() as cursor:
        for ours, label, pk in sql.read(cursor, account.pk):
            found.held += 1
            theirs = told.pop(ours[0], None)
            if theirs is None:
                found.gone[ours[0]] = pk
            elif theirs != ours:
                found.changed.append((theirs, label, pk))
    found.new = sorted(told.values())
    return found


def agreed(copy: Copy, difference: Difference, now: datetime) -> bool:
    """Whether an earlier look, a minute ago or more, would have removed the very same rows."""
    return (
        copy.doubted_at is not None
        and copy.doubted == difference.print
        and now - copy.doubted_at >= pace.SECOND_LOOK
    )


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
        Number.objects.of(account).filter(touched_at__gte=asked).values_list("number", flat=True)
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
        return Facets.of(counted, names)


def refresh_account(account: Account, *, if_due: bool = False) -> Outcome:
    """Numbers and gateways of one account. What a sweep or a nudge runs."""
    outcome = refresh_numbers(account, if_due=if_due)
    if outcome in {Outcome.TAKEN, Outcome.DOUBTED}:
        refresh_gateways(account)
    return outcome


def refresh_one(account: Account, number: str) -> bool:
    """Read `numbersGet` for a number that we hold.

    A 404 removes nothing: the list decides that, and is asked to.
    """
    asked = clock.now()
    try:
        record = access.client_for(account).numbers.get(number)
    except errors.Absent:
        copies.mark_due(account)
        return False
    except errors.VoiceTelError as error:
        log.warning("number not read", account=account.pk, why=type(error).__name__)
        return False
    return record.number == number and rows.write_detail(account, record, asked)


def refresh_gateways(account: Account) -> bool:
    """Read `gatewaysList` and take it in."""
    asked = clock.now()
    try:
        records = access.client_for(account).gateways.list()
    except errors.VoiceTelError as error:
        log.warning("gateways not read", account=account.pk, why=type(error).__name__)
        return False
    return take_gateways(account, asked, records)


def take_gateways(account: Account, asked: datetime, records: list[Told]) -> bool:
    """Keep what was told. What is not named goes when a second look, a minute later, does not name
    it either; an empty answer says nothing: the system routes are always there."""
    told = {found: record for record in records if (found := whole(record.id)) is not None}
    if not told:
        return False
    with transaction.atomic(durable=True):
        missed = Gateway.objects.of(account).exclude(gateway__in=told)
        missed.filter(missed_at__lte=asked - pace.SECOND_LOOK).delete()
        missed.filter(missed_at=None).update(missed_at=asked)
        Gateway.objects.across_accounts().bulk_create(
            [
                Gateway(
                    account=account,
                    gateway=pk,
                    address=text(each.gateway, 255),
                    system=each.system is True,
                )
                for pk, each in told.items()
            ],
            update_conflicts=True,
            unique_fields=["account", "gateway"],
            update_fields=["address", "system", "missed_at"],
        )
        Copy.objects.of(account).update(gateways_at=clock.now())
    return True


def why(error: errors.VoiceTelError) -> str:
    """A sentence for a person: why the last look failed.

    The provider's words are not in it: they may hold anything.
    """
    match error:
        case errors.BudgetSpent() | errors.RateLimited():
            return "VoiceTel asks us to wait before we ask again."
        case errors.Unauthorized():
            return (
                "VoiceTel refused the account's key, so the list cannot be read until an owner"
                " reconnects."
            )
        case errors.Refused():
            return "VoiceTel refused to list the numbers."
        case errors.NotSent():
            return "VoiceTel cannot be reached at the moment."
        case _:
            return "VoiceTel did not answer properly when it was last asked."
