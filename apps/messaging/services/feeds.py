"""Feeds: which span of a number's history is read next, by whom, and how that went."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db.models import F, Max, Q

from apps.accounts import access
from apps.accounts.models import Account
from apps.messaging import pace
from apps.messaging.models import Conversation, Feed, Kind, Message
from apps.messaging.services import history
from apps.voicetel import clock
from apps.voicetel.client import errors

log = structlog.get_logger("messaging")


def ensure(account: Account, numbers: Sequence[str]) -> None:
    """Feeds of numbers that can text, due at once where they are new."""
    mine = Feed.objects.of(account)
    have = set(mine.filter(number__in=numbers).values_list("number", "kind"))
    now = clock.about_now()
    mine.bulk_create(
        [
            Feed(
                account=account,
                number=number,
                kind=kind,
                next_at=None if kind == Kind.DLR else now,
            )
            for number in numbers
            for kind in Kind
            if (number, kind) not in have
        ],
        ignore_conflicts=True,
    )


def watch(account: Account, number: str) -> None:
    """A page shows this number's messages: its feeds come sooner while it does, and stop coming
    sooner by themselves.
    """
    ensure(account, [number])
    now = clock.about_now()
    mine = Feed.objects.of(account)
    busy = mine.filter(watched_until__gt=now).exclude(number=number).values("number").distinct()
    if busy.count() >= pace.WATCHED_AT_ONCE:
        return
    for kind, every in pace.WHILE_WATCHED.items():
        due = Q(read_at=None) | Q(read_at__lte=now - every)
        feed = mine.filter(number=number, kind=kind)
        feed.update(watched_until=now + pace.WATCHED)
        if kind != Kind.DLR or waits_for_receipt(account, number) is not None:
            feed.filter(due, failures=0).filter(Q(next_at=None) | Q(next_at__gt=now)).update(
                next_at=now
            )


def ask_again(account: Account, number: str) -> None:
    """A message was sent: its record, and soon its receipt, are to be read."""
    now = clock.about_now()
    ensure(account, [number])
    soon = now + timedelta(seconds=5)
    mine = Feed.objects.of(account).filter(number=number)
    mine.filter(Q(next_at=None) | Q(next_at__gt=soon)).update(next_at=soon)


def due(limit: int, everything: bool = False) -> list[Feed]:
    """Feeds of connected accounts that are due, longest due first."""
    now = clock.now()
    live = Account.objects.filter(key_state=Account.Key.LIVE)
    found = Feed.objects.across_accounts().filter(account__in=live)
    found = found.filter(Q(claim_until=None) | Q(claim_until__lte=now))
    if not everything:
        found = found.filter(next_at__lte=now)
    return list(found.select_related("account").order_by("next_at", "pk")[:limit])


def read(pk: int, *, if_due: bool = True) -> bool:
    """Read the next span of a feed that is due, if nobody else is at it. Never raises for
    VoiceTel's failures: the feed says so, and waits longer each time.
    """
    now, token = clock.now(), secrets.token_hex(8)
    free = Feed.objects.across_accounts().filter(pk=pk)
    free = free.filter(Q(claim_until=None) | Q(claim_until__lte=now))
    if if_due:
        free = free.filter(next_at__lte=now)
    # pushed on before the call: one that kills its process does not come again at once
    if not free.update(claim=token, claim_until=now + pace.HELD, next_at=now + pace.HELD):
        return False
    feed = Feed.objects.across_accounts().select_related("account").get(pk=pk)
    try:
        told = access.client_for(feed.account).messages.history(
            feed.number, feed.kind, *(span := span_of(feed, now))
        )
        history.take_in(feed.account, feed.number, feed.kind, told.messages)
    except errors.VoiceTelError as error:
        log.warning("a history was not read", feed=pk, why=type(error).__name__)
        _failed(feed, token, sentence(error))
        if isinstance(error, errors.Unauthorized):
            access.confirm_dead(feed.account)
        return False
    except BaseException:
        _failed(feed, token, "Something went wrong on our end.")
        raise
    _taken(feed, token, span, now)
    return True


def span_of(feed: Feed, now: datetime) -> tuple[datetime, datetime]:
    """(newer end, older end) of the next call, a week at most: what is new first; then, week by
    week, 30 days back.
    """
    if feed.covered_from is None or feed.covered_to is None:
        return now, now - pace.SPAN
    if now - feed.covered_to <= pace.OVERLAP and feed.covered_from > now - pace.FIRST:
        return feed.covered_from, feed.covered_from - pace.SPAN
    whole = feed.swept_at is None or now - feed.swept_at > pace.SWEPT
    oldest = feed.covered_to - (pace.LATE if whole else pace.OVERLAP)
    return min(now, oldest + pace.SPAN), oldest


def _taken(feed: Feed, token: str, span: tuple[datetime, datetime], now: datetime) -> None:
    newest, oldest = span
    whole = feed.covered_to is not None and feed.covered_to - oldest >= pace.LATE
    covered_to = max(feed.covered_to or newest, newest)
    covered_from = min(feed.covered_from or oldest, oldest)
    behind = covered_to < now - pace.OVERLAP or covered_from > now - pace.FIRST
    wait = timedelta(0) if behind else next_in(feed, now)
    Feed.objects.across_accounts().filter(pk=feed.pk, claim=token).update(
        claim="",
        claim_until=None,
        failures=0,
        failed="",
        read_at=now,
        covered_to=covered_to,
        covered_from=covered_from,
        swept_at=now if whole or feed.swept_at is None else F("swept_at"),
        next_at=None if wait is None else now + wait,
    )


def next_in(feed: Feed, now: datetime) -> timedelta | None:
    """How long until the feed's next look, as pace.py has it."""
    last = Conversation.objects.of(feed.account).filter(number=feed.number)
    span = pace.interval(
        feed.kind,
        now,
        watched=bool(feed.watched_until and feed.watched_until > now),
        last_at=last.aggregate(at=Max("last_at"))["at"],
        waiting=waits_for_receipt(feed.account, feed.number),
    )
    return None if span is None else pace.jittered(span)


def waits_for_receipt(account: Account, number: str) -> datetime | None:
    """When the number's newest sent message without a receipt was sent, if in the last day."""
    since = clock.about_now() - pace.AFTER_TEXT[-1]
    found = Message.objects.of(account).filter(number=number, out=True, at__gte=since)
    newest: datetime | None = found.filter(receipt_at=None).aggregate(at=Max("at"))["at"]
    return newest


def _failed(feed: Feed, token: str, said: str) -> None:
    failures = feed.failures + 1
    Feed.objects.across_accounts().filter(pk=feed.pk, claim=token).update(
        claim="",
        claim_until=None,
        failures=failures,
        failed=said,
        next_at=clock.now() + pace.failed(failures),
    )


def sentence(error: errors.VoiceTelError) -> str:
    """Why a history was not read, for a person; VoiceTel's own words may hold anything."""
    match error:
        case errors.Forbidden() | errors.Absent():
            return "VoiceTel says that this number isn't on the account."
        case errors.Unauthorized():
            return "VoiceTel no longer accepts the account's connection."
        case errors.Refused():
            return "VoiceTel declined to show this number's messages."
        case errors.NotSent():
            return "VoiceTel is unreachable."
        case _:
            return "VoiceTel's answer couldn't be read."
