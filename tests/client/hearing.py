"""A meter and a guard that write down what they are told."""

from datetime import timedelta
from typing import Any

KEY = "0123456789abcdef0123456789abcdef"


class Heard:
    """A meter and a guard that only write down what they are told."""

    def __init__(self) -> None:
        self.log: list[tuple[Any, ...]] = []

    def reserve(self, pool: str | None, operation: str) -> str:
        self.log.append(("reserve", pool, operation))
        return operation

    def settle(self, ticket: str) -> None:
        self.log.append(("settle", ticket))

    def release(self, ticket: str) -> None:
        self.log.append(("release", ticket))

    def worked(self, ticket: str, pool: str | None, operation: str) -> None:
        self.log.append(("worked", pool, operation))

    def shut(self, pool: str | None, operation: str, wait: timedelta | None) -> None:
        self.log.append(("shut", pool, operation, wait))

    def check(self, operation: str) -> None:
        self.log.append(("check", operation))

    def report(self, operation: str, ok: bool, *, connected: bool = True) -> None:
        self.log.append(("report", operation, ok) if connected else ("unconnected", operation))

    def names(self) -> list[str]:
        return [entry[0] for entry in self.log]
