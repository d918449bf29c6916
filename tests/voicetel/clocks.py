"""A test tool: sets the database's clock as somebody with a wrong wrist-watch would, by the
database's own means.

SQLite lets a connection replace a function; PostgreSQL finds a function of schema public before its
own when told to.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any


def settable(connection: Any, shift: Path) -> None:
    """Make this connection's clock show real time plus the seconds that the file holds.

    PostgreSQL: for its database, once.
    """
    shift.write_text("0")
    attach(connection, shift)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS public.shifted (seconds double precision)")
            cursor.execute("DELETE FROM public.shifted")
            cursor.execute("INSERT INTO public.shifted VALUES (0)")
            cursor.execute(
                "CREATE OR REPLACE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE"
                " sql VOLATILE AS 'SELECT pg_catalog.clock_timestamp() + make_interval(secs =>"
                " (SELECT seconds FROM public.shifted))'"
            )


def attach(connection: Any, shift: Path) -> None:
    """What each new connection needs."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET search_path = public, pg_catalog")
        return

    def moment(form: str, when: str) -> str:
        # the connection outlives the test
        seconds = float(shift.read_text()) if shift.exists() else 0.0
        at = datetime.now(UTC) + timedelta(seconds=seconds)
        return at.isoformat(" ", "milliseconds").removesuffix("+00:00")

    connection.ensure_connection()
    # as many as its own takes, so that statements are compiled anew
    connection.connection.create_function("strftime", -1, moment)


def set_to(connection: Any, shift: Path, seconds: float) -> None:
    """The clock now differs from real time by so much, on every connection."""
    new = shift.with_suffix(".new")
    new.write_text(str(seconds))
    new.rename(shift)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("UPDATE public.shifted SET seconds = %s", [seconds])
