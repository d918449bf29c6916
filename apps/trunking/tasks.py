"""What workers run for trunks, and the nudges that ask them to."""

from celery import shared_task

from apps.accounts.models import Account
from apps.copies import singles
from apps.running import broker
from apps.trunking import services, turning

REGISTRATION = "registration"


# Celery has no types
@shared_task(name="trunking.read_registration", ignore_result=True)  # type: ignore[untyped-decorator]
def read_registration(account: int) -> None:
    """Ask who is registered: someone opened the page a day after the last time, or pressed."""
    of = Account.objects.get(pk=account)
    try:
        services.read_registration(of)
    finally:
        singles.release(of, REGISTRATION)


@shared_task(name="trunking.read_gateway", ignore_result=True)  # type: ignore[untyped-decorator]
def read_gateway(account: int, gateway: int) -> None:
    """Bring one gateway up to date: someone opened its page."""
    of = Account.objects.get(pk=account)
    try:
        services.read_gateway(of, gateway)
    finally:
        singles.release(of, _name(gateway))


# Celery has no types
@shared_task(name="trunking.turn", ignore_result=True)  # type: ignore[untyped-decorator]
def turn(pk: int) -> None:
    """Send a password that leaked, before its exchange has a turn."""
    turning.start(pk)


def ask_turn(pk: int) -> None:
    """Have a worker send it now; where none can be reached, the line does at its next turn."""
    broker.send("trunking.turn", pk, queue="now")


def ask_registration(account: Account, *, here: bool = False) -> bool:
    """Have it asked once, however many look. True: a worker is about to. here: where no worker can
    be reached, ask in this process, for someone who pressed and waits.
    """
    if not account.connected or not singles.take(account, REGISTRATION):
        return False
    if broker.send("trunking.read_registration", account.pk, queue="now"):
        return True
    if here:
        read_registration(account.pk)
    else:
        singles.release(account, REGISTRATION)
    return False


def ask_gateway(account: Account, gateway: int) -> None:
    """Have a worker read one gateway now, once however many open its page."""
    name = _name(gateway)
    if not account.connected or not singles.take(account, name):
        return
    if not broker.send("trunking.read_gateway", account.pk, gateway, queue="now"):
        singles.release(account, name)


def _name(gateway: int) -> str:
    return f"gateway:{gateway}"
