"""The Copy row: when it is due, who reads it now, how a failed look is told."""

import secrets
from datetime import datetime

from django.db.models import Q

from apps.accounts.models import Account
from apps.numbers.models import Copy
from apps.numbers.pace import FIRST_WAIT, HELD, WORST_WAIT
from apps.voicetel import clock


def copy_of(account: Account) -> Copy:
    """The account's row, made due at once when there is none yet."""
    return Copy.objects.of(account).get_or_create(account=account, defaults={"next_at": clock.now()})[0]


def locked(account: Account) -> Copy:
    """The account's row, held until the caller's transaction ends."""
    copy_of(account)
    return Copy.objects.of(account).select_for_update().get()


def mark_due(account: Account) -> bool:
    """Ask for a look as soon as may be. False when one is under way or due already. The caller nudges."""
    now = clock.now()
    copy_of(account)
    idle = Q(claim_until=None) | Q(claim_until__lte=now)
    return Copy.objects.of(account).filter(idle, next_at__gt=now).update(next_at=now) == 1


def claim(account: Account, at: datetime) -> str:
    """Take the one look in flight; "" when another has it. The token goes with every later write."""
    copy_of(account)
    token = secrets.token_hex(8)
    idle = Q(claim_until=None) | Q(claim_until__lte=at)
    # next_at is pushed on before the call: a look that kills its process is not tried again at once.
    taken = Copy.objects.of(account).filter(idle).update(claim=token, claim_until=at + HELD, next_at=at + HELD)
    return token if taken == 1 else ""


def failed(account: Account, token: str, sentence: str, at: datetime, not_before: datetime | None = None) -> None:
    """The look told nothing: keep the copy, say why, wait longer each time, an hour at most, and as long as we were told to."""
    copy = Copy.objects.of(account).filter(claim=token).first()
    if copy is None:
        return  # another took over meanwhile
    due = max(at + min(FIRST_WAIT * 2 ** min(copy.failures, 6), WORST_WAIT), not_before or at)
    Copy.objects.of(account).filter(claim=token).update(
        claim="", claim_until=None, failed=sentence[:300], failures=copy.failures + 1, next_at=due
    )
