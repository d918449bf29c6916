"""The few statements of the refresh that the ORM cannot do fast: all rows as bare tuples, and the
difference in bulk.

100,000 changed rows: bulk_create takes 7 s and holds SQLite's write lock for it; executemany and
COPY take 1 to 2 s (docs/performance.md). Every value is a parameter; the only names put into the
text are our own column names.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from apps.numbers.services.shape import COLUMNS, Row

CHUNK = 2000
# new rows a transaction: the search index makes them dear, and on SQLite everybody waits for the
# write lock
PART = 10_000
TABLE = "numbers_number"
WIDTH = len(COLUMNS)
ALL = ", ".join(COLUMNS)
TOLD = ", ".join(COLUMNS[1:])  # what may change: all but the number
SET = ", ".join(f"{column} = %s" for column in COLUMNS[1:])
MARKS = ", ".join(["%s"] * WIDTH)
FROM_EXCLUDED = ", ".join(f"{column} = excluded.{column}" for column in (*COLUMNS[1:], "traits"))

# Only our own column names are put into these.
READ = f"SELECT {ALL}, label, id FROM {TABLE} WHERE account_id = %s"  # noqa: S608
INSERT = (
    f"INSERT INTO {TABLE} (account_id, reversed, label, traits, {ALL}) "  # noqa: S608
    f"VALUES (%s, %s, '', %s, {MARKS}) ON CONFLICT (account_id, number) DO UPDATE SET"
    f" {FROM_EXCLUDED}"
)
UPDATE = f"UPDATE {TABLE} SET {SET}, traits = %s WHERE id = %s"  # noqa: S608
DELETE = f"DELETE FROM {TABLE} WHERE id = %s"  # noqa: S608

# PostgreSQL: COPY into a table that lives as long as the transaction, then one statement each.
# a page's 5 s are not for 100,000 rows; no reader waits for it
PATIENT = "SET LOCAL statement_timeout = '60s'"
STAGE = (
    f"CREATE TEMP TABLE told ON COMMIT DROP AS SELECT {ALL}, traits, id FROM {TABLE} WITH NO DATA"  # noqa: S608
)
UNSTAGE = "DROP TABLE told"  # at once: a transaction around this one may stage again
COPY = f"COPY told ({ALL}, traits, id) FROM STDIN"
FROM_TOLD = ", ".join(f"{column} = told.{column}" for column in (*COLUMNS[1:], "traits"))
UPDATE_TOLD = (
    f"UPDATE {TABLE} n SET {FROM_TOLD} "  # noqa: S608
    "FROM told WHERE n.id = told.id"
)
INSERT_TOLD = (
    f"INSERT INTO {TABLE} (account_id, reversed, label, traits, {ALL}) "  # noqa: S608
    f"SELECT %s, reverse(number), '', traits, {ALL} FROM told WHERE id IS NULL "
    f"ON CONFLICT (account_id, number) DO UPDATE SET {FROM_EXCLUDED}"
)
DELETE_ANY = f"DELETE FROM {TABLE} WHERE id = ANY(%s)"  # noqa: S608

Ours = tuple[tuple[Any, ...], str, int]


@contextmanager
def patience(cursor: Any) -> Iterator[None]:
    """Statements that may take longer than a page's.

    Nothing on SQLite: it has no limit, and a transaction takes the write lock.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        cursor.execute(PATIENT)
        yield


def read(cursor: Any, account: int) -> Iterator[Ours]:
    """Our rows as (tuple in the order of COLUMNS, label, primary key), streamed."""
    # for the statement alone: its answer is here by then, and nobody's transaction stands idle
    with patience(cursor):
        cursor.execute(READ, [account])
    while rows := cursor.fetchmany(CHUNK):
        for row in rows:
            yield row[:WIDTH], row[WIDTH], row[WIDTH + 1]


def prepare(
    account: int, new: list[Row], changed: list[tuple[Row, str, int]], gone: list[int]
) -> "Writing":
    """The parameters of every statement, made before the write lock is taken.

    In the order of the number, for the indexes' sake.
    """
    new, changed = sorted(new), sorted(changed)
    if connection.vendor == "postgresql":
        staged = [(*row, row.traits(label), pk) for row, label, pk in changed] + [
            (*row, row.traits(""), None) for row in new
        ]
        return Writing(account, [], [], staged, [(pk,) for pk in gone])
    return Writing(
        account,
        [(account, row.number[::-1], row.traits(""), *row) for row in new],
        [(*row[1:], row.traits(label), pk) for row, label, pk in changed],
        [],
        [(pk,) for pk in gone],
    )


@dataclass(slots=True)
class Writing:
    """A difference as parameters."""

    account: int
    new: list[tuple[Any, ...]]
    changed: list[tuple[Any, ...]]
    staged: list[tuple[Any, ...]]
    gone: list[tuple[int]]

    def apply(self, cursor: Any) -> None:
        """Write it inside the caller's transaction.

        Labels, touched_at and detail_at stay as they are.
        """
        if connection.vendor == "postgresql":
            self._copy(cursor)
            return
        cursor.executemany(UPDATE, self.changed)
        cursor.executemany(INSERT, self.new)
        cursor.executemany(DELETE, self.gone)

    def _copy(self, cursor: Any) -> None:
        cursor.execute(PATIENT)
        cursor.execute(STAGE)
        with cursor.copy(COPY) as copy:
            for row in self.staged:
                copy.write_row(row)
        cursor.execute(UPDATE_TOLD)
        cursor.execute(INSERT_TOLD, [self.account])
        if self.gone:
            cursor.execute(DELETE_ANY, [[pk for (pk,) in self.gone]])
        cursor.execute(UNSTAGE)
