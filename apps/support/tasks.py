"""What workers run for tickets, and the nudge that asks them to."""

from datetime import timedelta

from celery import shared_task
from django.db.models import Q

from apps.accounts.models import Account
from apps.running import broker
from apps.support.models import Ticket
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
    if row.looked_at and now - row.looked_at < EVERY:  # the usual case, without a write
        return False
    free = Q(looked_at=None) | Q(looked_at__lte=now - EVERY)
    taken = Ticket.objects.of(row.account_id).filter(free, pk=row.pk).update(looked_at=now)
    return taken == 1 and broker.send(
        "support.refresh_one", row.account_id, row.ticket, queue="now"
    )
