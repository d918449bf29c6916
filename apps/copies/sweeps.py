"""What the schedule runs for all copies (portal/schedule.py)."""

import structlog

from apps.accounts.models import Account
from apps.copies import services, tasks
from apps.copies.models import Copy
from apps.copies.source import SOURCES
from apps.running.work import SECONDS, work_off
from apps.voicetel import clock

log = structlog.get_logger("copies")
BATCH = 500  # messages that a minute's sweep sends; those due longest come first


def refresh_due(everything: bool = False) -> int:
    """Have the copies read that are due, and those that a connected account does not have yet. How
    many.

    By the workers where there are any, so that one account's slow answer delays no other's copy;
    else here. everything: here, as if all were due (manage.py tick --all).
    """

    def read(copy: Copy) -> None:
        if everything or not tasks.nudge(copy.account, copy.name):
            services.look(copy.account, SOURCES[copy.name], if_due=not everything)

    return work_off(due_copies(everything)[:BATCH], read, SECONDS, log)


def due_copies(everything: bool = False) -> list[Copy]:
    """Copies of connected accounts that are due, longest due first; before all those never made,
    which are not saved yet.
    """
    live = Account.objects.filter(key_state=Account.Key.LIVE)
    made = Copy.objects.across_accounts().filter(name__in=SOURCES)
    never = [
        Copy(account=account, name=name)
        for name in SOURCES
        for account in live.exclude(pk__in=made.filter(name=name).values("account"))
    ]
    due = made.filter(account__in=live).order_by("next_at").select_related("account")
    if not everything:
        due = due.filter(next_at__lte=clock.now())
    return [*never, *due]
