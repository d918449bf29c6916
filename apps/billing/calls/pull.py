"""Our copy of `accountCdr`: who wants it read, what is asked when its turn in the line comes, and
what is written then.
"""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import InvalidOperation

from django.db import transaction

from apps import locks
from apps.accounts import access
from apps.accounts.models import Account
from apps.billing.calls import asks, spans
from apps.billing.calls.asks import Anchor, Ask, Found, Known
from apps.billing.calls.ingest import Taken, numbers_of, place_again, take_in
from apps.billing.calls.shape import Row, row_of
from apps.billing.models import Books, Call, Pull, Span
from apps.running.work import SECONDS, work_off
from apps.voicetel import clock
from apps.voicetel.client import Client, NotSent, RateLimited, VoiceTelError
from apps.voicetel.client.records.account import Cdr
from apps.voicetel.hour import line
from apps.voicetel.models import Wish

log = logging.getLogger(__name__)

OPERATION, KIND = "accountCdr", "calls"
YOUNG = timedelta(minutes=10)  # not read again for someone who looks
AGAIN = timedelta(hours=1)  # a want is said again after so long: its wish may be gone
EVERY, IDLE = timedelta(hours=1), timedelta(days=1)  # when nobody looks; where nobody calls
RECENT = timedelta(days=30)
BATCH = 500
LARGEST = 2**62  # what columns hold, and more than any of it means
ODD = 86_400  # seconds by which VoiceTel's word of its own clock may differ from ours


class Unusable(Exception):
    """No row of the answer is taken; the text says why."""


def books_of(account: Account) -> Books:
    """The row as it is; an account's first asks for nothing older than 90 days."""
    floor = int(clock.about_now().timestamp()) - asks.HISTORY
    return Books.objects.of(account).get_or_create(account=account, defaults={"floor": floor})[0]


def want(account: Account) -> Books:
    """Someone looks at the calls: they move up in the line, if they are older than ten minutes.

    The row as it is.
    """
    books = books_of(account)
    now = clock.about_now()
    # the first answer has a day: the second, with what lies before it, comes as soon
    young = books.read_at and now - books.read_at < YOUNG and books.turns > 1
    wanted = books.wanted_at and now - books.wanted_at < AGAIN
    if account.key_state == Account.Key.LIVE and not young and not wanted:
        line.want(OPERATION, "looking", KIND, account.pk, account=account.number)
        Books.objects.of(account).filter(wanted_at=books.wanted_at).update(wanted_at=now)
    return books


def want_all() -> None:
    """Calls that someone has looked at are wanted every hour when nobody looks; once a day where
    none was made for 30 days.
    """
    now = clock.about_now()
    waiting = set(
        Wish.objects.filter(operation=OPERATION, kind=KIND).values_list("about", flat=True)
    )
    due = Books.objects.across_accounts().filter(
        account__key_state=Account.Key.LIVE, read_at__lt=now - EVERY
    )

    def work(books: Books) -> None:
        if str(books.account_id) in waiting:
            return
        since = int((now - RECENT).timestamp())
        calls = Call.objects.of(books.account_id).filter(at__gte=since).exists()
        if calls or (books.read_at and books.read_at < now - IDLE):
            line.want(OPERATION, "behind", KIND, books.account_id, account=books.account.number)

    work_off(due.select_related("account").order_by("read_at")[:BATCH], work, SECONDS, log)


@line.serves(OPERATION, KIND)
def read(turn: Wish) -> bool:
    """It is this account's turn. False: the answer was lost. Raises as access.read_in_turn()."""
    visit = Visit(int(turn.about))
    return access.read_in_turn(turn, visit.ask, visit.write, _wanted_no_more)


def _wanted_no_more(account: str) -> None:
    """By its primary key, until it is connected again: then someone looks anew."""
    Books.objects.of(account).update(wanted_at=None)


