"""What workers run for changes."""

from celery import shared_task

from apps.changes import machine


# Celery has no types
@shared_task(name="changes.run", ignore_result=True)  # type: ignore[untyped-decorator]
def run(pk: int) -> None:
    """Take up one row: send it, or look what became of it."""
    machine.run(pk)
