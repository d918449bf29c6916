"""The control endpoints under /_sandbox/: JSON in, JSON out; never spoilt by a fault, never
counted, never logged.
"""

from typing import Any

import msgspec

from apps.sandbox import verbs, wire
from apps.sandbox.faults import BadFault
from apps.sandbox.wire import Reply, Request

PREFIX = "/_sandbox/"


def handles(path: str) -> bool:
    return path.startswith(PREFIX)


def answer(request: Request) -> Reply:
    """One control call. Bad input is 400 with a sentence in `error`."""
    try:
        body = msgspec.json.decode(request.body) if request.body.strip() else {}
        if not isinstance(body, dict):
            raise ValueError("the body must be a JSON object")
        return _say(
            200, _play(request.method, request.path.removeprefix(PREFIX).strip("/"), request, body)
        )
    except LookupError as missing:
        return _say(404, {"error": str(missing.args[0])})
    except (BadFault, ValueError, TypeError) as wrong:
        return _say(400, {"error": str(wrong)})


def _play(method: str, name: str, request: Request, body: dict[str, Any]) -> dict[str, Any]:
    match method, name:
        case "POST", "reset":
            verbs.reset(int(body.get("seed", 1)), _maybe(body, "numbers"), _maybe(body, "calls"))
        case "GET", "requests":
            return verbs.requests(request.query.get("operation") or None)
        case "GET", "charges":
            return verbs.charges(request.query.get("account", ""))
        case "POST", "faults":
            if "operation" not in body or "kind" not in body:
                raise ValueError("operation and kind are required")
            verbs.add_fault(**body)
        case "DELETE", "faults":
            verbs.clear_faults()
        case "POST", "clock":
            verbs.advance(float(body.get("advance", 0)))
        case _:
            raise LookupError(f"no control {method} {PREFIX}{name}")
    return {"ok": True}


def _maybe(body: dict[str, Any], name: str) -> int | None:
    return None if body.get(name) is None else int(body[name])


def _say(status: int, body: dict[str, Any]) -> Reply:
    return Reply(status, wire.encode(body), {"Content-Type": "application/json"})
