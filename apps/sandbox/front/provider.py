"""The provider's front door: one function from a request to a reply, whichever way it came in."""

import time
from collections.abc import Callable
from typing import Any

import msgspec
from django.db import connections

from apps.sandbox import clock, faults, wire
from apps.sandbox.database import ALIAS, insert, turn, writing
from apps.sandbox.front import control_http, limits, pages
from apps.sandbox.handlers import HANDLERS
from apps.sandbox.models import Account, Arrival, Fault
from apps.sandbox.operations import Operation, find
from apps.sandbox.rules import Asked, Refusal
from apps.sandbox.wire import Reply, Request, Way
from apps.sandbox.world import porting

# A test's own look at a charge or change on its arrival, before anything is done: probe(operation,
# request).
Probe = Callable[[str, Request], None]
probe: Probe | None = None


def answer(request: Request) -> Reply:
    """Play one request.

    Raises nothing for bad input: every refusal is a reply in the error envelope.
    """
    if control_http.handles(request.path):
        return control_http.answer(request)
    if pages.handles(request.path):
        return pages.answer(request)
    operation, path, known = find(request.method, request.path)
    if operation is None:
        missing = wire.error(405 if known else 404, "Method not allowed" if known else "Not found")
        if known:
            missing.headers["Allow"] = ", ".join(sorted(known))
        return missing
    with turn():
        ahead, any_faults, next_port = _glance()
        picked = faults.pick(operation.id, lambda: _name(_caller(request))) if any_faults else []
    for fault in picked:
        if fault.kind == "delay" and fault.options.get("counted") != "first":
            request.hold(float(fault.options.get("seconds") or 1.0))
    with turn():
        arrival, refused = _arrive(operation, request, picked, ahead)
    for fault in picked:
        if fault.kind == "delay" and fault.options.get("counted") == "first":
            request.hold(float(fault.options.get("seconds") or 1.0))
    if probe is not None and operation.changes:
        probe(operation.id, request)
    spoilers = [fault for fault in picked if fault.kind != "delay"]
    with writing() if operation.changes else turn():
        if next_port and next_port <= arrival.at:
            porting.arrive(arrival.at)
        caller = _caller(request)
        arrival.account = _name(caller)
        reply = refused or _play(operation, path, request, arrival, caller, spoilers)
        arrival.status = 0 if reply.way is Way.DROP else reply.status
        _log(arrival)
    return reply


def _glance() -> tuple[float, bool, float]:
    """In one look: seconds that the clock is ahead, whether any fault waits, when the next port's
    numbers come (0: none).
    """
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(
            'SELECT COALESCE((SELECT "offset" FROM sandbox_world LIMIT 1), 0), EXISTS(SELECT 1 FROM'
            " sandbox_fault), COALESCE((SELECT MIN(done_at) FROM sandbox_port WHERE NOT arrived AND"
            " done_at > 0), 0)"
        )
        ahead, any_faults, next_port = cursor.fetchone()
    return float(ahead), bool(any_faults), float(next_port)


# Their refusals have a shape of their own in the document, so they themselves refuse a body that is
# none.
OWN_WORDS = {"accountRecovery", "aclCreate"}
COLUMNS = ("operation", "account", "status", "at", "idempotency_key", "peer", "pool")


def _log(arrival: Arrival) -> None:
    """Into the log with what became of it; a limited call is there already."""
    if arrival.pk:
        Arrival.objects.filter(pk=arrival.pk).update(status=arrival.status, account=arrival.account)
    else:
        insert(Arrival, COLUMNS, [[getattr(arrival, name) for name in COLUMNS]])


def _arrive(
    operation: Operation, request: Request, picked: list[Fault], ahead: float
) -> tuple[Arrival, Reply | None]:
    """A limited call is counted and written into the log here; a seventh of the hour is refused."""
    arrival = Arrival(
        operation=operation.id,
        peer=request.peer,
        idempotency_key=request.headers.get("idempotency-key", "")[:200],
        at=time.time() + ahead,
    )
    if not operation.limited or any(fault.kind == "rate_limit" for fault in picked):
        return arrival, None
    pool = limits.pool_of(operation.id)
    with writing():  # counting and writing are one: two that race cannot both be the sixth
        arrival.at = clock.now()
        wait = limits.wait_for(request.peer, pool, arrival.at)
        if not wait:
            arrival.pool = pool
        else:
            arrival.status = 429
        arrival.save()
    if not wait:
        return arrival, None
    refused = wire.error(429, "Rate limit exceeded: 6 requests per hour per IP")
    refused.headers["Retry-After"] = str(wait)
    return arrival, refused


def _caller(request: Request) -> Account | None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        return None
    return Account.objects.filter(apikey=key.strip().lower(), enabled=True).first()


def _name(caller: Account | None) -> str:
    return caller.username if caller else ""


def _play(
    operation: Operation,
    path: dict[str, str],
    request: Request,
    arrival: Arrival,
    caller: Account | None,
    spoilers: list[Fault],
) -> Reply:
    fault = spoilers[0] if spoilers else None
    if fault and not faults.done(fault):
        return faults.spoil(fault, wire.error(500, "Internal error"))
    try:
        # a refusal takes back what its handler had begun
        with writing() if operation.changes else turn():
            reply = _handle(operation, path, request, arrival, caller)
    except Refusal as no:
        reply = wire.error(no.status, no.message, no.inside, no.beside)
    return faults.spoil(fault, reply) if fault else reply


def _handle(
    operation: Operation,
    path: dict[str, str],
    request: Request,
    arrival: Arrival,
    caller: Account | None,
) -> Reply:
    """Key, body, handler, in this order: a stranger learns nothing of the body."""
    if caller is None and not operation.public:
        raise Refusal(401, "Invalid or missing API key")
    body = _body(operation, request)
    if operation.id == "accountApiKey":
        arrival.account = str(body.get("username", ""))[:20]
    base = f"http://{request.headers.get('host', 'sandbox.test')}"
    asked = Asked(
        operation,
        path,
        request.query,
        body,
        request.headers,
        arrival.at,
        base,
        None if operation.public else caller,
    )
    data = HANDLERS[operation.id](asked)
    if isinstance(data, Reply):
        return data
    return Reply(204) if data is None else wire.success(data, operation.success)


def _body(operation: Operation, request: Request) -> dict[str, Any]:
    """The JSON object of the body; GET and DELETE have none."""
    if operation.method in {"GET", "DELETE"} or not request.body.strip():
        return {}
    try:
        body = msgspec.json.decode(request.body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        body = None
    if not isinstance(body, dict) and operation.id in OWN_WORDS:
        return {}
    if not isinstance(body, dict):
        raise Refusal(operation.malformed, "Invalid JSON body: an object is expected")
    return body
