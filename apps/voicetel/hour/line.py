"""The line for the provider's hour: apps say what they want asked, the sweep asks in the order of
turns.py.

A wish is a row; what asking it means is the business of the app that wrote it and serves it. A call
is counted where it is made, by budget.reserve(): the line says who is next, and never how many.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from apps.voicetel import clock
from apps.voicetel.client import BudgetSpent, NotSent, RateLimited
from apps.voicetel.hour import turns, window
from apps.voicetel.hour.rules import ACCOUNT, BEHIND, HOUR, NEWCOMERS, Held
from apps.voicetel.models import Party, Spent, Wish

log = logging.getLogger(__name__)

SECONDS = 50  # a sweep ends before its lease does
UNSENT = timedelta(seconds=30)  # nothing left us: others may have better luck meanwhile
# Whoever serves a wish pushes it on first, so that one that breaks or kills us stops nobody:
# doubling, from (longer than any call) and to.
NEXT_TRY, SELDOM = timedelta(minutes=2), timedelta(hours=1)
PARKED_AFTER, PARKED = 10, timedelta(days=1)  # tries in vain
REMEMBERED = timedelta(days=30)  # a turn of a network of which nobody waits

Handler = Callable[[Wish], bool]
_handlers: dict[tuple[str, str], Handler] = {}


class Moot(Exception):
    """Raised by who serves a wish when nothing is to be asked any more: it ends without a call, and
    its party keeps its turn.
    """


@dataclass(frozen=True, slots=True)
class Position:
    """Where a wish stands: how many are before it, and when its turn comes.

    about_at: if nobody comes before it. latest_at: whoever comes; None: no time is kept for its
    class.
    """

    ahead: int
    about_at: datetime
    latest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A wish of the line as staff see it."""

    wish: Wish
    about_at: datetime


@dataclass(frozen=True, slots=True)
class WholeLine:
    """The line now.

    `due`: how many wait in each class; `first`: who is served next, in order; `parked`: failed too
    often.
    """

    due: dict[str, int]
    first: list[Standing]
    parked: list[Wish]


def serves(operation: str, kind: str = "") -> Callable[[Handler], Handler]:
    """Register who serves the wishes of an operation that are about that kind of thing (empty: all
    others).

    The function makes the call, in the wish's class, and says whether the wish is settled; if not,
    it is tried again less and less often. It lets BudgetSpent, RateLimited and NotSent through:
    then nobody's place is lost. It raises Moot where no call is needed.
    """

    def register(handler: Handler) -> Handler:
        _handlers[operation, kind] = handler
        return handler

    return register


def want(
    operation: str,
    call_class: str,
    kind: str,
    about: int | str,
    *,
    account: str = "",
    network: str = "",
    due_at: datetime | None = None,
    since: datetime | None = None,
) -> None:
    """Put a wish in line, once however often it is called. kind, about: what is to be asked, and
    its id. account: the account's number; network: a newcomer's /24 or /48.

    A better class takes it up, at that class's end; a worse one changes nothing. due_at: not
    before, nor counted as waiting before. since: the place of an earlier wish that this one takes
    over.
    """
    now = clock.now()
    due = due_at or now
    with transaction.atomic():
        party = _party(call_class, account or f"{kind}:{about}", network)
        place = {
            "call_class": call_class,
            "account": account,
            "network": network,
            "party": party,
            "since": since or due,
        }
        wish, made = Wish.objects.get_or_create(
            operation=operation,
            ref=f"{kind}:{about}",
            defaults={**place, "kind": kind, "about": str(about), "due_at": due},
        )
        if made or turns.ORDER.index(call_class) >= turns.ORDER.index(wish.call_class):
            return
        # One that failed waits out its pause: looking often must not cost everybody's calls.
        Wish.objects.filter(pk=wish.pk, call_class=wish.call_class).update(
            **place, due_at=wish.due_at if wish.tries else due
        )


def _party(call_class: str, account: str, network: str) -> Party | None:
    """Locked until the wish stands, so that nobody forgets it meanwhile."""
    name = {BEHIND.name: account, NEWCOMERS.name: network}.get(call_class)
    if name is None:
        return None
    while True:
        found = Party.objects.get_or_create(name=f"{call_class}:{name}")[0]
        if locked := Party.objects.select_for_update(no_key=True).filter(pk=found.pk).first():
            return locked


def is_untried(operation: str, kind: str, about: int | str) -> bool:
    """It waits, has cost no call, and none is on its way for it."""
    return _wishes(operation, kind, about).filter(tries=0).exists()


