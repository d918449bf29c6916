"""Jobs whose worker ended, whose time has come, or whose message was lost."""

import structlog

from apps.jobs import services
from apps.jobs.models import Job
from apps.jobs.turns import leases, runner
from apps.running.work import SECONDS, work_off

log = structlog.get_logger("jobs")


def run_due() -> None:
    """Ask the workers for the jobs that are due; without workers they are run here."""

    def take(job: Job) -> None:
        if not services.nudge(job.pk):
            runner.run(job.pk)

    work_off(leases.due()[:100], take, SECONDS, log)


def forget() -> None:
    services.forget()
