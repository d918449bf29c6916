"""What workers run for changes."""

from celery import shared_task

from apps.changes import machine
from apps.running import broker


# Celery has no types
@shared_task(name="changes.run", ignore_result=True)  # type: ignore[untyped-decorator]
def run(pk: int) -> None:
    """Take up one row: send it, or look what became of it.

    What follows it stands behind the messages of others.
    """
    machine.run(pk, _hand_on)


def _hand_on(following: int) -> None:
    if not broker.nudge(following):
        machine.run(following)
