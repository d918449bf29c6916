"""gunicorn's settings, for the demo and for production alike: `gunicorn -c python:portal.web
portal.wsgi`.

WEB_BIND, WEB_PROCESSES and WEB_THREADS change what a machine's size asks for (docs/operations.md).
"""

import ctypes
import gc
import os
import signal
import sys
from typing import Any

from gunicorn.glogging import Logger

from portal.environment import env, flag, whole


class OneLog(Logger):  # type: ignore[misc] # gunicorn has no types
    """gunicorn's lines go the way of all others (portal/logs.py); a line a request is written by
    our middleware.
    """

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers = []
        self.error_log.propagate = True


def post_fork(server: Any, worker: Any) -> None:
    """A worker whose arbiter was killed ends with it instead of holding the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, int(signal.SIGKILL))
    # what was loaded before the fork stays; without this each full collection walks all of it (5 to
    # 10 % of a page)
    gc.freeze()


def child_exit(server: Any, worker: Any) -> None:
    """Its gauges of the moment are no longer true."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


wsgi_app = "portal.wsgi"
bind = [env.ENVIRON.get("WEB_BIND") or "127.0.0.1:8000"]
workers = whole("WEB_PROCESSES", 2)
threads = whole("WEB_THREADS", 8)
worker_class = "portal.serving.worker.EventWorker"
preload_app = True
# A socket a process: else the kernel hands most kept connections to one.
reuse_port = True
keepalive = 15
# Threads answer while another waits: only a process that hangs as a whole is ended by this.
timeout = 60
graceful_timeout = 3 if flag("DEMO") else 20
# the heartbeat must not wait for a disk
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112
# Nobody is believed here, not even this machine, which gunicorn believes unless told otherwise:
# apps/proxies.py reads what TRUSTED_PROXIES say.
forwarded_allow_ips = ""
logger_class = OneLog
accesslog = None
control_socket_disable = True  # it would lie in HOME, shared by every portal of that person
