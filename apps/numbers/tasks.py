"""What workers run for numbers, and the nudge that asks them to. A lost nudge costs a minute: the sweep finds the row due."""

import structlog
from celery import shared_task

from apps.accounts.models import Account
from apps.changes import broker
from apps.numbers import services

log = structlog.get_logger("numbers")


@shared_task(name="numbers.refresh", ignore_result=True)
def refresh(account: int) -> None:
    """Bring one account's copy up to date."""
    services.refresh_account(Account.objects.get(pk=account))


def nudge(account: Account) -> bool:
    """Ask a worker to read the account's numbers now. False: no message got out; the sweep will."""
    if not broker.reachable():
        return False
    try:
        refresh.apply_async(args=[account.pk], queue="later", expires=broker.EXPIRES, retry=False)
    except Exception as error:  # noqa: BLE001 - kombu, redis and the operating system each have their own
        broker.rest(broker.SKIP)
        log.warning("the broker did not answer; the sweep will read the numbers", error=type(error).__name__)
        return False
    return True
