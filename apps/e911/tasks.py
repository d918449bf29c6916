"""What workers run for 911 records, and the nudge that asks them to."""

from celery import shared_task

from apps.accounts.models import Account
from apps.e911.services import reading
from apps.running import broker


# Celery has no types
@shared_task(name="e911.read_back", ignore_result=True)  # type: ignore[untyped-decorator]
def read_back(account: int, number: str) -> None:
    """Read a record that a change has just written."""
    reading.read_back(Account.objects.get(pk=account), number)


def nudge(account: int, number: str) -> bool:
    """Ask a worker to read it now. False: no message got out; the sweep will."""
    return broker.send("e911.read_back", account, number, queue="now")
