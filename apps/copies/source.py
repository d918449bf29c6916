"""What an app says of a list of the provider's so that the portal keeps a copy of it."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from apps.accounts.models import Account
from apps.copies.models import Copy
from apps.voicetel.client import Client

T = TypeVar("T")
SUSPECT = 20  # a look that removes more than one in so many, or all, waits for a second


class Difference(ABC):
    """What differs between the provider's list and our rows of it, and how it is written.

    gone: ids of our rows that the list lacks. held: how many rows we have.
    """

    gone: Collection[Any]
    held: int

    @property
    @abstractmethod
    def any(self) -> bool:
        """Whether there is anything to write."""

    @abstractmethod
    def write(self, copy: Copy) -> None:
        """Write it, inside the transaction of the look.

        copy: the locked row, saved afterwards; `copy.facts` is the app's own. While `copy.first` is
        true, nothing found is news.
        """

    @property
    def suspect(self) -> bool:
        """Whether a second look has to agree before anything is written."""
        return bool(self.gone) and (
            len(self.gone) == self.held or len(self.gone) * SUSPECT > self.held
        )

    @property
    def print(self) -> str:
        """Which rows would go, in one word."""
        return hashlib.sha256(" ".join(sorted(map(str, self.gone))).encode()).hexdigest()

    def spare(self, copy: Copy, asked: datetime) -> None:  # noqa: B027  most lists have none
        """Leave out the rows that a change made here wrote, or began, since the list was asked for.

        Called with the row locked.
        """


@dataclass(frozen=True, slots=True)
class Source(Generic[T]):
    """A list of the provider's that we keep a copy of.

    name: stored, and part of the page's ids and of the event "<name>-newer". noun: what it lists,
    in the singular. ask: gives the whole answer, or raises VoiceTelError. whose: `ask` takes the
    account before the client, as what it asks for depends on our rows. compare: runs outside any
    transaction, may use up what was told, and readies all that `write` need not do under the lock.
    every: how often it is read. pace: how soon again, where that depends on what the copy holds;
    asked within the look's commit. stale: a page that shows an older copy asks for a look now.
    path: the address of the page that shows it; `age/` and `refresh/` are below it.
    """

    name: str
    noun: str
    ask: Callable[..., T]
    compare: Callable[[Account, T], Difference]
    every: timedelta = timedelta(minutes=15)
    stale: timedelta = timedelta(minutes=10)
    path: str = ""
    pace: Callable[[Account], timedelta] | None = None
    whose: bool = False

    def again(self, account: Account) -> timedelta:
        """How long until the next look, after one that went well."""
        return self.pace(account) if self.pace else self.every

    def told(self, account: Account, client: Client) -> T:
        """The whole answer. Raises VoiceTelError."""
        return self.ask(account, client) if self.whose else self.ask(client)

    @property
    def nouns(self) -> str:
        return f"{self.noun}s"


SOURCES: dict[str, Source[Any]] = {}


def register(source: Source[T]) -> Source[T]:
    """The source, known by its name from now on."""
    if source.name in SOURCES:
        raise ValueError(f"two sources are named {source.name}")
    SOURCES[source.name] = source
    return source
