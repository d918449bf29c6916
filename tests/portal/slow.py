"""Strangers who send and read slowly: sockets of five kinds, held open."""

import socket
import threading
from collections.abc import Iterable

HEADER = b"GET /login/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
BODY = (
    b"POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin="
)
WHOLE = b"GET /login/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
# What each kind sends first, and then a byte at a time.
KINDS = {
    "unfinished header": (HEADER, b"a"),
    "unfinished body": (BODY, b"a"),
    "kept open": (WHOLE, b""),
    "never a byte": (b"", b""),
    "slow reader": (WHOLE * 20, b""),
}


class Slow:
    """Sockets of all kinds, held open: whichever the server closes is opened again."""

    def __init__(self, port: int, many: int, kinds: Iterable[str] = KINDS) -> None:
        self.port, self.opened = port, 0
        self.stopped, self.filled = threading.Event(), threading.Event()
        names = list(kinds)
        self.held = [(names[n % len(names)], None) for n in range(many)]
        self.thread = threading.Thread(target=self._hold, daemon=True)

    def __enter__(self) -> "Slow":
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stopped.set()
        self.thread.join(10)

    def _hold(self) -> None:
        held: list[tuple[str, socket.socket | None]] = list(self.held)
        while not self.stopped.is_set():
            for place, (kind, link) in enumerate(held):
                if link is None or not self._go_on(kind, link):
                    held[place] = (kind, self._open(kind))
            self.filled.set()
            self.stopped.wait(1)
        for _, link in held:
            if link is not None:
                link.close()

    def _open(self, kind: str) -> socket.socket | None:
        link = socket.socket()
        if kind == "slow reader":
            link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        link.settimeout(2)
        try:
            link.connect(("127.0.0.1", self.port))
            if first := KINDS[kind][0]:
                link.sendall(first)
        except OSError:
            link.close()
            return None
        link.setblocking(False)
        self.opened += 1
        return link

    def _go_on(self, kind: str, link: socket.socket) -> bool:
        """Send or read a byte; whether the server still holds the connection."""
        more = KINDS[kind][1]
        try:
            if more:
                link.send(more)
            if kind == "slow reader" or not more:
                return bool(link.recv(1))
        except BlockingIOError:
            return True
        except OSError:
            link.close()
            return False
        return True
