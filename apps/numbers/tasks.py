"""What workers run for numbers, and the nudge that asks them to."""

from celery import shared_task

from apps.accounts.models import Account
from apps.copies import singles
from apps.numbers.ordering import asking
from apps.numbers.services import refresh
from apps.numbers.thing import NUMBER
from apps.running import broker


# Celery has no types
@shared_task(name="numbers.refresh_one", ignore_result=True)  # type: ignore[untyped-decorator]
def refresh_one(account: int, number: str) -> None:
    """Bring one number up to date: someone opened its page."""
    of = Account.objects.get(pk=account)
    try:
        refresh.refresh_one(of, number)
    finally:
        singles.release(of, _name(number))


def ask_for_one(account: Account, number: str) -> None:
    """Have a worker read one number now, once however many open its page.

    It is short and someone waits: with the changes, not behind the long lists.
    """
    if not singles.take(account, _name(number)):
        return
    if not broker.send("numbers.refresh_one", account.pk, number, queue="now"):
        singles.release(account, _name(number))


# Celery has no types
@shared_task(name="numbers.ask", ignore_result=True)  # type: ignore[untyped-decorator]
def ask(pk: int) -> None:
    """Ask VoiceTel's inventory one question (Asked): someone searches."""
    asking.read(pk)


def _name(number: str) -> str:
    return f"{NUMBER.name}:{number}"
