"""Holds: for some seconds none of an account's changes is sent, or none that costs.

Whoever reads a figure that a change would move, or turns the key by which changes go, takes one:

    hold = holds.take(account, Hold.Over.CHARGES, "The balance is being read.", seconds=30)
    if hold:
        try:
            if not holds.is_busy(hold):
                ...
        finally:
            holds.release(hold.token)
"""

import secrets
from datetime import datetime, timedelta

from django.db.models import F, Q

from apps.accounts.models import Account
from apps.changes.engine import places, rows
from apps.changes.models import Hold
from apps.changes.states import State
from apps.voicetel import clock


def take(account: Account, over: Hold.Over, why: str, seconds: float) -> Hold | None:
    """Stop what is not sent yet; None while the account has another hold.

    Once it is taken, no further row of the account is claimed, a job's no more than a person's;
    what was claimed before may still be under way (is_busy). why: a sentence for the pages of the
    changes that wait. seconds: when a sweep ends it if nobody has released it.
    """
    now = clock.about_now()
    with rows.writing():
        places.lock(account.pk)
        if Hold.objects.of(account).filter(until__gt=now).exists():
            return None
        for hold in Hold.objects.of(account):
            _end(hold, hold.until)
        return Hold.objects.across_accounts().create(
            account=account,
            over=over,
            why=why,
            token=secrets.token_hex(16),
            taken_at=now,
            until=now + timedelta(seconds=seconds),
        )


def is_busy(hold: Hold) -> bool:
    """Whether a change that the hold is over was claimed before it and is still being sent, or
    looked for.
    """
    at_work = Q(state=State.SENDING) | Q(state=State.DOUBT) & ~Q(claim="")
    sending = rows.rows().filter(at_work, account=hold.account_id)
    if hold.over == Hold.Over.CHARGES:
        sending = sending.filter(rows.charging())
    return sending.exists()


def extend(token: str, seconds: float) -> bool:
    """Have a hold last until so many seconds from now. False when it had ended before."""
    until = clock.about_now() + timedelta(seconds=seconds)
    with rows.writing():
        mine = Hold.objects.across_accounts().filter(token=token, until__gt=clock.about_now())
        return mine.update(until=until) == 1


def release(token: str) -> bool:
    """End a hold; the next sweep takes up what waited. False when it had ended before."""
    with rows.writing():
        hold = Hold.objects.across_accounts().filter(token=token).first()
        return hold is not None and _end(hold, clock.about_now())


def end_due() -> None:
    """End what was not released in its time, because its process died."""
    now = clock.about_now()
    for hold in Hold.objects.across_accounts().filter(until__lte=now):
        with rows.writing():
            _end(hold, now)


def _end(hold: Hold, at: datetime) -> bool:
    """Within a commit. The time that was held does not count towards the 15 minutes of what
    waited.
    """
    if not Hold.objects.across_accounts().filter(pk=hold.pk).delete()[0]:
        return False
    waiting = rows.rows().filter(account=hold.account_id, state__in=rows.WAITING)
    if hold.over == Hold.Over.CHARGES:
        waiting = waiting.filter(rows.charging())
    waiting.filter(first_at__gte=hold.taken_at, first_at__lt=at).update(first_at=at)
    held_for = at - hold.taken_at
    waiting.filter(first_at__lt=hold.taken_at).update(first_at=F("first_at") + held_for)
    return True
