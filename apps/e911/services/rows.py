"""What changes and single readings write to our rows."""

from datetime import datetime, timedelta

from apps.accounts.models import Account
from apps.copies import claims
from apps.e911 import lines
from apps.e911.models import E911, Record
from apps.voicetel import clock

# so many records written in so short a time are read back by one list, not one by one
ALONE, CROWD = 5, timedelta(minutes=1)
# of an address that nobody here knows yet
NOT_CONFIRMED = {"confirmed_at": None, "confirmed_by": ""}
Standing, Told = Record.Standing, Record.Told


def find_record(account: Account, number: str) -> Record | None:
    """Our row of the number; None where there is none yet."""
    return Record.objects.of(account).filter(number=number).first()


def said(account: Account, number: str, answered: lines.Lines) -> None:
    """A change was accepted: until something is read, that is all that is known.

    Within the settling commit. The record is to be read back at once, or where many are written in
    a row, by one look at the whole list.
    """
    now = clock.now()
    if crowded := _is_crowded(account, now):
        claims.mark_due(account, E911)
    _write(
        account,
        number,
        now,
        standing=Standing.SAID,
        told=Told.SAID,
        wished=answered,
        read_due_at=None if crowded else now,
        **answered,
    )


def _is_crowded(account: Account, now: datetime) -> bool:
    """Whether so many changes are done that single readings would be a call each."""
    waiting = Record.objects.of(account).filter(standing=Standing.SAID, told_at__gt=now - CROWD)
    return waiting.values("pk")[:ALONE].count() == ALONE


def removed(account: Account, number: str) -> None:
    """VoiceTel took the record away at our asking."""
    _write(
        account,
        number,
        clock.now(),
        standing=Standing.NONE,
        told=Told.SAID,
        wished={},
        read_due_at=None,
        **NOT_CONFIRMED,
        **dict.fromkeys(lines.WHOLE, ""),
    )


def confirmed(account: Account, number: str, by: str) -> None:
    """Someone who sets the address says so; asked for just before the address itself is written."""
    now = clock.now()
    written = {"confirmed_at": now, "confirmed_by": by[:254]}
    Record.objects.of(account).update_or_create(
        account=account,
        number=number,
        defaults=written,
        create_defaults={**written, "told_at": now},
    )


def _write(account: Account, number: str, now: datetime, **values: object) -> None:
    written = {**values, "told_at": now, "touched_at": now}
    Record.objects.of(account).update_or_create(
        account=account, number=number, defaults=written, create_defaults=written
    )
    touch(account, now)


def touch(account: Account, now: datetime) -> None:
    """A look that was asked for before this moment spares what was written since."""
    claims.copy_of(account, E911, now)
    claims.row(account, E911).update(touched_at=now)


def read(row: Record, told: lines.Lines, asked: datetime) -> bool:
    """The record as VoiceTel shows it alone. False: a change wrote the row meanwhile."""
    values = {
        **told,
        "standing": Standing.PROTECTED,
        "told": Told.READ,
        "told_at": asked,
        "wished": {} if lines.same(row.wished, told) else row.wished,
        "read_due_at": None,
    }
    if not lines.same_place(lines.of_row(row), told):
        values |= NOT_CONFIRMED
    same = Record.objects.of(row.account_id).filter(pk=row.pk, touched_at=row.touched_at)
    return bool(same.update(**values))
