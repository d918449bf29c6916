"""What workers run for copies, and the nudge that asks them to.

A lost nudge costs a minute: the sweep finds the row due.
"""

from celery import shared_task

from apps.accounts.models import Account
from apps.copies import claims, services
from apps.copies.selectors import Age
from apps.copies.source import SOURCES
from apps.running import broker


# Celery has no types
@shared_task(name="copies.refresh", ignore_result=True)  # type: ignore[untyped-decorator]
def refresh(account: int, name: str) -> None:
    """Bring one copy up to date, unless that was done since someone asked."""
    services.look(Account.objects.get(pk=account), SOURCES[name], if_due=True)


def nudge(account: Account, name: str) -> bool:
    """Ask a worker to read the list now. False: no message got out; the sweep will."""
    return broker.send("copies.refresh", account.pk, name, queue="later")


def ask(account: Account, name: str) -> None:
    """Have a look made now, whatever an earlier failure put off."""
    claims.mark_due(account, name)
    nudge(account, name)


def ask_if_wanted(account: Account, age: Age) -> None:
    """Have an old copy read behind the page that was just opened."""
    if age.wanted and claims.mark_due(account, age.source.name):
        nudge(account, age.source.name)
