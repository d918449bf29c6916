"""Locks by name: what looks at rows and then writes one does both while it holds the lock, so that
of many at once each sees what the one before wrote.

On PostgreSQL a statement does not see what commits beside it, and there is no row to lock where one
is still to be written. SQLite has one writer at a time: every transaction queues (portal/sqlite).
"""

from hashlib import blake2b

from django.db import connection


def hold(name: str) -> None:
    """Within a transaction: wait for whoever holds this name, and hold it until the end.

    Names share 64 bits: two that meet by chance wait for each other, and no harm is done.
    """
    if connection.vendor == "postgresql":
        key = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
