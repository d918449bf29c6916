"""One writer at a time, whole transactions only: the provider's own lock, never the portal's."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from django.db import connections, transaction

ALIAS = "sandbox"
# Threads of one process queue here: SQLite's shared in-memory database, which tests use, knows no waiting at all.
_turn = threading.RLock()


@contextmanager
def writing() -> Iterator[None]:
    """A transaction on the provider's database; other threads and processes wait for its end."""
    with _turn, transaction.atomic(using=ALIAS):
        yield


def turn() -> AbstractContextManager[object]:
    """For reads. A file's readers never wait; the shared in-memory database would refuse them while somebody writes."""
    in_memory = connections[ALIAS].is_in_memory_db()  # type: ignore[attr-defined]  # SQLite's own method
    return _turn if in_memory else nullcontext()
