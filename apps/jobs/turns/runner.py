"""One turn of a job: rows are written, sent, and what stands in the way decides how it goes on."""

import time
from datetime import datetime
from typing import Final

import structlog

from apps.accounts.models import Account, Membership
from apps.accounts.roles import allows, roles_with
from apps.changes import machine, many
from apps.changes.many import Ran, Trouble
from apps.changes.states import State as Outcome
from apps.changes.states import scaled
from apps.jobs.kinds import KINDS
from apps.jobs.models import Job
from apps.jobs.services import move, nudge
from apps.jobs.states import OPEN, State
from apps.jobs.turns import leases, telling
from apps.voicetel import clock

log = structlog.get_logger("jobs")
THREADS = 4
TURN = 50.0  # seconds of one turn; then another account's job has its own
BATCH = 200  # rows read at a time
AHEAD = 500  # so many rows are written before they are sent, so that the first go at once
LOOK = 1.0  # seconds between two looks at what people decided meanwhile
RENEW = 5.0
STILL: Final = scaled(minutes=15)  # had its turn, and nothing moved for so long: a person is asked
CONFIRMING: Final = scaled(minutes=1)  # a job waits so long for what is being confirmed
AGAIN: Final = scaled(seconds=5)  # rows whose lane was taken are tried again then
AWAY: Final = (scaled(seconds=15), scaled(minutes=5))  # shortest and longest wait for VoiceTel
NOT_TRIED = "Not tried: {why}"
STOOD = "Nothing moved for 15 minutes. {why} Resume it when you want us to try again."
OPEN_ROWS = (Outcome.READY, Outcome.NOT_SENT, Outcome.SENDING)


def run(pk: int) -> bool:
    """Run one turn of the job, if it is its turn. Whether it was. Harmless when run twice."""
    job = leases.take(pk)
    if job is None:
        return False
    try:
        _turn(job)
    finally:
        leases.give_back(job)
    return True


class Watch:
    """Asked before each row: whether the turn may go on. Looks at the tables once a second."""

    def __init__(self, job: Job) -> None:
        self.job, self.until = job, time.monotonic() + TURN
        self.looked_at = self.renewed_at = time.monotonic()
        self.why = ""  # of the end: "time", "asked", "lease"; "role", "key"

    def __call__(self) -> bool:
        if not self.why and time.monotonic() - self.looked_at >= LOOK:
            self.look()
        if not self.why and time.monotonic() >= self.until:
            self.why = "time"
        return not self.why

    def look(self) -> bool:
        """At what stands now. False: the turn ends."""
        now, job = time.monotonic(), self.job
        self.looked_at = now
        if now - self.renewed_at >= RENEW:
            self.renewed_at = now
            if not leases.renew(job):
                self.why = "lease"
                return False
        found = Job.objects.of(job.account_id).filter(pk=job.pk).values("state", "lease").first()
        if found is None or found["lease"] != job.lease:
            self.why = "lease"
        elif found["state"] != job.state:
            self.why = "asked"
        elif not _connected(job):
            self.why = "key"
        elif not _may(job):
            self.why = "role"
        return not self.why


def _turn(job: Job) -> None:
    if job.state == State.STOPPED:
        _close(job)
        return
    if job.state == State.WAITING and not move(job, State.RUNNING, reason=""):
        return
    _moved(job, only_first=True)
    many.bring_back(job.account, job.pk)
    watch = Watch(job)
    while watch.look() and watch():
        counts = many.counts(job.account, job.pk)
        if job.written < job.total and counts.get(Outcome.READY, 0) < AHEAD:
            if not _write_next(job):
                return
            continue
        batch = many.list_ready(job.account, job.pk, BATCH)
        if not batch:
            _nothing_ready(job, counts)
            return
        ran = many.send(batch, watch, threads=THREADS)
        if ran.settled:
            _moved(job)
        if ran.trouble not in (None, Trouble.STOPPED) and _in_trouble(job, ran):
            return
    _end_turn(job, watch.why)


def _write_next(job: Job) -> bool:
    """Make rows of the next items. False: another process did."""
    first = job.written
    items = job.items[first : first + many.MANY]
    assert job.by
    made = KINDS[job.kind].make(job, items)
    numbered = [(first + at, change) for at, change in enumerate(made) if change is not None]
    entries = many.rows_of(job.pk, job.token, job.by, numbered)
    written = first + len(items)
    values = {
        "written": written,
        "unneeded": job.unneeded + len(items) - len(entries),
        "state": State.RUNNING,
    }
    if written == job.total:
        values["sealed"] = None
    mine = Job.objects.of(job.account_id).filter(
        pk=job.pk, lease=job.lease, written=first, state=job.state
    )
    with machine.writing():
        if not mine.update(**values):
            return False
        many.insert(entries)
    for name, value in values.items():
        setattr(job, name, value)
    return True


