"""What crosses the wire, free of sockets: both ways in (adapter.py, server.py) speak these two
shapes.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, auto
from typing import Any

import msgspec

_encoder = msgspec.json.Encoder(decimal_format="number")


def encode(value: Any) -> bytes:
    """JSON, money (Decimal) as a number with exactly the digits it has."""
    return _encoder.encode(value)


def dollars(micro: int) -> Decimal:
    """Micro-dollars as a Decimal without needless zeros: 12340000 -> 12.34."""
    whole = Decimal(micro).scaleb(-6)
    return whole.quantize(Decimal(1)) if whole == whole.to_integral_value() else whole.normalize()


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrived. headers: lower-case names; hold: how this way in lets time pass (a
    fault's delay).
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    peer: str = "127.0.0.1"
    hold: Callable[[float], None] = time.sleep


class Way(Enum):
    """How a reply leaves: whole, or spoilt as a fault asks."""

    WHOLE = auto()
    DROP = auto()  # the connection is cut before a byte of the answer
    CUT = auto()  # cut within the body
    SLOW = auto()  # a byte every `pace` seconds
    HUGE = auto()  # 200 MB
    BOMB = auto()  # gzip that unpacks to 200 MB
    BAD_GZIP = auto()  # says gzip and is none


@dataclass(slots=True)
class Reply:
    """An answer before it is sent."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    way: Way = Way.WHOLE
    pace: float = 1.0


def success(data: Any, status: int = 200) -> Reply:
    return Reply(
        status, encode({"status": "success", "data": data}), {"Content-Type": "application/json"}
    )


def error(
    status: int,
    message: str,
    inside: Mapping[str, Any] | None = None,
    beside: Mapping[str, Any] | None = None,
) -> Reply:
    """The error envelope. inside: more keys of `error`; beside: more keys next to it (partial
    409s).
    """
    body = {
        "status": "error",
        "error": {"code": status, "message": message, **(inside or {})},
        **(beside or {}),
    }
    return Reply(status, encode(body), {"Content-Type": "application/json"})