def drop(operation: str, kind: str, about: int | str) -> bool:
    """The wish is wanted no more. Whether it was untried."""
    mine = _wishes(operation, kind, about)
    untried = mine.filter(tries=0).delete()[0]  # whoever serves it counted the try first
    mine.delete()
    return bool(untried)


def _wishes(operation: str, kind: str, about: int | str) -> QuerySet[Wish]:
    """The one wish, if it waits."""
    return Wish.objects.filter(operation=operation, kind=kind, about=str(about))


# Serving


def serve(*, everything: bool = False) -> None:
    """The sweep: as many as there is room for. everything: also those that are not due yet, and
    unpaced.
    """
    until, done = time.monotonic() + SECONDS, set[int]()
    for pool_of in _pools():
        while time.monotonic() < until:
            wish = _next(pool_of, done, everything=everything)
            if wish is None or not _served(wish):
                break
            done.add(wish.pk)


def _pools() -> list[str]:
    """One pool, named by no operation; with VOICETEL_POOLS=four each operation has its own."""
    return (
        [""]
        if settings.VOICETEL_POOLS == "one"
        else sorted(set(Wish.objects.values_list("operation", flat=True)))
    )


def _next(pool_of: str, done: set[int], *, everything: bool) -> Wish | None:
    """Who may be served now."""
    held, now, shut = _hour(pool_of)
    if shut or len([call for call in held if call.at > now - HOUR]) >= ACCOUNT.size:
        return None  # the sweep's usual end, by one query
    waiting = _waiting(pool_of).exclude(pk__in=done)  # none twice in one sweep
    waiting = waiting if everything else waiting.filter(due_at__lte=now)
    heads = {
        call_class: head
        for call_class in turns.ORDER
        if (head := _in_turn(waiting, call_class).first())
    }
    found = turns.next(held, heads, now, paced=not everything)
    return found if isinstance(found, Wish) else None


def _hour(pool_of: str) -> tuple[list[Held], datetime, datetime | None]:
    """The pool's newest calls, the time, and until when a 429 shut it."""
    view = window.look(ACCOUNT, pool_of)
    if view is None:
        return [], clock.now(), None
    now, _ = view.times()
    return view.held, now, view.shut_until if view.shut_until and view.shut_until > now else None


def _waiting(pool_of: str) -> QuerySet[Wish]:
    wishes = Wish.objects.select_related("party")
    return wishes.filter(operation=pool_of) if pool_of else wishes


def _in_turn(waiting: QuerySet[Wish], call_class: str) -> QuerySet[Wish]:
    """The first of a class first.

    Owners and lookers have no party: they are in the order in which they came.
    """
    return waiting.filter(call_class=call_class).order_by(
        F("party__had_at").asc(nulls_first=True), "since", "pk"
    )


def _served(wish: Wish) -> bool:
    """Serve one wish. False: there is no call to be had, for whoever is next either."""
    mine = Wish.objects.filter(pk=wish.pk)
    if not mine.filter(due_at=wish.due_at, call_class=wish.call_class).update(
        due_at=clock.now() + _pause(wish.tries), tries=F("tries") + 1
    ):
        return True  # another sweep has it
    try:
        settled = _handler_of(wish)(wish)
    except BudgetSpent:
        mine.update(due_at=wish.due_at, tries=wish.tries)
        return False
    except (RateLimited, NotSent) as why:
        log.warning("no call for %s: %s", wish.operation, why)
        mine.update(
            due_at=wish.due_at if isinstance(why, RateLimited) else clock.now() + UNSENT,
            tries=wish.tries,
        )
        return False
    except Moot:
        mine.delete()
        return True
    except Exception:
        log.exception("wish %s %s %s failed", wish.operation, wish.kind, wish.about)
        settled = False
    if wish.party:
        Party.objects.filter(pk=wish.party.pk).update(had_at=clock.now())
    if settled:
        mine.delete()
    return True


def _handler_of(wish: Wish) -> Handler:
    if not wish.kind:  # the release before this one wrote it
        wish.kind, _, wish.about = wish.ref.partition(":")
    handler = _handlers.get((wish.operation, wish.kind)) or _handlers.get((wish.operation, ""))
    if handler is None:
        raise LookupError(f"nobody serves {wish.operation} {wish.kind}")
    return handler


def _pause(tries: int) -> timedelta:
    return PARKED if tries + 1 >= PARKED_AFTER else min(NEXT_TRY * 2**tries, SELDOM)


# Looking at it


