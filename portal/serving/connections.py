"""One connection: it holds a thread only from a whole request to a whole answer, and each of its
phases has a deadline. A stranger who sends or reads slowly costs a socket and a little memory.
"""

import socket
import time
from collections.abc import Callable, Iterable
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

# Seconds that a phase may take.
HEADER = 10  # from the connection, or the first byte of a further request, to the end of its header
BODY = 30  # from there to the end of a body
UPLOAD = 120  # the same, where files are taken
LINGER = 2  # for reading on after a refusal, so that the sender gets to see it
# A reader must take so many bytes in each of these windows of seconds, or all that is left.
WINDOW = 30
SLOWEST = 30 * 1024
SLOWEST_HOLDING = 30 * 64 * 1024  # while a thread waits for room for the rest of an answer

BODY_MOST = 1_000_000  # bytes of a form (settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
HELD_MOST = 64 * 1024 * 1024  # bytes of unfinished bodies that one process keeps

TOO_LARGE = "portal.too_large"  # in the WSGI environment: the body was refused unread


class Request(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """A request whose body is refused as soon as it is known to be too large: by its declared
    length, or while it comes in chunks. It then goes to the application without a body, for a page.
    """

    body_rcv: Any
    content_length: int
    # the most bytes for (path, headers), asked only for bodies beyond BODY_MOST
    most_of: Callable[[str, dict[str, str]], int] = staticmethod(lambda path, headers: BODY_MOST)
    began = 0.0  # when its first byte came
    headed = 0.0  # when its header was whole
    too_large = False
    most = 0  # bytes that its body may have, once it is larger than BODY_MOST

    def received(self, data: bytes) -> int:
        """Take more of it. How many of the bytes belong to it."""
        now = time.monotonic()
        self.began = self.began or now
        taken: int = super().received(data)
        if self.headers_finished and not self.headed:
            self.headed = now
        if self.error is None and self.body_rcv is not None:
            size = max(self.content_length, self.body_bytes_received)
            if size > BODY_MOST:
                self.most = self.most or self.most_of(self.path, self.headers)
                if size > self.most:
                    self._refuse()
        return taken

    def _refuse(self) -> None:
        """Drop the body, and hand the request on without it."""
        self.body_rcv.getbuf().close()
        self.body_rcv, self.content_length = None, 0
        self.headers.pop("CONTENT_LENGTH", None)
        self.headers["CONNECTION"] = "close"
        self.expect_continue = False
        self.too_large = self.completed = self.connection_close = True

    @property
    def held(self) -> int:
        """Bytes of the body that are kept until it is whole."""
        return self.body_bytes_received if self.body_rcv is not None else 0

    def overdue(self, now: float) -> bool:
        """Whether its header or its body took too long."""
        if not self.headed:
            return now - self.began > HEADER
        return now - self.headed > (UPLOAD if self.most else BODY)


class Connection(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection with deadlines. `kept`: seconds that it may be idle between two requests."""

    parser_class = Request
    kept = 15.0
    will_close: bool
    close_when_flushed: bool

    def __init__(self, *args: Any, **named: Any) -> None:
        self.opened = self.idle_since = time.monotonic()
        self.served = False
        self.window_began, self.sent, self.sent_before = self.opened, 0, 0
        self.lingers = 0.0  # until when it reads on after a refusal
        super().__init__(*args, **named)

    def send(self, data: bytes, do_close: bool = True) -> int:
        sent: int = super().send(data, do_close)
        self.sent += sent
        return sent

    def service(self) -> None:
        """Answer one request, in a thread."""
        if self.requests[0].too_large:
            self.lingers = time.monotonic() + LINGER
        super().service()
        self.served, self.idle_since = True, time.monotonic()

    def handle_write(self) -> None:
        """Send more. A connection whose request was refused unread is closed for writing only:
        closing it would reset it, and the sender would never read why.
        """
        ends = self.close_when_flushed and self.lingers and not self.total_outbufs_len
        if ends and not self.will_close:
            self.close_when_flushed = False
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                self.will_close = True
            return
        super().handle_write()

    def readable(self) -> bool:
        return self._drains() or bool(super().readable())

    def handle_read(self) -> None:
        if not self._drains():
            super().handle_read()
            return
        try:
            if not self.recv(65_536):
                self.will_close = True
        except OSError:
            self.will_close = True

    def _drains(self) -> bool:
        """Whether the answer to a refused request was sent, and what still comes is thrown away."""
        return bool(self.lingers) and not (
            self.requests or self.will_close or self.close_when_flushed or self.total_outbufs_len
        )

    @property
    def held(self) -> int:
        """Bytes of an unfinished body."""
        request = self.request
        return request.held if request is not None else 0

    @property
    def at_rest(self) -> bool:
        """Whether nothing of a request has come and nothing of an answer is left."""
        return not (self.requests or self.request or self.total_outbufs_len)

    @property
    def works(self) -> bool:
        """Whether a whole request is being answered or its answer is being read."""
        return bool(self.requests or self.total_outbufs_len)

    def overdue(self, now: float) -> bool:
        """Whether a phase of this connection took too long."""
        if self.total_outbufs_len:
            return self._reads_too_slowly(now)
        self.window_began, self.sent_before = now, self.sent
        if self.requests:
            return False  # the application's own time
        if self.lingers:
            return now > self.lingers
        if (request := self.request) is not None:
            return bool(request.overdue(now))
        return now - self.idle_since > (self.kept if self.served else HEADER)

    def _reads_too_slowly(self, now: float) -> bool:
        if now - self.window_began < WINDOW:
            return False
        holds = self.requests and self.total_outbufs_len > self.adj.outbuf_high_watermark
        least = SLOWEST_HOLDING if holds else SLOWEST
        taken = self.sent - self.sent_before
        self.window_began, self.sent_before = now, self.sent
        return bool(taken < least)


def end_overdue(connections: Iterable[Connection], now: float) -> None:
    """Close what took too long, and the largest unfinished bodies where all together are too much
    for the machine's memory.
    """
    held = 0
    unfinished: list[Connection] = []
    for each in connections:
        if each.overdue(now):
            each.will_close = True
        elif each.held:
            unfinished.append(each)
            held += each.held
    if held > HELD_MOST:
        for each in sorted(unfinished, key=lambda one: one.held, reverse=True):
            each.will_close = True
            held -= each.held
            if held <= HELD_MOST:
                break


def make_room(connections: Iterable[Connection]) -> Connection | None:
    """The connection to close so that another fits: one at rest before one whose request is
    unfinished, before one whose answer is being read; the oldest of its kind.
    """
    candidates = [each for each in connections if not each.requests and not each.will_close]
    if not candidates:
        return None
    return min(candidates, key=lambda each: (each.works, not each.at_rest, each.opened))
