"""The Copy row: when it is due, who reads it now, how a failed look is told."""

import secrets
from datetime import datetime

from django.db.models import Q, QuerySet

from apps.accounts.models import Account
from apps.copies.models import Copy
from apps.copies.pace import ASK_AGAIN, FIRST_WAIT, HELD, WORST_WAIT
from apps.voicetel import clock


def row(account: Account, name: str) -> QuerySet[Copy]:
    """The account's row of that name, as a query."""
    return Copy.objects.of(account).filter(name=name)


def copy_of(account: Account, name: str, at: datetime) -> tuple[Copy, bool]:
    """The account's row, and whether it was made just now: due at `at`."""
    return Copy.objects.of(account).get_or_create(
        account=account, name=name, defaults={"next_at": at}
    )


def locked(account: Account, name: str) -> Copy:
    """The account's row, held until the caller's transaction ends."""
    copy_of(account, name, clock.now())
    return row(account, name).select_for_update().get()


def mark_due(account: Account, name: str) -> bool:
    """Ask for a look as soon as may be.

    True: the caller nudges. False: one is under way, or was asked for a moment ago.
    """
    now = clock.now()
    copy, new = copy_of(account, name, now)
    if copy.next_at <= now:
        return new or now - copy.next_at > ASK_AGAIN  # nobody came: that nudge was lost
    idle = Q(claim_until=None) | Q(claim_until__lte=now)
    return row(account, name).filter(idle, next_at__gt=now).update(next_at=now) == 1


def claim(account: Account, name: str, at: datetime, *, if_due: bool = False) -> str:
    """Take the one look in flight; "" when another has it (if_due: or was quicker).

    The token goes with every later write.
    """
    copy_of(account, name, at)
    token = secrets.token_hex(8)
    idle = Q(claim_until=None) | Q(claim_until__lte=at)
    if if_due:
        idle &= Q(next_at__lte=at)
    # next_at is pushed on before the call: a look that kills its process is not tried again at
    # once.
    taken = (
        row(account, name)
        .filter(idle)
        .update(claim=token, claim_until=at + HELD, next_at=at + HELD)
    )
    return token if taken == 1 else ""


def failed(
    account: Account,
    name: str,
    token: str,
    sentence: str,
    at: datetime,
    not_before: datetime | None = None,
) -> None:
    """The look told nothing: keep the copy, say why, wait longer each time, an hour at most, and as
    long as we were told to.
    """
    mine = row(account, name).filter(claim=token)
    copy = mine.first()
    if copy is None:
        return  # another took over meanwhile
    due = max(at + min(FIRST_WAIT * 2 ** min(copy.failures, 6), WORST_WAIT), not_before or at)
    mine.update(
        claim="", claim_until=None, failed=sentence[:300], failures=copy.failures + 1, next_at=due
    )
