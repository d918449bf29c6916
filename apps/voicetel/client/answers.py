"""Reading an answer: bounded while it unpacks, typed straight from the bytes, never trusted to be
JSON or to be whole.
"""

import http.client
import zlib
from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any, Generic, Literal, TypeVar

import msgspec
import requests
import urllib3
from urllib3.response import BaseHTTPResponse

from apps.voicetel.client.records.base import decode_hook

T = TypeVar("T")
CHUNK, STEP = 64 * 1024, 512 * 1024  # bytes read, and unpacked, at a time
# bytes: a refusal is words, and untyped JSON takes twenty times its size
LARGEST_REFUSAL = 256 * 1024
# A record costs far more here than its bytes: what an answer may hold, where its length alone does
# not bound that. The longest answers of calls have a third of a million rows.
MOST_OBJECTS, MOST_VALUES = 1_000_000, 5_000_000
# bytes: shorter bodies hold fewer anyway
OF_OBJECTS, OF_VALUES = 12 * 1024 * 1024, 24 * 1024 * 1024
QUOTED = 500  # characters of provider text that an error carries on

# What reading from a socket can raise, through whichever layer.
BROKEN = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
)
# What decoding someone else's bytes can raise: RecursionError is no ValueError, and Decimals have
# errors of their own.
UNREADABLE = (msgspec.MsgspecError, RecursionError, ValueError, TypeError, ArithmeticError)


class Unreadable(Exception):
    """The body was cut, too large, packed wrongly, or not in the promised shape."""


class Envelope(msgspec.Struct, Generic[T], frozen=True, gc=False):
    status: Literal["success"]
    data: T


class Done(msgspec.Struct, frozen=True, gc=False):
    """A success without data that anyone reads."""

    status: Literal["success"]


@cache
def decoder(record: Hashable) -> msgspec.json.Decoder[Any]:
    """The decoder of a record's envelope, or of an answer without data for None; numbers as strings
    are taken for numbers.
    """
    # a type that is a value here
    shape: Any = Done if record is None else Envelope[record]  # type: ignore[valid-type]
    return msgspec.json.Decoder(shape, strict=False, dec_hook=decode_hook)


def decode(body: bytes | bytearray, record: type[T] | None) -> T | None:
    """The record in a 2xx body. Raises Unreadable."""
    if record is None and not body:
        return None
    many_objects = len(body) > OF_OBJECTS and body.count(b"{") > MOST_OBJECTS
    if many_objects or (len(body) > OF_VALUES and body.count(b",") > MOST_VALUES):
        raise Unreadable("the answer is crowded beyond any that was promised")
    try:
        # a type is hashable, whatever T is
        answer = decoder(record).decode(without_nul(body))  # type: ignore[arg-type]
    except UNREADABLE as error:
        raise Unreadable(
            f"the answer is not in the promised shape: {str(error)[:QUOTED]}"
        ) from error
    return None if record is None else answer.data


def without_nul(body: bytes | bytearray) -> bytes | bytearray:
    """The JSON with every escaped NUL left out: PostgreSQL keeps none, so one in a text would undo
    the writing of what came.

    An unescaped one stays, as that is no JSON at all. So it may stand for an escaped backslash
    meanwhile, after which "u0000" is text.
    """
    if b"\\u0000" not in body or b"\0" in body:
        return body
    return body.replace(b"\\\\", b"\0").replace(b"\\u0000", b"").replace(b"\0", b"\\\\")


def read(response: requests.Response, largest: int) -> bytearray:
    """The whole body, unpacked, of at most `largest` bytes.

    Raises Unreadable; the connection is then closed, not kept.
    """
    raw = response.raw
    try:
        body = unpack(response, largest)
    except BROKEN as error:
        raw.close()
        raise Unreadable(f"the answer was cut: {type(error).__name__}") from error
    except (zlib.error, Unreadable) as error:
        raw.close()
        raise Unreadable(str(error)) from error
    return body


def unpack(response: requests.Response, largest: int) -> bytearray:
    """Reads in chunks and unpacks each within what room is left, so that a bomb never unfolds."""
    declared = response.headers.get("Content-Length", "")
    if declared.isdecimal() and len(declared) < 20 and int(declared) > largest:
        raise Unreadable(f"the answer is larger than {largest} bytes")
    packing = response.headers.get("Content-Encoding", "identity").strip().lower()
    if packing in ("gzip", "x-gzip", "deflate"):
        return inflate(response.raw, largest, zlib.MAX_WBITS | 32)
    if packing not in ("", "identity"):
        raise Unreadable(f"the answer is packed as {packing[:40]}, which was not asked for")
    body = bytearray()
    for chunk in chunks(response.raw):
        body += chunk
        if len(body) > largest:
            raise Unreadable(f"the answer is larger than {largest} bytes")
    return body


def inflate(raw: Any, largest: int, window: int) -> bytearray:
    """Unpacks gzip or zlib, in one member or several."""
    body = bytearray()
    packed, empty = zlib.decompressobj(window), True
    for chunk in chunks(raw):
        rest, empty, full = chunk, False, False
        while rest or full:  # full: more may wait inside, though every byte was taken in
            if packed.eof:
                packed = zlib.decompressobj(window)
            piece = packed.decompress(rest, STEP)
            body += piece
            if len(body) > largest:
                raise Unreadable(f"the answer unpacks to more than {largest} bytes")
            rest = packed.unused_data if packed.eof else packed.unconsumed_tail
            full = len(piece) == STEP and not packed.eof
    if not packed.eof and not empty:
        raise Unreadable("the packed answer ends too soon")
    return body


def chunks(raw: Any) -> Any:
    """The body's bytes as they came over the wire. An adapter may give any file."""
    if isinstance(raw, BaseHTTPResponse):
        while chunk := raw.read(CHUNK, decode_content=False):
            yield chunk
    else:
        while chunk := raw.read(CHUNK):
            yield chunk


def refusal(body: bytes | bytearray) -> tuple[str, Mapping[str, Any]] | None:
    """A refusal's text and whole body from any of the provider's envelopes, or None when it is no
    envelope of its.

    {"status": "error", "error": {"code", "message"}}, flat {"code", "message"}, or {"error":
    "text"} (api/FACTS.md, Transport).
    """
    try:
        answer = msgspec.json.decode(without_nul(body))
    except UNREADABLE:
        return None
    if not isinstance(answer, dict) or answer.get("status") == "success":
        return None
    inner = answer.get("error")
    for text in (inner.get("message") if isinstance(inner, dict) else inner, answer.get("message")):
        if isinstance(text, str) and text.strip():
            return text.strip()[:QUOTED], answer
    return None