def place(operation: str, kind: str, about: int | str) -> Position | None:
    """How many are before this wish, and when its turn comes, by the rule that grants it.

    None: it does not wait.
    """
    wish = _wishes(operation, kind, about).select_related("party").first()
    if wish is None:
        return None
    pool_of = "" if settings.VOICETEL_POOLS == "one" else operation
    held, now, shut = _hour(pool_of)
    if _is_asked(wish, now):
        # its own call is among those that are held, and would put it off by an hour
        return Position(0, now, now)
    due = _waiting(pool_of).filter(Q(due_at__lte=now) | Q(pk=wish.pk))
    counts = _counts(due)
    in_class = _ahead(due.filter(call_class=wish.call_class).exclude(pk=wish.pk), wish)
    before = sum(
        counts.get(call_class, 0)
        for call_class in turns.ORDER[: turns.ORDER.index(wish.call_class)]
    )
    about_at = turns.about(held, counts, wish.call_class, in_class, shut or now)
    latest_at = turns.latest(wish.call_class, in_class, shut or now)
    return Position(
        in_class + before,
        max(about_at, wish.due_at),
        latest_at and max(about_at, latest_at, wish.due_at),
    )


def _is_asked(wish: Wish, now: datetime) -> bool:
    """Whether its call is on its way now."""
    if not wish.tries:
        return False
    on_their_way = Spent.objects.filter(answered_at=None, at__gt=now, call_class=wish.call_class)
    return on_their_way.filter(operation=wish.operation, account=wish.account).exists()


def _counts(due: QuerySet[Wish]) -> dict[str, int]:
    return dict(due.order_by().values_list("call_class").annotate(Count("pk")))


def _ahead(others: QuerySet[Wish], wish: Wish) -> int:
    """How many of the class are served before: of each party one a round, in the order of their
    last turns.
    """
    earlier = Q(since__lt=wish.since) | Q(since=wish.since, pk__lt=wish.pk)
    if wish.party is None:
        return others.filter(earlier).count()
    rounds: int = others.filter(earlier, party=wish.party).count()  # that pass before its own
    first = others.filter(party=wish.party).aggregate(since=Min("since"))["since"] or wish.since
    mine = _turn(wish.party.had_at, min(first, wish.since))
    parties = (
        others.exclude(party=wish.party)
        .order_by()
        .values_list("party", "party__had_at")
        .annotate(Min("since"), Count("pk"))
    )
    before: list[int] = [
        min(size, rounds + (_turn(had_at, since) < mine)) for _, had_at, since, size in parties
    ]
    return rounds + sum(before)


def _turn(had_at: datetime | None, since: datetime) -> tuple[bool, datetime, datetime]:
    return had_at is not None, had_at or since, since


def outlook(first: int = 50) -> WholeLine:
    """For staff: who waits, and when each of the first is served."""
    counts: Counter[str] = Counter()
    standing: list[Standing] = []
    for pool_of in _pools():
        held, now, shut = _hour(pool_of)
        due = _waiting(pool_of).filter(due_at__lte=now)
        of_pool = _counts(due)
        counts.update(of_pool)
        classes = {call_class: iter(_in_order(due, call_class)[:first]) for call_class in of_pool}
        turns_of_pool = islice(turns.project(held, of_pool, shut or now), first)
        standing += [Standing(next(classes[call_class]), at) for call_class, at in turns_of_pool]
    parked = list(
        Wish.objects.filter(due_at__gt=clock.now(), tries__gte=PARKED_AFTER).order_by("since")[
            :first
        ]
    )
    return WholeLine(dict(counts), sorted(standing, key=lambda one: one.about_at)[:first], parked)


def _in_order(due: QuerySet[Wish], call_class: str) -> QuerySet[Wish]:
    """The whole class as it will be served: one of each party, then the second of each."""
    round_ = Window(RowNumber(), partition_by=F("party"), order_by=["since", "pk"])
    return (
        due.filter(call_class=call_class)
        .annotate(round=round_)
        .order_by("round", F("party__had_at").asc(nulls_first=True), "since", "pk")
    )


def forget_parties() -> None:
    """Delete those of whom nobody waits and whose last turn is long ago; not one for whom someone
    just gets in line.
    """
    idle = Q(had_at=None) | Q(had_at__lt=clock.now() - REMEMBERED)
    with transaction.atomic():
        nobodys = Party.objects.filter(idle, ~Exists(Wish.objects.filter(party=OuterRef("pk"))))
        held = [party.pk for party in nobodys.select_for_update(skip_locked=True)]
        # a wish may have come before the lock
        Party.objects.filter(pk__in=held, wishes=None).delete()
