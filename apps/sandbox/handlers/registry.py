"""Which function plays which operation.

A handler answers with its data (None: 204) or raises Refusal.
"""

from collections.abc import Callable
from typing import Any

from apps.sandbox.operations import BY_ID
from apps.sandbox.rules import Asked

Handler = Callable[[Asked], Any]
HANDLERS: dict[str, Handler] = {}


def plays(operation: str) -> Callable[[Handler], Handler]:
    if operation not in BY_ID:
        raise RuntimeError(f"no such operation: {operation}")

    def register(handler: Handler) -> Handler:
        if HANDLERS.setdefault(operation, handler) is not handler:
            raise RuntimeError(f"two handlers for {operation}")
        return handler

    return register
