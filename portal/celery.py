"""Workers and scheduler. A message is only a nudge: losing one costs a minute, running one twice is
harmless.

    celery -A portal worker -Q now -P threads -c 32      a person waits: changes
    celery -A portal worker -Q later -P threads -c 4     everything else
    celery -A portal worker -Q sweeps -P threads -c 32   the sweeps: no customer can fill it
    celery -A portal beat                                asks for the sweeps of portal/schedule.py

So: early acknowledgement, no retries, no results, expiry on everything (measured:
docs/decisions/0001).
"""

import os
from typing import Any

import structlog
from celery import Celery
from celery.signals import beat_init, celeryd_init, task_postrun, task_prerun
from django.conf import settings

from portal.schedule import SWEEPS
from portal.schedule import run as run_sweep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
log = structlog.get_logger("celery")
SWEEPS_QUEUE = "sweeps"

# A process that publishes from a request gives up at once: a frozen broker would hold the request
# for ever.
PUBLISHER = {
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
    "socket_keepalive": True,
    "max_retries": 0,
    "visibility_timeout": 900,
    "global_keyprefix": "portal:",
}
WORKER = PUBLISHER | {"socket_timeout": 5, "socket_connect_timeout": 2, "health_check_interval": 10}


def broker_url() -> str:
    """REDIS_URL as Celery writes it: a socket's address is unix://path for redis-py and
    redis+socket://path here.
    """
    url: str = settings.REDIS_URL
    if url.startswith("unix://"):
        return url.replace("unix://", "redis+socket://", 1).replace("db=", "virtual_host=")
    return url or "memory://"


app = Celery("portal")
app.conf.update(
    broker_url=broker_url(),
    broker_transport_options=dict(PUBLISHER),
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    result_backend=None,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    task_publish_retry_policy={"max_retries": 0},
    task_acks_late=False,
    task_reject_on_worker_lost=False,
    task_time_limit=120,
    task_soft_time_limit=90,
    task_default_queue="later",
    task_routes={"changes.run": {"queue": "now"}},
    task_create_missing_queues=True,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=500,
    worker_soft_shutdown_timeout=30,
    worker_enable_remote_control=False,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    accept_content=["json"],
    task_serializer="json",
    timezone="UTC",
    # Celery's Django fixup closes connections before and after each task (+7 ms a change): ours are
    # closed when they are old.
    CELERY_DB_REUSE_MAX=10**9,
    beat_scheduler="celery.beat:Scheduler",  # in memory: the due times are in the rows
    beat_schedule={
        sweep.name: {
            "task": "sweep",
            "schedule": sweep.every,
            "args": [sweep.name],
            "options": {"queue": SWEEPS_QUEUE, "expires": max(5, sweep.every - 5)},
        }
        for sweep in SWEEPS
    },
)
app.autodiscover_tasks()


# Celery has no types
@app.task(name="sweep", ignore_result=True)  # type: ignore[untyped-decorator]
def sweep(name: str) -> None:
    """Run one sweep, unless another process is at it."""
    try:
        run_sweep(name)
    except Exception:
        log.exception("sweep failed", sweep=name)


@celeryd_init.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _as_worker(conf: Any = None, **_: Any) -> None:
    conf.broker_transport_options = dict(WORKER)


@beat_init.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _as_beat(sender: Any = None, **_: Any) -> None:
    """Each sweep once at the start, so that /readyz is right within a second of it."""
    app.conf.broker_transport_options = dict(WORKER)
    for each in SWEEPS:
        try:
            sweep.apply_async(args=[each.name], queue=SWEEPS_QUEUE, expires=max(5, each.every - 5))
        except Exception as error:  # noqa: BLE001 - no broker yet: the schedule asks again
            log.warning("the broker did not answer at the start", error=type(error).__name__)
            return


@task_prerun.connect  # type: ignore[untyped-decorator]  # Celery has no types
@task_postrun.connect  # type: ignore[untyped-decorator]  # Celery has no types
def _connections(**_: Any) -> None:
    """A restarted database leaves dead connections behind; a pooled one goes back to its pool."""
    from django.db import close_old_connections

    close_old_connections()
