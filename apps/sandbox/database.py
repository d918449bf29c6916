"""One writer at a time, whole transactions only: the provider's own lock, never the portal's."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

ALIAS = "sandbox"
# Threads of one process queue here: SQLite's shared in-memory database, which tests use, knows no waiting at all.
_turn = threading.RLock()


@contextmanager
def writing() -> Iterator[None]:
    """A transaction on the provider's database; other threads and processes wait for its end."""
    with _turn, transaction.atomic(using=ALIAS):
        yield
