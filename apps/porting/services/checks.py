"""Asking VoiceTel whether numbers can be ported: a row a number, worked off by workers, so that
answers fill in while somebody looks.
"""

from collections.abc import Iterable
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q

from apps import locks
from apps.accounts import access
from apps.accounts.models import Account
from apps.porting import pace
from apps.porting.models import Check, DraftNumber
from apps.porting.services import grouping
from apps.running.work import SECONDS, work_off
from apps.text import shortened
from apps.voicetel import clock
from apps.voicetel.client import errors
from apps.voicetel.client.records.porting import Availability

log = structlog.get_logger("porting")
BATCH = 500


def want(account: Account, numbers: Iterable[str], *, older: timedelta = pace.FRESH) -> int:
    """Have these checked, but for those whose answer is younger. How many are to be.

    Within a transaction, or without one.
    """
    now, wanted = clock.about_now(), set(numbers)
    rows = [Check(account=account, number=each, due_at=now) for each in sorted(wanted)]
    Check.objects.across_accounts().bulk_create(rows, ignore_conflicts=True)
    old = Q(at=None) | Q(at__lte=now - older)
    mine = Check.objects.of(account).filter(old, number__in=wanted)
    return mine.filter(Q(due_at=None) | Q(due_at__gte=now)).update(due_at=now, tries=0)


def run(account: Account, until: float = SECONDS) -> int:
    """Check what is due on the account, one after the other, while it has room. How many."""
    done = 0
    while done < BATCH and (check := take(account)):
        ask(check)
        done += 1
    return done


def run_due() -> int:
    """The sweep: what no worker took up."""
    waiting = Check.objects.across_accounts().filter(
        due_at__lte=clock.now(), account__key_state=Account.Key.LIVE
    )
    accounts = Account.objects.filter(pk__in=waiting.values("account"))
    return work_off(accounts, run, SECONDS, log)


def take(account: Account) -> Check | None:
    """Claim the account's next number; None where none is due, or as many are being asked as may
    be.
    """
    with transaction.atomic():
        locks.hold("porting:checks")
        now = clock.now()
        busy = Check.objects.across_accounts().filter(until__gt=now)
        mine = Check.objects.of(account).filter(Q(until=None) | Q(until__lte=now))
        if (
            busy.count() >= pace.CHECKS_AT_ONCE
            or busy.filter(account=account).count() >= pace.CHECKS_A_DRAFT
        ):
            return None
        check = mine.filter(due_at__lte=now).order_by("tries", "due_at", "pk").first()
        if check is None:
            return None
        check.until = now + pace.CHECK_HELD
        check.tries += 1
        mine.filter(pk=check.pk).update(until=check.until, tries=check.tries)
    check.account = account
    return check


def ask(check: Check) -> None:
    """Ask for one number that was claimed, write the answer, and put it into its drafts' groups."""
    now = clock.now()
    mine = Check.objects.of(check.account).filter(pk=check.pk, until=check.until)
    try:
        told = access.client_for(check.account).ports.availability(check.number)
    except errors.VoiceTelError as error:
        log.warning("a number was not checked", check=check.pk, why=type(error).__name__)
        wait = pace.CHECK_WAIT * 2 ** min(check.tries - 1, 8)
        again = max(getattr(error, "retry_at", None) or now, now + wait)
        refused = isinstance(error, errors.Refused)
        due = None if refused or check.tries >= pace.CHECK_TRIES else again
        mine.update(until=None, failed=why(error), due_at=due)
        return
    with transaction.atomic():
        if mine.update(**values(told), at=now, until=None, due_at=None, failed="", tries=0):
            drafts = DraftNumber.objects.of(check.account).filter(number=check.number)
            for draft in drafts.values_list("draft", flat=True):
                grouping.sort(check.account, draft)


def values(told: Availability) -> dict[str, object]:
    """The columns of what was told. VoiceTel's words are cut to what has room, and on one line."""
    return {
        "portable": told.portable,
        "reason": shortened(told.reason or "", 300),
        "carrier": shortened(told.losing_carrier or "", 200),
        "tier": shortened(told.rate_center_tier or "", 20),
    }


def why(error: errors.VoiceTelError) -> str:
    """A sentence for a person: why a check told nothing."""
    match error:
        case errors.BudgetSpent() | errors.RateLimited():
            return "VoiceTel asked us to wait."
        case errors.Unauthorized():
            return "VoiceTel no longer accepts the account's connection."
        case errors.Refused():
            return shortened(f"VoiceTel couldn't check it: {error}", 300)
        case errors.NotSent():
            return "VoiceTel is unreachable."
        case _:
            return "VoiceTel's answer couldn't be read."


def ask_again(account: Account, number: str) -> bool:
    """A person wants one that failed to be checked once more."""
    now = clock.about_now()
    idle = Q(until=None) | Q(until__lte=now)
    rows = Check.objects.of(account).filter(idle, number=number).exclude(failed="")
    return bool(rows.update(due_at=now, tries=F("tries") * 0))
