"""Words by name, of which each app adds its own (words.py) when Django starts."""

from collections.abc import Mapping
from typing import TypeVar

V = TypeVar("V")


class Registry(dict[str, V]):
    """What each app adds under its names. kind: of the names, for the error."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def add(self, words: Mapping[str, V]) -> None:
        """Raises RuntimeError for a name that was added before."""
        if twice := sorted(self.keys() & words.keys()):
            raise RuntimeError(f"two {self.kind}s named {', '.join(twice)}")
        self.update(words)
