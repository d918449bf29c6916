"""An answer as bytes, whole or spoilt: the same parts for the socket and for the
in-process way in.
"""

import zlib
from collections.abc import Iterator
from functools import lru_cache
from http import HTTPStatus

from apps.sandbox.wire import Reply, Way

HUGE_BYTES = 200 * 1024 * 1024
PART = 64 * 1024


def reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def headers(reply: Reply) -> dict[str, str]:
    """All headers but Date and Connection. A 204 has neither length nor type."""
    if reply.status == 204 and reply.way is Way.WHOLE:
        return dict(reply.headers)
    found = {
        "Content-Type": "application/json",
        **reply.headers,
        "Content-Length": str(length(reply)),
    }
    if reply.way in {Way.BOMB, Way.BAD_GZIP}:
        found["Content-Encoding"] = "gzip"
    return found


def length(reply: Reply) -> int:
    """What Content-Length promises; a cut body promises more than it gives."""
    match reply.way:
        case Way.HUGE:
            return HUGE_BYTES
        case Way.BOMB:
            return len(_bomb())
        case Way.BAD_GZIP:
            return len(_bad_gzip(reply))
        case Way.CUT:
            return max(len(reply.body), 2)
    return len(reply.body)


def parts(reply: Reply) -> Iterator[bytes]:
    """The body in the pieces in which it leaves.

    After the last piece of a cut body the connection must be reset.
    """
    match reply.way:
        case Way.CUT:
            yield from _split(reply.body[: len(reply.body) // 2] or b"{")
        case Way.SLOW:
            yield from (bytes((byte,)) for byte in reply.body)
        case Way.HUGE:
            yield b'{"status": "success", "data": {"filler": "'
            # the first piece makes it a little more than was promised
            for _ in range(HUGE_BYTES // PART):
                yield b"A" * PART
        case Way.BOMB:
            yield from _split(_bomb())
        case Way.BAD_GZIP:
            yield from _split(_bad_gzip(reply))
        case _:
            yield from _split(reply.body)


def _split(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), PART):
        yield body[start : start + PART]


def _bad_gzip(reply: Reply) -> bytes:
    """The magic number of gzip and then plain text."""
    return b"\x1f\x8b\x08\x00" + reply.body


@lru_cache(maxsize=1)
def _bomb() -> bytes:
    """200 MB of one letter, packed to some 200 KB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = bytearray(packer.compress(b'{"status": "success", "data": {"filler": "'))
    letters = b"A" * 1024 * 1024
    for _ in range(HUGE_BYTES // len(letters)):
        packed += packer.compress(letters)
    return bytes(packed + packer.flush())
