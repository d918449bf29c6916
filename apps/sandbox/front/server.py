"""The way in over HTTP: HTTP/1.1 with kept connections, a thread each, able to spoil its answers as
faults ask.
"""

import contextlib
import socket
import socketserver
import struct
import sys
import threading
import traceback
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl, unquote

from django.db import connections

from apps.sandbox import wire
from apps.sandbox.front import provider, spoilt
from apps.sandbox.wire import Reply, Request, Way

LONGEST_LINE = 16 * 1024  # of the request line; headers together may be four times that
LARGEST_BODY = 16 * 1024 * 1024
IDLE = 75.0  # seconds that a kept connection may be silent
THREADS = 256
RESET = struct.pack("ii", 1, 0)  # SO_LINGER of zero: close() sends RST, as a cut line would


class Bad(Exception):
    """A request that cannot be read; status is what it gets, and the connection ends."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Peer(socketserver.StreamRequestHandler):
    """One TCP connection: requests one after the other."""

    server: "Server"
    rbufsize = 64 * 1024
    wbufsize = 0
    disable_nagle_algorithm = True
    timeout = IDLE

    def handle(self) -> None:
        try:
            while self._one():
                pass
        except (ConnectionError, TimeoutError):
            pass  # the other side has gone or is silent
        finally:
            connections.close_all()

    def _one(self) -> bool:
        """Read, play and answer one request; False ends the connection."""
        try:
            read = self._read()
        except Bad as bad:
            self._send(wire.error(bad.status, str(bad)), "GET", keep=False)
            return False
        if read is None:
            return False
        request, keep = read
        return self._send(_answer(request), request.method, keep)

    def _read(self) -> tuple[Request, bool] | None:
        line = self.rfile.readline(LONGEST_LINE + 1)
        if line in {b"\r\n", b"\n"}:
            line = self.rfile.readline(LONGEST_LINE + 1)
        if not line:
            return None
        if len(line) > LONGEST_LINE:
            raise Bad(414, "Request line too long")
        words = line.decode("latin-1").split()
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            raise Bad(400, "Bad request line")
        headers = self._headers()
        target, _, query = words[1].partition("?")
        keep = headers.get("connection", "").lower() != "close" and words[2] == "HTTP/1.1"
        if headers.get("expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request = Request(
            method=words[0].upper(),
            path=unquote(target),
            query=dict(parse_qsl(query, keep_blank_values=True)),
            headers=headers,
            body=self._body(headers),
            peer=str(self.client_address[0]),
            hold=self.server.hold,
        )
        return request, keep

    def _headers(self) -> dict[str, str]:
        headers: dict[str, str] = {}
        left = 4 * LONGEST_LINE
        while True:
            line = self.rfile.readline(left + 1)
            left -= len(line)
            if left < 0:
                raise Bad(431, "Request headers too large")
            if line in {b"\r\n", b"\n", b""}:
                return headers
            name, colon, value = line.decode("latin-1").partition(":")
            if not colon:
                raise Bad(400, "Bad header")
            headers[name.strip().lower()] = value.strip()

    def _body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return self._chunks()
        raw = headers.get("content-length", "0")
        if not (raw.isascii() and raw.isdigit()):
            raise Bad(400, "Bad Content-Length")
        size = int(raw[:12])
        if size > LARGEST_BODY:
            raise Bad(413, "Request body too large")
        body = self.rfile.read(size) if size else b""
        if len(body) < size:
            raise ConnectionResetError
        return body

    def _chunks(self) -> bytes:
        body = bytearray()
        while True:
            try:
                size = int(self.rfile.readline(1024).split(b";")[0], 16)
            except ValueError:
                raise Bad(400, "Bad chunk") from None
            if size < 0 or len(body) + size > LARGEST_BODY:
                raise Bad(413, "Request body too large")
            body += self.rfile.read(size)
            self.rfile.readline(1024)
            if not size:
                return bytes(body)

    def _send(self, reply: Reply, method: str, keep: bool) -> bool:
        if reply.way is Way.DROP:
            return self._cut()
        headers = spoilt.headers(reply) | {
            "Date": formatdate(usegmt=True),
            "Connection": "keep-alive" if keep else "close",
        }
        head = (
            f"HTTP/1.1 {reply.status} {spoilt.reason(reply.status)}\r\n"
            + "".join(f"{k}: {v}\r\n" for k, v in headers.items())
            + "\r\n"
        )
        if method == "HEAD" or reply.status == 204:
            self.wfile.write(head.encode("latin-1"))
            return keep
        if reply.way is Way.WHOLE:
            self.wfile.write(head.encode("latin-1") + reply.body)
            return keep
        self.wfile.write(head.encode("latin-1"))
        left = spoilt.length(reply)
        for part in spoilt.parts(reply):
            if reply.way is Way.SLOW:
                self.server.hold(reply.pace)
                if self.server.ending.is_set():
                    return False
            self.wfile.write(part[:left])
            left -= len(part)
        return self._cut() if reply.way is Way.CUT else keep and left <= 0

    def _cut(self) -> bool:
        """Reset the connection: no orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        with contextlib.suppress(OSError):
            self.connection.close()
        raise ConnectionResetError


def _answer(request: Request) -> Reply:
    """In process a mistake of ours fails the test that met it; over HTTP it is a 500 and a trace on
    standard error.
    """
    try:
        return provider.answer(request)
    except Exception:  # noqa: BLE001 (whatever it is, the caller gets an answer and the operator the trace)
        traceback.print_exc()
        return wire.error(500, "Internal error of the sandbox")


class Server(socketserver.ThreadingTCPServer):
    """Serves until stop(). At most THREADS connections at once; more wait in the kernel's queue."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, host: str, port: int) -> None:
        self.ending = threading.Event()
        self.room = threading.BoundedSemaphore(THREADS)
        super().__init__((host, port), Peer)

    def hold(self, seconds: float) -> None:
        self.ending.wait(seconds)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.room.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The connection broke in an odd way: say it, and go on."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            traceback.print_exc()

    def stop(self) -> None:
        self.ending.set()
        self.shutdown()
