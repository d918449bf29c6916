"""What workers run for jobs."""

from celery import shared_task

from apps.jobs.turns import runner


# Celery has no types
@shared_task(name="jobs.run", ignore_result=True)  # type: ignore[untyped-decorator]
def run(pk: int) -> None:
    """One turn of a job."""
    runner.run(pk)
