"""What the schedule runs for numbers (portal/schedule.py)."""

import time

import structlog

from apps.accounts.models import Account
from apps.numbers import services
from apps.numbers.models import Copy
from apps.voicetel import clock

log = structlog.get_logger("numbers")
LONGEST = 50.0  # seconds; what is left is due still, and next minute's sweep takes it


def refresh_due(everything: bool = False) -> int:
    """Read the copies that are due, and make one for each connected account that has none. How many
    were read.

    everything: as if all were due (manage.py tick --all).
    """
    until = time.monotonic() + LONGEST
    taken = 0
    for account in due_accounts(everything):
        if time.monotonic() > until:
            break
        try:
            # The claim pushes the row's due time on before the call, so a row that always fails
            # does not stop the others.
            services.refresh_account(account, if_due=not everything)
        except Exception:
            log.exception("a copy could not be refreshed", account=account.pk)
        taken += 1
    return taken


def due_accounts(everything: bool = False) -> list[Account]:
    """Connected accounts whose copy is due, longest due first; those never read before all."""
    live = Account.objects.filter(key_state=Account.Key.LIVE)
    read = Copy.objects.across_accounts()
    never = live.exclude(pk__in=read.values("account"))
    due = read.filter(account__in=live).order_by("next_at").select_related("account")
    if not everything:
        due = due.filter(next_at__lte=clock.now())
    return [*never, *(copy.account for copy in due)]
