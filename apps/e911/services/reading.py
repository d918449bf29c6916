"""Reading a record back after a change, by itself."""

from datetime import timedelta

import structlog

from apps.accounts import access
from apps.accounts.models import Account
from apps.copies import claims
from apps.e911 import lines
from apps.e911.models import E911, Record
from apps.e911.services import rows
from apps.running.work import SECONDS, work_off
from apps.voicetel import clock
from apps.voicetel.client import errors

log = structlog.get_logger("e911")
HELD = timedelta(seconds=60)  # who reads a record back has it for so long
BATCH = 200


def read_back(account: Account, number: str) -> bool:
    """Ask for the record of one number once, where that is due. Whether it was read.

    A 409 or a broken answer tells nothing: then the whole list is asked for, and decides. A 401
    says that the number isn't on the account, and nothing of the key.
    """
    now = clock.now()
    due = Record.objects.of(account).filter(number=number, read_due_at__lte=now)
    if not due.update(read_due_at=now + HELD):
        return False
    row = Record.objects.of(account).select_related("account").get(number=number)
    try:
        told = access.client_for(account).e911.get(number)
    except errors.VoiceTelError as error:
        log.info("record not read back", account=account.pk, why=type(error).__name__)
    else:
        if told.number == number and rows.read(row, lines.of_record(told), now):
            return True
    same = Record.objects.of(account).filter(pk=row.pk, touched_at=row.touched_at)
    same.update(read_due_at=None)
    claims.mark_due(account, E911)
    return False


def read_due() -> int:
    """The sweep: records to be read back that no worker was told of."""
    due = Record.objects.across_accounts().filter(read_due_at__lte=clock.now())
    found = due.select_related("account").order_by("read_due_at")[:BATCH]
    return work_off(list(found), lambda row: read_back(row.account, row.number), SECONDS, log)
