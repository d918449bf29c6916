"""Who pressed hears how a long job ended, and that one waits for them."""

from datetime import timedelta

from apps.jobs.models import Job
from apps.notifications.services import tell
from apps.voicetel import clock

LONG = timedelta(minutes=1)  # of a shorter one they see the end themselves


def ended(job: Job) -> None:
    if job.by and job.begun_at and clock.about_now() - job.begun_at > LONG:
        _tell(job, "job_ended", f"ended-{job.pk}")


def paused(job: Job) -> None:
    if job.by:
        _tell(job, "job_waits", f"paused-{job.pk}-{int(clock.about_now().timestamp())}")


def _tell(job: Job, kind: str, once: str) -> None:
    assert job.by
    tell(
        job.by,
        kind,
        account=job.account,
        once=once,
        what=job.what,
        job=job.pk,
        word=job.shown.word.lower(),
        why=job.reason,
    )
