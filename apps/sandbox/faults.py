"""How answers are spoilt on request (docs/provider.md, "Faults")."""

import json
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from apps.sandbox import wire
from apps.sandbox.database import writing
from apps.sandbox.models import Fault
from apps.sandbox.operations import BY_ID
from apps.sandbox.wire import Reply, Way

# The kinds that keep the provider from doing anything; every other kind spoils the answer to what
# was done.
NOTHING_DONE = {"status", "drop_before", "html", "rate_limit", "redirect", "conflict"}
DONE = {
    "status_after",
    "drop_after",
    "cut_body",
    "html_after",
    "garbage",
    "slow_body",
    "huge",
    "bomb",
    "bad_gzip",
    "patched",
}
KINDS = {"delay"} | NOTHING_DONE | DONE
WAYS = {
    "drop_before": Way.DROP,
    "drop_after": Way.DROP,
    "cut_body": Way.CUT,
    "slow_body": Way.SLOW,
    "huge": Way.HUGE,
    "bomb": Way.BOMB,
    "bad_gzip": Way.BAD_GZIP,
}
HTML = (
    b"<!doctype html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad"
    b" Gateway</h1></body></html>"
)
GARBAGE = {
    "text": b"upstream said: \x00\xff\xfe not what you asked for",
    "half": b'{"status": "success", "data": {"numbers": [{"number": "20',
    "types": (
        b'{"status": "success", "data": {"numbers": 7, "gateways": "x", "cash": [], "cdr": {"0":'
        b' null}, "apikey": {}}}'
    ),
    "nan": (
        b'{"status": "success", "data": {"cash": NaN, "total": Infinity, "numbers": [{"route":'
        b" -Infinity}]}}"
    ),
    "digits": (
        b'{"status": "success", "data": {"cash": '
        + b"9" * 5000
        + b', "numbers": [{"route": '
        + b"9" * 5000
        + b"}]}}"
    ),
    "deep": b"[" * 100_000,
    "empty": b"",
}


class BadFault(ValueError):
    """A fault that the sandbox does not know; the message says what is wrong."""


def add(
    operation: str, kind: str, times: int | None = 1, probability: float = 1.0, **options: Any
) -> None:
    """Spoil the next `times` answers (null: all) of an operation, or of any ("*").

    options: what the kind knows; account: for this account's key alone. Raises BadFault.
    """
    if operation != "*" and operation not in BY_ID:
        raise BadFault(f"unknown operation {operation!r}")
    if kind not in KINDS:
        raise BadFault(f"unknown kind {kind!r}: one of {', '.join(sorted(KINDS))}")
    if times is not None and (not isinstance(times, int) or isinstance(times, bool) or times < 1):
        raise BadFault("times must be a whole number from 1, or null for every answer")
    if not isinstance(probability, int | float) or not 0 <= probability <= 1:
        raise BadFault("probability must be between 0 and 1")
    status, seconds = options.get("status"), options.get("seconds")
    if status is not None and not (isinstance(status, int) and 200 <= status <= 599):
        raise BadFault("status must be a whole number from 200 to 599")
    if seconds is not None and not (isinstance(seconds, int | float) and seconds >= 0):
        raise BadFault("seconds must be a number from 0")
    if options.get("flavor", "text") not in GARBAGE:
        raise BadFault(f"unknown flavor: one of {', '.join(GARBAGE)}")
    with writing():
        Fault.objects.create(
            operation=operation, kind=kind, left=times, probability=probability, options=options
        )


def clear() -> None:
    Fault.objects.all().delete()


def pick(operation: str, account: Callable[[], str]) -> list[Fault]:
    """The faults of this request: at most one delay and one that spoils, the oldest first; each
    counts itself down. account: says whose key came with it.
    """
    if not Fault.objects.exists():
        return []
    picked: dict[bool, Fault] = {}
    with writing():
        for fault in Fault.objects.filter(operation__in=(operation, "*")).order_by("pk"):
            delay = fault.kind == "delay"
            only = fault.options.get("account")
            if only is not None and only != account():
                continue
            # (chance, not secrecy)
            if delay in picked or random.random() >= fault.probability:  # noqa: S311
                continue
            picked[delay] = fault
            if fault.left is not None:
                fault.left -= 1
                fault.delete() if fault.left <= 0 else fault.save(update_fields=["left"])
    return list(picked.values())


def done(fault: Fault) -> bool:
    """Does the provider do the thing before the answer is spoilt?"""
    return bool(fault.options.get("done", fault.kind in DONE))


def spoil(fault: Fault, reply: Reply) -> Reply:
    """The answer as the fault leaves it. Raises nothing; unknown options have no effect."""
    status = fault.options.get("status")
    match fault.kind:
        case "status" | "status_after":
            return wire.error(status or 500, fault.options.get("message", "Internal error"))
        case "conflict":
            return wire.error(409, fault.options.get("message", "Conflict: simultaneous update"))
        case "rate_limit":
            limited = wire.error(429, "Rate limit exceeded. Try again later.")
            after = fault.options.get("retry_after", int(fault.options.get("seconds") or 3600))
            if after is not None:  # null: the provider says no time
                limited.headers["Retry-After"] = str(after)
            return limited
        case "redirect":
            target = str(fault.options.get("location", "http://127.0.0.1:9/"))
            return Reply(status or 307, b"", {"Location": target, "Content-Type": "text/plain"})
        case "html" | "html_after":
            return Reply(status or 502, HTML, {"Content-Type": "text/html; charset=utf-8"})
        case "garbage":
            return Reply(
                200,
                GARBAGE[fault.options.get("flavor", "text")],
                {"Content-Type": "application/json"},
            )
        case "patched":
            said = json.loads(reply.body, parse_float=Decimal)
            said["data"] = said.get("data", {}) | fault.options.get("data", {})
            reply.body = wire.encode(said)
            return reply
    reply.way = WAYS[fault.kind]
    reply.pace = float(fault.options.get("seconds") or 1.0)
    return reply
