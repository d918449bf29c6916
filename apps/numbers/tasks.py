"""What workers run for numbers, and the nudge that asks them to."""

from celery import shared_task

from apps.accounts.models import Account
from apps.numbers.services import refresh
from apps.running import broker


# Celery has no types
@shared_task(name="numbers.refresh_one", ignore_result=True)  # type: ignore[untyped-decorator]
def refresh_one(account: int, number: str) -> None:
    """Bring one number up to date: somebody opened its page."""
    refresh.refresh_one(Account.objects.get(pk=account), number)


def nudge_one(account: Account, number: str) -> bool:
    """Ask a worker to read one number now.

    It is short and somebody waits: with the changes, not behind the long lists.
    """
    return broker.send("numbers.refresh_one", account.pk, number, queue="now")
