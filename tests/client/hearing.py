"""A meter and a guard that write down what they are told."""

from datetime import datetime
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

    def shut(self, pool: str | None, operation: str, retry_at: datetime) -> None:
        self.log.append(("shut", pool, operation, retry_at))

    def check(self, operation: str) -> None:
        self.log.append(("check", operation))

    def report(self, operation: str, ok: bool) -> None:
        self.log.append(("report", operation, ok))

    def names(self) -> list[str]:
        return [entry[0] for entry in self.log]
