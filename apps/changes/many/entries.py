"""Many changes of one job: made into rows, sent a few at a time, counted, closed.

apps.jobs calls this; a domain says what its jobs change (apps/jobs/kinds.py) and calls neither. A
row of a job differs from a person's in four ways: nobody nudges it, it has none of the account's
places, it never grows too old, and a person's newer change of the same value takes its place.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from apps.accounts.models import Account, User
from apps.changes import machine
from apps.changes.change import Change
from apps.changes.engine import rows, tokens
from apps.changes.many import lean
from apps.changes.many.lean import Ran
from apps.changes.models import Entry
from apps.changes.states import OPEN, State
from apps.running import broker
from apps.voicetel import clock

MANY = 500  # rows of one commit: 1,000 hold SQLite's lock for half a second


def rows_of(
    job: int, letters: str, by: User, numbered: Sequence[tuple[int, Change]]
) -> list[Entry]:
    """The rows of these changes of one account, not written yet. letters: of the job's token.
    numbered: each with its place in the job, which makes its token, so that none is written twice.

    One query a class for what our copy says before.
    """
    now = clock.about_now()
    before = _before_many([change for _, change in numbered])
    return [
        machine.entry_of(
            change,
            by,
            tokens.child(letters, place),
            job=job,
            before=was,
            price=change.price(),
            created_at=now,
            first_at=now,
        )
        for (place, change), was in zip(numbered, before, strict=True)
    ]


def insert(entries: Iterable[Entry]) -> None:
    """Write rows within the caller's commit. Those whose token is there already are left alone."""
    rows.rows().bulk_create(entries, batch_size=MANY, ignore_conflicts=True)


def list_ready(account: Account, job: int, most: int) -> list[Entry]:
    """The next rows that may be sent, oldest first, and never one whose lane is taken. One
    query.
    """
    ready = rows.rows().filter(~rows.waits(), account=account, job=job, state=State.READY)
    found = list(ready.order_by("pk")[:most])
    for entry in found:
        entry.account = account  # no query for each
    return found


def send(entries: Sequence[Entry], go_on: Callable[[], bool], *, threads: int) -> Ran:
    """Send rows of list_ready(), so many at a time. Returns once none of them is under way.

    go_on: asked about once a second, in this thread; False ends it within one call. threads: 1
    sends in this thread.
    """
    return lean.send(entries, go_on, _hand_on, threads=threads)


def bring_back(account: Account, job: int) -> None:
    """Rows that never left, and whose time has come, may be sent again."""
    with rows.writing():
        _unsent(account, job).filter(due_at__lte=clock.about_now()).update(
            state=State.READY, claim="", due_at=None
        )


def unsent_until(account: Account, job: int) -> datetime | None:
    """When the first row that never left may be sent again; None where there is none."""
    return _unsent(account, job).order_by("due_at").values_list("due_at", flat=True).first()


def hand_over(account: Account, job: int, by: User) -> None:
    """Let another person answer for what is not sent yet."""
    waiting = rows.rows().filter(account=account, job=job, state__in=rows.WAITING)
    with rows.writing():
        waiting.update(by=by, by_name=str(by)[:254], by_email=by.email)


def close_rest(account: Account, job: int, said: str) -> int:
    """Close every row that is not sent yet, and erase its secrets. How many."""
    closed = 0
    waiting = rows.rows().filter(account=account, job=job, state__in=rows.WAITING)
    while batch := list(waiting.order_by("pk").values_list("pk", flat=True)[:MANY]):
        with rows.writing():
            # the state again: one of them may have been taken meanwhile
            closed += waiting.filter(pk__in=batch).update(
                state=State.CLOSED,
                claim="",
                due_at=None,
                sealed=None,
                said=said,
                settled_at=clock.about_now(),
            )
    return closed


def counts(account: Account, job: int) -> dict[State, int]:
    """How many of a job's rows there are in each state. One query, of an index alone."""
    mine = rows.rows().filter(account=account, job=job).order_by()
    found = mine.values_list("state").annotate(many=Count("pk"))
    return {State(state): many for state, many in found}


def counts_of(account: Account, jobs: Sequence[int]) -> dict[int, dict[State, int]]:
    """counts() of several jobs, in one query."""
    found: dict[int, dict[State, int]] = {job: {} for job in jobs}
    mine = rows.rows().filter(account=account, job__in=jobs).order_by()
    for job, state, many in mine.values_list("job", "state").annotate(many=Count("pk")):
        found[job][State(state)] = many
    return found


def pace(account: Account, job: int, since: datetime) -> float:
    """Rows a second that settled since then, or in the last minute where that is shorter."""
    now = clock.about_now()
    since = max(since, now - timedelta(minutes=1))
    mine = rows.rows().filter(account=account, job=job, settled_at__gt=since)
    seconds = (now - since).total_seconds()
    return mine.exclude(state__in=OPEN).count() / seconds if seconds > 0 else 0.0


def list_of(account: Account, job: int) -> QuerySet[Entry]:
    """All rows of a job."""
    return rows.rows().filter(account=account, job=job)


def newest_settled(account: Account, job: int) -> QuerySet[Entry]:
    """What a job did, newest first, without what a later row of the same job did again."""
    done = list_of(account, job).filter(state__in=[State.DONE, State.PARTLY])
    later = list_of(account, job).filter(lane=OuterRef("lane"), pk__gt=OuterRef("pk"))
    return done.filter(~Exists(later.filter(Q(state__in=[State.DONE])))).order_by("pk")


def _unsent(account: Account, job: int) -> QuerySet[Entry]:
    return rows.rows().filter(account=account, job=job, state=State.NOT_SENT)


def _before_many(changes: Sequence[Change]) -> list[dict[str, object]]:
    by_class: dict[type[Change], list[int]] = {}
    for at, change in enumerate(changes):
        by_class.setdefault(type(change), []).append(at)
    found: list[dict[str, object]] = [{}] * len(changes)
    for kind, places in by_class.items():
        for at, was in zip(places, kind.before_many([changes[at] for at in places]), strict=True):
            found[at] = was
    return found


def _hand_on(following: int) -> None:
    """A person's change waited for a row of the job."""
    if not broker.nudge(following):
        machine.run(following)
