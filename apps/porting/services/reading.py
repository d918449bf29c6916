"""Reading one port: `portGet` tells its numbers, at first sight and whenever the list shows a
change.
"""

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef

from apps.accounts import access
from apps.accounts.models import Account
from apps.numbers.models import Number
from apps.porting import pace
from apps.porting.models import Port, PortNumber
from apps.porting.services import ports
from apps.running.work import SECONDS, work_off
from apps.voicetel import clock
from apps.voicetel.client import errors

log = structlog.get_logger("porting")
BATCH = 200


def read_due() -> int:
    """Read the ports that are due, of connected accounts. How many."""
    due = Port.objects.across_accounts().filter(
        read_due_at__lte=clock.now(), account__key_state=Account.Key.LIVE
    )
    found = list(due.order_by("read_due_at").select_related("account")[:BATCH])
    return work_off(found, read, SECONDS, log)


def read(port: Port) -> bool:
    """Ask for one port that is due, and write its numbers. False: another has it, or it failed."""
    now = clock.now()
    mine = Port.objects.of(port.account).filter(pk=port.pk, read_due_at=port.read_due_at)
    if port.read_due_at is None or not mine.update(read_due_at=now + pace.PORT_HELD):
        return False
    held = Port.objects.of(port.account).filter(pk=port.pk, read_due_at=now + pace.PORT_HELD)
    try:
        told = access.client_for(port.account).ports.get(port.pid)
    except errors.VoiceTelError as error:
        log.warning("a port was not read", port=port.pk, why=type(error).__name__)
        wait = min(pace.PORT_WAIT * 2 ** min(port.tries, 6), pace.PORT_WORST)
        again = max(getattr(error, "retry_at", None) or now, now + wait)
        held.update(read_due_at=again, tries=port.tries + 1)
        return False
    with transaction.atomic():
        ports.hold(port.account)
        if not held.update(read_due_at=None, read_at=now, tries=0):
            return False
        ports.write_numbers(port, told.numbers, now)
        ports.mark_arrived(port.account, now)
    return True


def arrive() -> int:
    """Numbers of open ports that have come onto the copies of the accounts' lists."""
    here = Number.objects.across_accounts().filter(
        account=OuterRef("account"), number=OuterRef("number")
    )
    waiting = PortNumber.objects.across_accounts().filter(arrived_at=None, port__closed_at=None)
    came = waiting.filter(Exists(here)).values_list("account", flat=True).distinct()

    def take(account: Account) -> None:
        with transaction.atomic():
            ports.hold(account)
            ports.mark_arrived(account, clock.now())

    return work_off(Account.objects.filter(pk__in=list(came)), take, SECONDS, log)
