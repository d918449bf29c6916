"""Whose turn it is: one process runs a job at a time, and two jobs run at once, of two accounts."""

import secrets
from datetime import timedelta
from typing import Final

from django.db.models import Q, QuerySet

from apps.changes import machine
from apps.changes.states import scaled
from apps.jobs.kinds import KINDS
from apps.jobs.models import Job
from apps.jobs.states import OPEN, State
from apps.voicetel import clock

AT_ONCE = 2  # of the four places of the queue `later`: refreshes and files have the others
LEASE: Final = scaled(seconds=30)  # what a job waits for after its worker was killed
BEHIND: Final = timedelta(seconds=10)


def due() -> QuerySet[Job]:
    """Jobs that a runner should take up: those that go on, and the stopped whose rest is open."""
    now = clock.about_now()
    ends = Q(state=State.STOPPED, due_at__isnull=False)
    free = Q(lease="") | Q(lease_until__lte=now)
    found = Job.objects.across_accounts().filter(Q(state__in=OPEN) | ends, free, due_at__lte=now)
    return found.defer("plan").select_related("account", "by").order_by("due_at", "pk")


def take(pk: int) -> Job | None:
    """The job, leased to this process; None when it isn't its turn."""
    job = due().filter(pk=pk).first()
    if job is None:
        return None
    now, token = clock.about_now(), secrets.token_hex(8)
    if _others(pk).count() >= AT_ONCE or ahead_of(job):
        _push(job)
        return None
    mine = due().filter(pk=pk, state=job.state).select_related(None).order_by()
    with machine.writing():
        if not mine.update(lease=token, lease_until=now + LEASE):
            return None
    job.lease = token
    return job


def ahead_of(job: Job) -> Job | None:
    """The job of the same account that goes first."""
    if job.state == State.STOPPED or not KINDS[job.kind].alone:
        return None
    alone = [name for name, kind in KINDS.items() if kind.alone]
    others = (
        Job.objects.of(job.account_id).filter(state__in=OPEN, kind__in=alone).exclude(pk=job.pk)
    )
    return others.filter(begun_at__lt=job.begun_at).order_by("begun_at").first()


def renew(job: Job) -> bool:
    """Keep it. False: it ran out, and another process may have taken it."""
    until = clock.about_now() + LEASE
    with machine.writing():
        mine = Job.objects.of(job.account_id).filter(pk=job.pk, lease=job.lease)
        return mine.update(lease_until=until) == 1


def give_back(job: Job) -> None:
    with machine.writing():
        mine = Job.objects.of(job.account_id).filter(pk=job.pk, lease=job.lease)
        mine.update(lease="", lease_until=None)


def _others(pk: int) -> QuerySet[Job]:
    now = clock.about_now()
    leased = Job.objects.across_accounts().exclude(lease="").filter(lease_until__gt=now)
    return leased.exclude(pk=pk)


def _push(job: Job) -> None:
    """Asked for again soon. Time behind others doesn't count as standing still."""
    now = clock.about_now()
    with machine.writing():
        mine = Job.objects.of(job.account_id).filter(pk=job.pk, state=job.state, lease="")
        mine.update(due_at=now + BEHIND, moved_at=now)