class Visit:
    """One question for an account's calls, from the row that says what is asked to its answer."""

    def __init__(self, account: int) -> None:
        self.account = account

    def ask(self, client: Client) -> Cdr:
        """Writes the Pull, then asks. A call that was never made leaves no row."""
        books = Books.objects.of(self.account).get()
        self.known = known_of(books)
        self.asked = plan(self.account, self.known)
        start, end = self.asked.start, self.asked.end
        self.pull = Pull.objects.of(self.account).create(
            account_id=self.account,
            sent_at=clock.now(),
            start=start,
            end=end,
            anchor=self.asked.anchor and self.asked.anchor.record,
        )
        try:
            return client.account.cdr(None if start is None else _moment(start), _moment(end))
        except (NotSent, RateLimited):
            self.pull.delete()
            raise
        except VoiceTelError:
            self._end(Pull.Outcome.LOST)
            reach = asks.lost(self.known, self.asked).reach
            Books.objects.of(self.account).update(reach=reach)
            raise

    def _end(self, outcome: Pull.Outcome) -> None:
        self.pull.outcome, self.pull.answered_at = outcome, clock.now()
        self.pull.save()

    def write(self, account: Account, answer: Cdr) -> bool:
        """Keep the calls, then say which time they cover. False: the answer was of no use."""
        pull = self.pull
        pull.echo_start, pull.echo_end = _bigint(answer.start), _bigint(answer.end)
        self.numbers = numbers_of(account)
        try:
            rows = rows_of(account, answer, self.numbers)
        except Unusable as why:
            log.error("the calls of account %s aren't used: %s", account.pk, why)
            self._end(Pull.Outcome.REFUSED)
            return False
        until = self._until()
        told = [Anchor(row.at, row.record) for row in rows]
        found = asks.judge(self.asked, told, until, backward=self.known.backward)
        held = spans_of(account)[0]
        taken = take_in(account, rows, pull, held_until=held[-1][1] if held else 0)
        self._keep(account, found, taken)
        return True

    def _until(self) -> int:
        """Up to when the answer speaks, by VoiceTel's clock; not included."""
        if self.asked.start is not None:
            return self.asked.start + 1
        sent, told = int(self.pull.sent_at.timestamp()), self.pull.echo_start
        return told if told is not None and abs(told - sent) < ODD else sent

    def _keep(self, account: Account, found: Found, taken: Taken) -> None:
        pull, newest = self.pull, self.asked.start is None
        pull.rows, pull.new, pull.changed = taken.rows, taken.new, taken.changed
        pull.late, pull.backward = taken.late, found.backward
        if found.backward:
            log.error("VoiceTel told the calls of account %s oldest first", account.pk)
        with transaction.atomic():
            locks.hold(f"billing.calls:{account.pk}")
            books = Books.objects.of(account).get()
            if newest:
                books.skew = self._until() - int(pull.sent_at.timestamp())
            now = int(pull.sent_at.timestamp()) + books.skew
            before = replace(known_of(books), now=now)
            after = asks.learned(before, self.asked, found, taken.rows)
            cover(account, before, after)
            for name in ("most", "reach", "turns", "cut", "open", "backward", "short"):
                setattr(books, name, getattr(after, name))
            if after.ghost:
                books.ghost_at, books.ghost = after.ghost
            books.read_at, books.wanted_at = clock.now(), None
            if books.numbers != len(self.numbers):
                place_again(account, self.numbers)
                books.numbers = len(self.numbers)
            books.save()
            self._end(Pull.Outcome.WHOLE if found.whole else Pull.Outcome.CUT)


def rows_of(account: Account, answer: Cdr, numbers: frozenset[str]) -> list[Row]:
    """The rows of an answer, in its order. Raises Unusable."""
    if any(call.account != account.number for call in answer.calls):
        raise Unusable("they are another account's")
    try:
        rows = [row_of(call, numbers) for call in answer.calls]
    except InvalidOperation:
        raise Unusable("an amount is beyond reason") from None
    if any(max(abs(row.cost), abs(row.rate)) >= LARGEST for row in rows):
        raise Unusable("an amount is beyond reason")
    return rows


def known_of(books: Books) -> Known:
    """What is known of an account's calls now."""
    held, settled = spans_of(books.account_id)
    now = int(clock.now().timestamp()) + books.skew
    ghost = None
    if books.ghost_at is not None and books.ghost is not None:
        ghost = Anchor(books.ghost_at, bytes(books.ghost))
    return Known(
        now=now,
        floor=now - asks.HISTORY if books.floor is None else books.floor,
        held=held,
        settled=settled,
        most=books.most,
        reach=books.reach,
        turns=books.turns,
        cut=books.cut,
        open=books.open,
        backward=books.backward,
        ghost=ghost,
        short=books.short,
    )


def plan(account: int, known: Known) -> Ask:
    """What the account's turn is spent on."""
    calls = Call.objects.of(account)

    def before(at: int) -> Anchor | None:
        found = calls.filter(at__lt=at).order_by("-at", "-record").values_list("at", "record")
        first = next(iter(found[:1]), None)
        return first and Anchor(first[0], bytes(first[1]))

    def count(since: int, until: int) -> int:
        return calls.filter(at__gte=since, at__lt=until).count()

    return asks.next_ask(known, before, count)


def spans_of(account: Account | int) -> tuple[spans.Spans, spans.Spans]:
    """(held, settled), each in order; what is settled is held too."""
    rows = Span.objects.of(account).order_by("since").values_list("settled", "since", "until")
    found: tuple[spans.Spans, spans.Spans] = ([], [])
    for settled, since, until in rows:
        found[settled].append((since, until))
    return found


def cover(account: Account, before: Known, after: Known) -> None:
    """Writes how the spans differ. In a transaction with the lock of the account's calls."""
    for settled, was, now in (
        (False, before.held, after.held),
        (True, before.settled, after.settled),
    ):
        mine = Span.objects.of(account).filter(settled=settled)
        if gone := set(was) - set(now):
            mine.filter(since__in=[since for since, _ in gone]).delete()
        mine.bulk_create(
            Span(account=account, since=since, until=until, settled=settled)
            for since, until in now
            if (since, until) not in set(was)
        )


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _bigint(told: int | None) -> int | None:
    return told if told is not None and abs(told) < LARGEST else None
