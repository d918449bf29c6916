"""The way in for tests: a requests adapter that plays the provider in the calling thread.

Faults raise what a real socket would make requests and urllib3 raise: the answer's bytes pass
through urllib3's own HTTPResponse, over a file that ends, breaks or dribbles as a socket would.
"""

import io
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from urllib3 import HTTPResponse, Timeout
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from apps.sandbox.front import provider, spoilt
from apps.sandbox.wire import Reply, Request, Way


class Body(io.RawIOBase):
    """The answer's bytes as a socket would give them: in parts, perhaps with pauses,
    perhaps cut.
    """

    def __init__(self, reply: Reply, patience: "Patience", sleep: Callable[[float], None]) -> None:
        self.parts = spoilt.parts(reply)
        self.rest = b""
        self.patience, self.sleep = patience, sleep
        self.reply = reply

    def readable(self) -> bool:
        return True

    def _more(self) -> bytes:
        if not self.rest:
            part = next(self.parts, b"")
            if part and self.reply.way is Way.SLOW:
                if self.patience.ends_within(
                    self.reply.pace, self.reply.pace * len(self.reply.body)
                ):
                    # at once: a test need not wait for what is sure
                    raise TimeoutError("timed out")
                self.sleep(self.reply.pace)
            if not part and self.reply.way is Way.CUT:
                raise ConnectionResetError(104, "Connection reset by peer")
            self.rest = part
        return self.rest

    def read(self, size: int | None = -1) -> bytes:
        """As http.client's: waits until `size` bytes are there or the body ends; unlike read1."""
        wanted = -1 if size is None else size
        got = bytearray()
        while (wanted < 0 or len(got) < wanted) and self._more():
            taken = self.rest if wanted < 0 else self.rest[: wanted - len(got)]
            got += taken
            self.rest = self.rest[len(taken) :]
        return bytes(got)

    def read1(self, size: int = -1) -> bytes:
        """What one read of the socket gives."""
        part = self._more()
        taken = part if size < 0 else part[:size]
        self.rest = part[len(taken) :]
        return taken

    def readinto(self, buffer: Any) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class InProcess(BaseAdapter):
    """`Transport(url, adapter=InProcess())` or `session.mount("http://", InProcess())`. peer: whom
    the hour counts.
    """

    def __init__(
        self, peer: str = "127.0.0.1", sleep: Callable[[float], None] = time.sleep
    ) -> None:
        super().__init__()
        self.peer, self.sleep = peer, sleep

    def close(self) -> None:
        """Nothing is kept open."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        patience = Patience.of(timeout)
        late = False

        def hold(seconds: float) -> None:
            """A delay beyond the caller's patience is not slept through: the caller has gone, the
            provider goes on.
            """
            nonlocal late
            if patience.ends_within(seconds, seconds):
                late = True
            else:
                self.sleep(seconds)

        reply = _play(request, self.peer, hold)
        if late:
            raise requests.exceptions.ReadTimeout(_timed_out(request, patience), request=request)
        if reply.way is Way.DROP:
            aborted = ProtocolError(
                "Connection aborted.", ConnectionResetError(104, "Connection reset by peer")
            )
            raise requests.exceptions.ConnectionError(aborted, request=request)
        return _response(request, reply, Body(reply, patience, self.sleep), stream)


def _play(request: requests.PreparedRequest, peer: str, hold: Callable[[float], None]) -> Reply:
    parts = urlsplit(request.url or "")
    body = request.body or b""
    arrived = Request(
        method=request.method or "GET",
        path=unquote(parts.path) or "/",
        query=dict(parse_qsl(parts.query, keep_blank_values=True)),
        headers={"host": parts.netloc}
        | {name.lower(): _text(value) for name, value in request.headers.items()},
        body=body.encode() if isinstance(body, str) else bytes(body),
        peer=peer,
        hold=hold,
    )
    return provider.answer(arrived)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that the caller waits: for one read, and for the whole call; None: for ever."""

    read: float | None
    total: float | None

    @classmethod
    def of(cls, timeout: Any) -> "Patience":
        """requests takes a number, a pair (connect, read), urllib3's Timeout, or None."""
        if isinstance(timeout, Timeout):
            total = timeout.total if isinstance(timeout.total, int | float) else None
            each = timeout._read if isinstance(timeout._read, int | float) else None
            return cls(each, total)
        each = timeout[1] if isinstance(timeout, tuple) else timeout
        return cls(float(each) if isinstance(each, int | float) else None, None)

    def ends_within(self, one: float, whole: float) -> bool:
        """Would a pause of `one` second, or an answer of `whole` seconds, be too long?"""
        return (self.read is not None and one >= self.read) or (
            self.total is not None and whole >= self.total
        )


def _timed_out(request: requests.PreparedRequest, patience: Patience) -> ReadTimeoutError:
    said = f"Read timed out. (read timeout={patience.read or patience.total})"
    return ReadTimeoutError(None, request.url, said)  # type: ignore[arg-type]


def _response(
    request: requests.PreparedRequest, reply: Reply, body: Body, stream: bool
) -> requests.Response:
    headers = spoilt.headers(reply)
    raw = HTTPResponse(
        body=body,
        headers=headers,
        status=reply.status,
        reason=spoilt.reason(reply.status),
        version=11,
        version_string="HTTP/1.1",
        preload_content=False,
        decode_content=False,
        request_method=request.method,
        enforce_content_length=True,
    )
    response = requests.Response()
    response.status_code = reply.status
    response.headers = CaseInsensitiveDict(headers)
    response.encoding = get_encoding_from_headers(response.headers)
    response.raw = raw
    response.reason = raw.reason or ""
    response.url = request.url or ""
    response.request = request
    if not stream:
        _ = response.content
    return response
