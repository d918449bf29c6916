"""The few statements of the refresh that the ORM cannot do fast: all rows as bare tuples, and the difference in bulk.

100,000 changed rows: bulk_create takes 7 s and holds SQLite's write lock for it; executemany and COPY take 1 to 2 s
(docs/performance.md). Every value is a parameter; the only names put into the text are our own column names.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection

from apps.numbers.services.shape import COLUMNS, Row

CHUNK = 2000
TABLE = "numbers_number"
WIDTH = len(COLUMNS)
TOLD = ", ".join(COLUMNS[1:])  # what may change: all but the number
SET = ", ".join(f"{column} = %s" for column in COLUMNS[1:])
FROM_EXCLUDED = ", ".join(f"{column} = excluded.{column}" for column in (*COLUMNS[1:], "traits"))

READ = f"SELECT {', '.join(COLUMNS)}, label FROM {TABLE} WHERE account_id = %s"  # noqa: S608  # our own names
INSERT = (
    f"INSERT INTO {TABLE} (account_id, reversed, label, traits, number, {TOLD}) "  # noqa: S608  # our own names
    f"VALUES (%s, %s, '', %s, {', '.join(['%s'] * WIDTH)}) ON CONFLICT (account_id, number) DO UPDATE SET {FROM_EXCLUDED}"
)
UPDATE = f"UPDATE {TABLE} SET {SET}, traits = %s WHERE account_id = %s AND number = %s"  # noqa: S608  # our own names
DELETE = f"DELETE FROM {TABLE} WHERE account_id = %s AND number = %s"  # noqa: S608  # our own names

# PostgreSQL: COPY into a table that lives as long as the transaction, then one statement.
STAGE = f"CREATE TEMP TABLE told ON COMMIT DROP AS SELECT {', '.join(COLUMNS)}, traits FROM {TABLE} WITH NO DATA"  # noqa: S608
COPY = f"COPY told ({', '.join(COLUMNS)}, traits) FROM STDIN"
INSERT_TOLD = (
    f"INSERT INTO {TABLE} (account_id, reversed, label, traits, number, {TOLD}) "  # noqa: S608  # our own names
    f"SELECT %s, reverse(number), '', traits, number, {TOLD} FROM told "
    f"ON CONFLICT (account_id, number) DO UPDATE SET {FROM_EXCLUDED}"
)
DELETE_ANY = f"DELETE FROM {TABLE} WHERE account_id = %s AND number = ANY(%s)"  # noqa: S608  # our own names


def read(cursor: Any, account: int) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Our rows as (tuple in the order of COLUMNS, label), streamed."""
    cursor.execute(READ, [account])
    while rows := cursor.fetchmany(CHUNK):
        for row in rows:
            yield row[:WIDTH], row[WIDTH]


def apply(cursor: Any, account: int, new: Iterable[Row], changed: Iterable[tuple[Row, str]], gone: list[str]) -> None:
    """Write a difference inside the caller's transaction. Labels, touched_at and detail_at stay as they are."""
    if connection.vendor == "postgresql":
        _copy(cursor, account, new, changed)
        if gone:
            cursor.execute(DELETE_ANY, [account, gone])
        return
    _many(cursor, UPDATE, ((*row[1:], row.traits(label), account, row.number) for row, label in changed))
    _many(cursor, INSERT, ((account, row.number[::-1], row.traits(""), *row) for row in new))
    _many(cursor, DELETE, ((account, number) for number in gone))


def _many(cursor: Any, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    cursor.executemany(statement, rows)


def _copy(cursor: Any, account: int, new: Iterable[Row], changed: Iterable[tuple[Row, str]]) -> None:
    cursor.execute(STAGE)
    with cursor.copy(COPY) as copy:
        for row in new:
            copy.write_row((*row, row.traits("")))
        for row, label in changed:
            copy.write_row((*row, row.traits(label)))
    cursor.execute(INSERT_TOLD, [account])
