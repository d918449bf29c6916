"""One look at a list of the provider's, and how it is taken in.

One look in flight an account and list (the claim on Copy). The answer is whole before anything is
written; asking and comparing happen outside the write lock, which on SQLite everybody shares.
"""

from datetime import datetime
from enum import StrEnum

import structlog
from django.db import transaction

from apps.accounts import access
from apps.accounts.models import Account
from apps.copies import claims, pace
from apps.copies.models import Copy
from apps.copies.source import Difference, Source, T
from apps.voicetel import clock
from apps.voicetel.client import errors

log = structlog.get_logger("copies")


class Outcome(StrEnum):
    """How a look ended."""

    TAKEN = "taken"  # the copy is what the provider said
    DOUBTED = "doubted"  # it would have removed too much: a second look, a minute later, decides
    FAILED = "failed"  # nothing was learned
    BUSY = "busy"  # another look is under way, took over, or was quicker


def look(account: Account, source: Source[T], *, if_due: bool = False) -> Outcome:
    """Read the list once and take it in. Never raises for the provider's failures: they are told on
    the Copy row.

    if_due: not when another look was quicker since this one was asked for.
    """
    asked = clock.now()
    token = claims.claim(account, source.name, asked, if_due=if_due)
    if not token:
        return Outcome.BUSY
    try:
        told = source.told(account, access.client_for(account))
        return take_in(account, source, token, asked, told)
    except errors.VoiceTelError as error:
        log.warning("not read", source=source.name, account=account.pk, why=type(error).__name__)
        not_before = getattr(error, "retry_at", None)
        claims.failed(account, source.name, token, why(error, source), clock.now(), not_before)
        if isinstance(error, errors.Unauthorized):
            access.confirm_dead(account)
        return Outcome.FAILED
    except BaseException:
        log.error("a look was broken off", source=source.name, account=account.pk)
        sentence = "Something went wrong on our end."
        claims.failed(account, source.name, token, sentence, clock.now())
        raise


def take_in(account: Account, source: Source[T], token: str, asked: datetime, told: T) -> Outcome:
    """Write the difference in one commit with the Copy row, if the claim still is ours."""
    difference = source.compare(account, told)
    with transaction.atomic(durable=True):
        copy = claims.row(account, source.name).select_for_update().get()
        if copy.claim != token:
            return Outcome.BUSY
        now = clock.now()
        difference.spare(copy, asked)
        copy.claim, copy.claim_until, copy.failed, copy.failures = "", None, "", 0
        if difference.suspect and not agreed(copy, difference, now):
            doubt(copy, difference, now)
            log.warning(
                "a look would remove too much",
                source=source.name,
                account=account.pk,
                gone=len(difference.gone),
                held=difference.held,
            )
            return Outcome.DOUBTED
        if difference.any or copy.first:
            difference.write(copy)
        copy.read_at, copy.version = asked, copy.version + 1
        copy.next_at = now + source.again(account)
        copy.doubted, copy.doubted_count, copy.doubted_at = "", 0, None
        copy.save()
    return Outcome.TAKEN


def agreed(copy: Copy, difference: Difference, now: datetime) -> bool:
    """Whether an earlier look, a minute ago or more, would have removed the very same rows."""
    return (
        copy.doubted_at is not None
        and copy.doubted == difference.print
        and now - copy.doubted_at >= pace.SECOND_LOOK
    )


def doubt(copy: Copy, difference: Difference, now: datetime) -> None:
    """Keep what the look would have removed until a second one; the same again, too soon, lets the
    minute run on.
    """
    if copy.doubted_at is None or copy.doubted != difference.print:
        copy.doubted, copy.doubted_at = difference.print, now
        copy.doubted_count = len(difference.gone)
    copy.next_at = copy.doubted_at + pace.SECOND_LOOK
    copy.save()


def why(error: errors.VoiceTelError, source: Source[T]) -> str:
    """A sentence for a person: why the last look failed.

    The provider's words are not in it: they may hold anything.
    """
    match error:
        case errors.BudgetSpent() | errors.RateLimited():
            return "VoiceTel asked us to wait."
        case access.KeyTurning():
            return "The account's SIP password is being changed."
        case access.KeyClosed():
            return "This server can't open the account's saved connection."
        case errors.Unauthorized():
            return "VoiceTel no longer accepts the account's connection."
        case errors.Refused():
            return f"VoiceTel declined to list the {source.nouns}."
        case errors.NotSent():
            return "VoiceTel is unreachable."
        case _:
            return "VoiceTel's answer couldn't be read."
