"""What workers run for numbers, and the nudge that asks them to.

A lost nudge costs a minute: the sweep finds the row due.
"""

from typing import Any

import structlog
from celery import shared_task

from apps.accounts.models import Account
from apps.numbers import services
from apps.running import broker

log = structlog.get_logger("numbers")


# Celery has no types
@shared_task(name="numbers.refresh", ignore_result=True)  # type: ignore[untyped-decorator]
def refresh(account: int) -> None:
    """Bring one account's copy up to date, unless that was done since somebody asked."""
    services.refresh_account(Account.objects.get(pk=account), if_due=True)


# Celery has no types
@shared_task(name="numbers.refresh_one", ignore_result=True)  # type: ignore[untyped-decorator]
def refresh_one(account: int, number: str) -> None:
    """Bring one number up to date: somebody opened its page."""
    services.refresh_one(Account.objects.get(pk=account), number)


def nudge(account: Account) -> bool:
    """Ask a worker to read the account's numbers now. False: no message got out; the sweep will."""
    return _ask(refresh, "later", account.pk)


def nudge_one(account: Account, number: str) -> bool:
    """Ask a worker to read one number now.

    It is short and somebody waits: with the changes, not behind the long lists.
    """
    return _ask(refresh_one, "now", account.pk, number)


def _ask(task: Any, queue: str, *args: Any) -> bool:
    if not broker.reachable():
        return False
    try:
        task.apply_async(args=args, queue=queue, expires=broker.EXPIRES, retry=False)
    except Exception as error:  # noqa: BLE001 - kombu, redis and the operating system each have their own
        broker.rest(broker.SKIP)
        log.warning(
            "the broker did not answer; the sweep will read the numbers", error=type(error).__name__
        )
        return False
    return True