def _nothing_ready(job: Job, counts: dict[Outcome, int]) -> None:
    """All is written and nothing may be sent now: it is done, or waits."""
    now = clock.about_now()
    left = sum(counts.get(state, 0) for state in OPEN_ROWS)
    confirming = counts.get(Outcome.DOUBT, 0)
    stood = now - (job.moved_at or now)
    if left == 0 and (confirming == 0 or stood > CONFIRMING):
        if not _last(job) and move(job, State.DONE, due_at=None):
            telling.ended(job)
        return
    unsent = many.unsent_until(job.account, job.pk)
    if left and stood > STILL:
        _pause(
            job, STOOD.format(why="Other changes of the same numbers are still being confirmed.")
        )
        return
    _due(
        job,
        max(now + AGAIN, unsent or now)
        if unsent and not counts.get(Outcome.READY)
        else now + AGAIN,
    )


def _last(job: Job) -> bool:
    """Write the kind's last step, once. Whether there was one to write."""
    change = KINDS[job.kind].last(job)
    assert job.by
    if change is None or job.args.get("last"):
        return False
    entries = many.rows_of(job.pk, job.token, job.by, [(job.total, change)])
    args = job.args | {"last": True}
    with machine.writing():
        many.insert(entries)
        Job.objects.of(job.account_id).filter(pk=job.pk).update(args=args, due_at=clock.about_now())
    job.args = args
    return True


def _in_trouble(job: Job, ran: Ran) -> bool:
    """Whether the turn ends."""
    now = clock.about_now()
    if ran.trouble == Trouble.BALANCE:
        reason = f"VoiceTel stopped it: {ran.said}"
        if move(job, State.STOPPED, reason=reason[:300], due_at=now):
            _close(job)
            telling.ended(job)
        return True
    if ran.trouble == Trouble.KEY:
        return not _connected(job) and _end_turn(job, "key")
    stood = now - (job.moved_at or now)
    if stood > STILL:
        return _pause(job, STOOD.format(why=ran.said))
    shortest, longest = AWAY
    until = max(ran.until or now, now + min(max(stood / 2, shortest), longest))
    # time until a moment that VoiceTel named doesn't count as standing still
    moved_at = max(job.moved_at or now, until) if ran.promised else job.moved_at
    move(job, State.WAITING, reason=ran.said[:300], due_at=until, moved_at=moved_at)
    return True


def _end_turn(job: Job, why: str) -> bool:
    if why == "role":
        needed = roles_with(KINDS[job.kind].needs(job))
        _pause(job, f"{job.by_name or 'The person'} no longer has the {needed} role.")
    elif why == "key":
        _pause(job, "The account's connection to VoiceTel stopped working.")
    elif why == "time":
        _due(job, clock.about_now())
        nudge(job.pk)
    elif why == "asked":
        now = Job.objects.of(job.account_id).select_related("account").get(pk=job.pk)
        if now.state == State.STOPPED:
            _close(now)
    return True


def _pause(job: Job, reason: str) -> bool:
    if move(job, State.PAUSED, reason=reason[:300], due_at=None):
        telling.paused(job)
    return True


def _close(job: Job) -> None:
    """Close what a stopped job did not send."""
    many.close_rest(job.account, job.pk, NOT_TRIED.format(why=job.reason))
    Job.objects.of(job.account_id).filter(pk=job.pk).update(due_at=None)


def _due(job: Job, at: datetime) -> None:
    mine = Job.objects.of(job.account_id).filter(pk=job.pk, lease=job.lease, state__in=OPEN)
    with machine.writing():
        mine.update(due_at=at)


def _moved(job: Job, *, only_first: bool = False) -> None:
    if only_first and job.moved_at:
        return
    job.moved_at = clock.about_now()
    with machine.writing():
        Job.objects.of(job.account_id).filter(pk=job.pk).update(moved_at=job.moved_at)


def _connected(job: Job) -> bool:
    """As the table says now; the account of the job becomes that one, with its key."""
    job.account = Account.objects.get(pk=job.account_id)
    return job.account.connected


def _may(job: Job) -> bool:
    member = Membership.objects.filter(
        user=job.by_id, account=job.account_id, user__is_active=True
    ).first()
    return member is not None and allows(member.role, KINDS[job.kind].needs(job))
