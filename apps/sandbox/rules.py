"""What the provider refuses, and in which words.

Handlers raise Refusal; provider.py puts it in the envelope.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.sandbox.models import Account
from apps.sandbox.operations import Operation

TEN_DIGITS = re.compile(r"[2-9]\d{2}[2-9]\d{2}\d{4}", re.ASCII)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
KEY = re.compile(r"[A-Za-z0-9_-]{1,128}")


class Refusal(Exception):
    """The provider says no: nothing was done, but for what `beside` says was."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        inside: Mapping[str, Any] | None = None,
        beside: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.inside, self.beside = status, message, inside, beside


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as its handler sees it: who asks, with what. at: Unix seconds of its arrival."""

    operation: Operation
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    at: float
    base: str  # address of the provider itself, for the links that it hands out
    caller: Account | None

    @property
    def account(self) -> Account:
        """Who asks; public operations have nobody and must not look."""
        if self.caller is None:
            raise RuntimeError(f"{self.operation.id} has no account")
        return self.caller

    def malformed(self, message: str) -> Refusal:
        return Refusal(self.operation.malformed, message)

    def text(self, name: str, *, most: int = 2000) -> str:
        """A required text of the body, stripped; a username may be a whole number."""
        value = self.body.get(name)
        if (
            name == "username"
            and isinstance(value, int)
            and not isinstance(value, bool)
            and abs(value) < 10**15
        ):
            value = str(value)
        if not isinstance(value, str) or not value.strip():
            raise self.malformed(f"Field Required: {name}")
        if len(value) > most:
            raise self.malformed(f"Field Too Long: {name}")
        return value.strip()

    def maybe_text(self, name: str, *, most: int = 2000) -> str:
        """A text of the body that may be missing; other types are refused."""
        value = self.body.get(name, "")
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > most:
            raise self.malformed(f"Field Invalid: {name}")
        return value.strip()

    def ten_digits(self, name: str) -> str:
        value = self.text(name)
        if not TEN_DIGITS.fullmatch(value):
            raise self.malformed(f"Field Invalid: {name} (ten-digit telephone number)")
        return value

    def email(self, name: str = "email") -> str:
        value = self.text(name)
        if not EMAIL.fullmatch(value):
            raise self.malformed(f"Field Invalid: {name} (email address)")
        return value

    def boolean(self, name: str) -> bool:
        value = self.body.get(name)
        if not isinstance(value, bool):
            raise self.malformed(f"Field Required: {name} (boolean)")
        return value

    def integer(self, name: str) -> int:
        value = self.body.get(name)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
            value = int(value)
        elif isinstance(value, float) and value.is_integer():
            value = int(value)  # 4.0 is a whole number in JSON
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 2**53:
            raise self.malformed(f"Field Required: {name} (integer)")
        return value

    def unix(self, name: str, default: float) -> int:
        """A Unix time of the query, in seconds."""
        raw = self.query.get(name)
        if raw is None:
            return int(default)
        if not re.fullmatch(r"-?\d{1,15}", raw, re.ASCII):
            raise self.malformed(f"Invalid {name}: Unix timestamp")
        return int(raw)


def matches(pattern: str, text: str) -> bool:
    """The whole text, ASCII digits only."""
    return re.fullmatch(pattern, text, re.ASCII) is not None
