"""What workers run for tickets, and the nudge that asks them to."""

from datetime import timedelta

from celery import shared_task

from apps.accounts.models import Account
from apps.running import broker
from apps.support.models import Ticket, Watch
from apps.support.services import singles
from apps.voicetel import clock

# However many watch a ticket, VoiceTel is asked no more often.
EVERY = timedelta(seconds=15)


# Celery has no types
@shared_task(name="support.refresh_one", ignore_result=True)  # type: ignore[untyped-decorator]
def refresh_one(account: int, ticket: int) -> None:
    """Bring one ticket up to date: someone looks at it."""
    singles.refresh(Account.objects.get(pk=account), ticket)


def ask_for_one(row: Ticket) -> bool:
    """Have a worker read a ticket's messages now, one look for all who watch it."""
    now = clock.now()
    watch = Watch.objects.filter(ticket=row)
    if watch.filter(asked_at__gt=now - EVERY).exists():  # the usual case, without a write
        return False
    _, new = Watch.objects.get_or_create(ticket_id=row.pk, defaults={"asked_at": now})
    if not new and not watch.filter(asked_at__lte=now - EVERY).update(asked_at=now):
        return False
    return broker.send("support.refresh_one", row.account_id, row.ticket, queue="now")
