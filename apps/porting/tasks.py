"""What workers run for ports, and the nudges that ask them to. A lost nudge costs some seconds: the
sweeps find the rows.
"""

from celery import shared_task

from apps.accounts.models import Account
from apps.copies import singles
from apps.porting import pace
from apps.porting.models import Port
from apps.porting.services import checks, reading
from apps.porting.thing import PORT
from apps.running import broker


# Celery has no types
@shared_task(name="porting.check", ignore_result=True)  # type: ignore[untyped-decorator]
def check(account: int) -> None:
    """Check the account's numbers that are due, one after the other."""
    checks.run(Account.objects.get(pk=account))


@shared_task(name="porting.read", ignore_result=True)  # type: ignore[untyped-decorator]
def read(account: int, pk: int) -> None:
    """Read one port whose page was opened before its numbers were known."""
    of = Account.objects.get(pk=account)
    try:
        if port := Port.objects.of(of).filter(pk=pk).first():
            port.account = of
            reading.read(port)
    finally:
        singles.release(of, f"{PORT.name}:{pk}")


def nudge_checks(account: Account, many: int) -> None:
    """Ask as many workers as may check at once for the account."""
    for _ in range(min(many, pace.CHECKS_A_DRAFT)):
        broker.send("porting.check", account.pk, queue="later")


def ask_for_one(account: Account, port: Port) -> None:
    """Have a worker read a port that is due, once however many open its page."""
    name = f"{PORT.name}:{port.pk}"
    if port.read_due_at is None or not singles.take(account, name):
        return
    if not broker.send("porting.read", account.pk, port.pk, queue="now"):
        singles.release(account, name)
