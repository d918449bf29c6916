"""Keeps one worker running: forks it from an image that has everything imported, and again whenever
it dies.

`python -m tests.faults.keeper FILE` writes one letter to FILE for each worker that a signal killed.
"""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any


def worker() -> None:
    from portal.celery import app

    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "WARNING"]
    app.worker_main(
        [
            "worker",
            "-Q",
            "now,later,sweeps",
            "-P",
            "threads",
            "-c",
            "8",
            "-n",
            f"faults{os.getpid()}@here",
            *quiet,
        ]
    )


def main() -> None:
    import django

    django.setup()
    import kombu.transport.redis  # noqa: F401 - all three: imported once, before the fork

    from apps.changes import tasks  # noqa: F401

    child = 0

    def end(*_: Any) -> None:
        if child:
            os.kill(child, signal.SIGKILL)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    while True:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            worker()
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        if os.WIFSIGNALED(status):
            with Path(sys.argv[1]).open("a") as counted:
                counted.write("k")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
