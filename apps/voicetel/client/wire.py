"""The socket's side: a requests adapter whose calls end when their time is up, whatever the server
does.

requests and urllib3 bound each read; a server that sends a byte a second never trips that. Here the
response reads from the socket through `Bounded`, which before each read shrinks the socket's
time-out to what is left of the whole call. Connecting is bounded over all of a name's addresses
together, the name's own look-up and the TLS handshake included.
"""

import http.client
import io
import os
import socket
import threading
import time
from contextlib import suppress
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.response import BaseHTTPResponse

KEPT = 32  # connections kept to the provider by a process: two for each of the 16 threads that wait


class Bounded(io.RawIOBase):
    """A socket's reading side that ends at `until` (monotonic seconds), however slowly the bytes
    come.
    """

    def __init__(self, inner: io.RawIOBase, sock: socket.socket, until: float) -> None:
        self.inner = inner
        self.sock = sock
        self.until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the call's time is up")
        self.sock.settimeout(left)
        return self.inner.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self.inner.close()
            super().close()


class BoundedResponse(http.client.HTTPResponse):
    """urllib3 sets the socket's time-out to what is left of the call just before it makes this:
    that is the deadline.
    """

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        left = sock.gettimeout()
        if left is not None:
            raw = self.fp.detach()  # a BufferedReader, which typeshed does not know
            self.fp = io.BufferedReader(Bounded(raw, sock, time.monotonic() + left))


class Steps:
    """What both kinds of connection share: connect within one bound, and read within one."""

    response_class = BoundedResponse
    host: str
    port: int
    timeout: float | None
    socket_options: Any

    def _new_conn(self) -> socket.socket:
        until = time.monotonic() + (self.timeout or 3.0)
        try:
            addresses = look_up(self.host, self.port, until - time.monotonic())
        except (OSError, UnicodeError) as error:  # a name that is no name is a UnicodeError
            raise NameResolutionError(self.host, self, socket.gaierror(str(error))) from error  # type: ignore[arg-type]
        trouble: OSError = OSError("the name has no address")
        for family, kind, protocol, _, address in addresses:
            left = until - time.monotonic()
            if left <= 0:
                trouble = TimeoutError("no address answered in time")
                break
            sock = socket.socket(family, kind, protocol)
            try:
                for option in self.socket_options or ():
                    sock.setsockopt(*option)
                sock.settimeout(left)
                sock.connect(address)
                # what is left is for the TLS handshake
                sock.settimeout(max(until - time.monotonic(), 0.001))
                return sock
            except OSError as error:
                sock.close()
                trouble = error
        if isinstance(trouble, TimeoutError):
            raise ConnectTimeoutError(self, f"{self.host} did not answer in time") from trouble
        raise NewConnectionError(self, f"no connection to {self.host}: {trouble}") from trouble  # type: ignore[arg-type]


# response_class and _new_conn are replaced on purpose
class PlainConnection(Steps, HTTPConnection):  # type: ignore[misc]
    pass


class SecureConnection(Steps, HTTPSConnection):  # type: ignore[misc]
    def connect(self) -> None:
        """Whatever goes wrong before the handshake is over was before the first byte of the
        request: say so for certain.
        """
        try:
            super().connect()
        except TimeoutError as error:
            raise ConnectTimeoutError(
                self, f"{self.host} did not finish the TLS handshake in time"
            ) from error
        except OSError as error:  # ssl's errors are OSErrors as well
            raise NewConnectionError(self, f"no TLS connection to {self.host}: {error}") from error


class PlainPool(HTTPConnectionPool):
    ConnectionCls = PlainConnection


class SecurePool(HTTPSConnectionPool):
    ConnectionCls = SecureConnection


class FreshPlainPool(PlainPool):
    """Opens a connection for each call and closes it after: a kept one may be closing at that very
    moment.
    """

    def _get_conn(self, timeout: float | None = None) -> Any:
        return self._new_conn()

    def _put_conn(self, conn: Any) -> None:
        if conn:
            conn.close()


class FreshSecurePool(SecurePool):
    """The same over TLS."""

    _get_conn = FreshPlainPool._get_conn
    _put_conn = FreshPlainPool._put_conn


def look_up(host: str, port: int, seconds: float) -> list[Any]:
    """The host's addresses, or gaierror; within `seconds`, which the system's own look-up cannot be
    told.
    """
    with suppress(socket.gaierror, UnicodeError):
        return socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
    found: list[Any] = []

    def ask() -> None:
        try:
            found.append(socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.append(error)

    asking = threading.Thread(target=ask, daemon=True, name="look-up")
    asking.start()
    asking.join(seconds)
    if not found:
        raise socket.gaierror(socket.EAI_AGAIN, "the name was not found in time")
    if isinstance(found[0], Exception):
        raise found[0]
    return list(found[0])


class Wire(HTTPAdapter):
    """Sends over sockets.

    No proxies, no netrc, no retries, no redirects, no cookies; certificates always checked.
    """

    def __init__(self, *, fresh: bool = False) -> None:
        self.fresh = fresh
        super().__init__(pool_connections=4, pool_maxsize=KEPT, max_retries=0)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        self.poolmanager = PoolManager(
            num_pools=connections, maxsize=maxsize, block=block, **pool_kwargs
        )
        self.poolmanager.pool_classes_by_scheme = (
            {"http": FreshPlainPool, "https": FreshSecurePool}
            if self.fresh
            else {"http": PlainPool, "https": SecurePool}
        )

    def build_response(self, req: PreparedRequest, resp: BaseHTTPResponse) -> Response:
        """requests' own, less cookies, encodings and history, which nobody here reads."""
        response = Response()
        response.status_code = resp.status
        # urllib3's own are case-insensitive as well
        response.headers = resp.headers  # type: ignore[assignment]
        response.raw = resp
        response.request = req
        return response


_shared: dict[bool, Wire] = {}
_guard = threading.Lock()


def wire(*, fresh: bool) -> Wire:
    """The process's own adapter: connections are kept across clients and calls, except by the fresh
    one.
    """
    found = _shared.get(fresh)
    if found is None:
        with _guard:
            found = _shared.setdefault(fresh, Wire(fresh=fresh))
    return found


def _forget() -> None:
    """After a fork: sockets inherited from the parent would carry two processes' bytes."""
    global _guard
    _guard = threading.Lock()
    _shared.clear()


os.register_at_fork(after_in_child=_forget)


def time_left(connect: float, total: float) -> Timeout:
    """urllib3's own budget: `connect` seconds to connect, `total` for connecting, sending and the
    whole answer.
    """
    return Timeout(connect=min(connect, total), total=total)
