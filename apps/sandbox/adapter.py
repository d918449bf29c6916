"""The way in for tests: a requests adapter that plays the provider in the calling thread.

Faults raise what a real socket would make requests and urllib3 raise: the answer's bytes pass through urllib3's own
HTTPResponse, over a file that ends, breaks or dribbles as a socket would.
"""

import io
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.cookies import extract_cookies_to_jar
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers
from urllib3 import HTTPResponse
from urllib3.exceptions import ProtocolError, ReadTimeoutError

from apps.sandbox import control_http, provider, spoilt
from apps.sandbox.wire import Reply, Request, Way


class Late(Exception):
    """The caller's time-out was over before the answer began."""


class Body(io.RawIOBase):
    """The answer's bytes as a socket would give them: in parts, perhaps with pauses, perhaps cut."""

    def __init__(self, reply: Reply, timeout: float | None, sleep: Callable[[float], None]) -> None:
        self.parts = spoilt.parts(reply)
        self.rest = b""
        self.timeout, self.sleep = timeout, sleep
        self.reply = reply
        self.shut = False

    def readable(self) -> bool:
        return True

    def _more(self) -> bytes:
        if not self.rest:
            part = next(self.parts, b"")
            if part and self.reply.way is Way.SLOW:
                if self.timeout is not None and self.reply.pace > self.timeout:
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
    """`Transport(url, adapter=InProcess())` or `session.mount("http://", InProcess())`. peer: whom the hour counts."""

    def __init__(self, peer: str = "127.0.0.1", sleep: Callable[[float], None] = time.sleep) -> None:
        super().__init__()
        self.peer, self.sleep = peer, sleep

    def close(self) -> None:
        """Nothing is kept open."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str = True,  # noqa: ARG002 (the signature is requests')
        cert: Any = None,  # noqa: ARG002
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002
    ) -> requests.Response:
        patience = _read_timeout(timeout)
        late = False

        def hold(seconds: float) -> None:
            """A delay beyond the caller's patience is not slept through: the caller has gone, the provider goes on."""
            nonlocal late
            if patience is not None and seconds >= patience:
                late = True
            else:
                self.sleep(seconds)

        reply = _play(request, self.peer, hold)
        if late:
            raise requests.exceptions.ReadTimeout(_timed_out(request, patience), request=request)
        if reply.way is Way.DROP:
            aborted = ProtocolError("Connection aborted.", ConnectionResetError(104, "Connection reset by peer"))
            raise requests.exceptions.ConnectionError(aborted, request=request)
        return _response(request, reply, Body(reply, patience, self.sleep), stream, self)


def _play(request: requests.PreparedRequest, peer: str, hold: Callable[[float], None]) -> Reply:
    parts = urlsplit(request.url or "")
    body = request.body or b""
    arrived = Request(
        method=request.method or "GET",
        path=unquote(parts.path) or "/",
        query=dict(parse_qsl(parts.query, keep_blank_values=True)),
        headers={"host": parts.netloc} | {name.lower(): _text(value) for name, value in request.headers.items()},
        body=body.encode() if isinstance(body, str) else bytes(body),  # type: ignore[arg-type]  # streams are not sent here
        peer=peer,
        hold=hold,
    )
    return control_http.answer(arrived) if control_http.handles(arrived.path) else provider.answer(arrived)


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _read_timeout(timeout: Any) -> float | None:
    """requests takes a number, a pair (connect, read), urllib3's Timeout, or None."""
    if isinstance(timeout, tuple):
        timeout = timeout[1]
    timeout = getattr(timeout, "read_timeout", timeout)
    return float(timeout) if isinstance(timeout, int | float) else None


def _timed_out(request: requests.PreparedRequest, patience: float | None) -> ReadTimeoutError:
    return ReadTimeoutError(None, request.url, f"Read timed out. (read timeout={patience})")  # type: ignore[arg-type]


def _response(request: requests.PreparedRequest, reply: Reply, body: Body, stream: bool, adapter: BaseAdapter) -> requests.Response:
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
    response.connection = adapter  # type: ignore[attr-defined]
    extract_cookies_to_jar(response.cookies, request, raw)
    if not stream:
        _ = response.content
    return response
