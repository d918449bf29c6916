"""gunicorn's worker: its process reads and writes all connections by events in one thread, and
answers whole requests in the others (docs/decisions/0016-reading-by-events.md).
"""

import contextlib
import os
import resource
import socket
import time
from typing import Any

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer, UnixWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask

from portal.serving.connections import TOO_LARGE, Connection, Request, end_overdue, make_room

HEADER_MOST = 32 * 1024  # bytes of a request line and its headers
ANSWER_MOST = 32 * 1024 * 1024  # bytes of an answer that wait for their reader, most in a file
IN_MEMORY = 256 * 1024  # bytes of a body or an answer; more goes to a file
CONNECTIONS = 4000  # of one process
AT_ONCE = 32  # connections that are taken between two looks at the others
SPARE = 200  # files that the process needs besides


class Task(WSGITask):  # type: ignore[misc]  # waitress has no types
    """Answers one request. A connection is kept also after an answer of unknown length, and after
    one to HEAD, which has no body.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.logged_write_no_body = self.request.command == "HEAD"  # nothing to warn of

    @property
    def has_body(self) -> bool:
        return bool(super().has_body) and self.request.command != "HEAD"

    def set_close_on_finish(self) -> None:
        """Close after the answer; not because of a length that chunks say as well."""
        asked = self.request.headers.get("CONNECTION", "").lower() == "close"
        if self.wrote_header or self.version == "1.0" or asked:
            super().set_close_on_finish()

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        if self.request.too_large:
            environ[TOO_LARGE] = True
        return environ


class Events:
    """What both kinds of listening socket do with a connection."""

    most = CONNECTIONS

    def handle_accept(self: Any) -> None:
        """Take the connections that wait. None is refused: where there is no room, an older one
        ends.
        """
        for _ in range(AT_ONCE):
            before = len(self.active_channels)
            if before >= self.most:
                if (last := make_room(self.active_channels.values())) is None:
                    return
                last.will_close = True
            super().handle_accept()  # type: ignore[misc]
            if len(self.active_channels) == before:
                return

    def maintenance(self: Any, now: float) -> None:
        end_overdue(list(self.active_channels.values()), time.monotonic())


class TcpServer(Events, TcpWSGIServer):  # type: ignore[misc]  # waitress has no types
    pass


class UnixServer(Events, UnixWSGIServer):  # type: ignore[misc]  # waitress has no types
    pass


class EventWorker(Worker):  # type: ignore[misc]  # gunicorn has no types
    """Takes gunicorn's sockets, settings, signals and heartbeat."""

    def run(self) -> None:
        Request.most_of = staticmethod(most_of)
        kind = {"task_class": Task, "kept": float(self.cfg.keepalive)}
        channel, most = type("Channel", (Connection,), kind), most_connections()
        adjustments = Adjustments(
            threads=self.cfg.threads,
            backlog=self.cfg.backlog,
            ident="",
            clear_untrusted_proxy_headers=False,  # apps/proxies.py decides about them
            connection_limit=1_000_000,  # Events.most
            cleanup_interval=1,
            max_request_header_size=HEADER_MOST,
            max_request_body_size=1 << 40,  # Request refuses much earlier
            inbuf_overflow=IN_MEMORY,
            outbuf_overflow=IN_MEMORY,
            outbuf_high_watermark=ANSWER_MOST,
            log_socket_errors=False,
        )
        self.answering = ThreadedTaskDispatcher()
        self.answering.set_thread_count(self.cfg.threads)
        self.open: dict[int, Any] = {}
        self.servers = []
        for listener in self.sockets:
            server = UnixServer if listener.family == socket.AF_UNIX else TcpServer
            made = server(
                self.wsgi,
                map=self.open,
                _sock=listener.sock,
                dispatcher=self.answering,
                adj=adjustments,
                sockinfo=(listener.family, socket.SOCK_STREAM, 0, listener.getsockname()),
                bind_socket=False,
            )
            made.channel_class, made.most = channel, most
            self.servers.append(made)
        while self.alive and self.parent_lives():
            self.turn(1.0)
        self.end()

    def turn(self, seconds: float) -> None:
        """Tell gunicorn that this process lives, and wait for events for so long."""
        self.notify()
        wasyncore.loop(timeout=seconds, use_poll=True, map=self.open, count=1)

    def parent_lives(self) -> bool:
        return bool(self.ppid == os.getppid())

    def handle_exit(self, sig: int, frame: Any) -> None:
        """End after the requests that are being answered."""
        super().handle_exit(sig, frame)
        for server in self.servers:
            server.pull_trigger()

    def end(self) -> None:
        """Take no more connections, and answer what has begun, within graceful_timeout."""
        channels = [each for server in self.servers for each in server.active_channels.values()]
        for server in self.servers:
            server.accepting = False
            server.del_channel(self.open)
        until = time.monotonic() + self.cfg.graceful_timeout
        while time.monotonic() < until:
            for each in channels:
                if each.connected and each.at_rest:
                    each.will_close = True
            if not any(each.connected and each.works for each in channels):
                break
            self.turn(0.1)
        for each in channels:
            with contextlib.suppress(OSError):
                each.handle_close()
        for listener in self.sockets:
            listener.close()


def most_of(path: str, headers: dict[str, str]) -> int:
    """The most bytes that a body sent to that path may have."""
    from django.conf import settings

    from apps.ui import uploads

    has_session = f"{settings.SESSION_COOKIE_NAME}=" in headers.get("COOKIE", "")
    there = path.encode("latin-1").decode("utf-8", "replace")
    return uploads.BODY_MOST if has_session and uploads.takes(there) else uploads.FORM_MOST


def most_connections() -> int:
    """How many connections one process may hold: as its limit of open files allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + SPARE
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(min(CONNECTIONS, soft - SPARE), 50)
