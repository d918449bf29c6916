"""Search by any part: a trigram index, each database's own.

SQLite: an FTS5 table over number and label, kept by triggers that fire only when one of the two changes, so that a refresh
of 100,000 routes does not touch it. PostgreSQL: gin indexes with pg_trgm, where the role may create the extension;
without it searches are right all the same, and slower.
"""

import logging

from django.db import DatabaseError, migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = (
    "CREATE VIRTUAL TABLE numbers_search USING fts5(number, label, content='numbers_number', content_rowid='id', tokenize='trigram')",
    """CREATE TRIGGER numbers_search_added AFTER INSERT ON numbers_number BEGIN
         INSERT INTO numbers_search(rowid, number, label) VALUES (new.id, new.number, new.label);
       END""",
    """CREATE TRIGGER numbers_search_gone AFTER DELETE ON numbers_number BEGIN
         INSERT INTO numbers_search(numbers_search, rowid, number, label) VALUES ('delete', old.id, old.number, old.label);
       END""",
    """CREATE TRIGGER numbers_search_changed AFTER UPDATE OF number, label ON numbers_number BEGIN
         INSERT INTO numbers_search(numbers_search, rowid, number, label) VALUES ('delete', old.id, old.number, old.label);
         INSERT INTO numbers_search(rowid, number, label) VALUES (new.id, new.number, new.label);
       END""",
)
SQLITE_BACK = (
    "DROP TRIGGER numbers_search_added",
    "DROP TRIGGER numbers_search_gone",
    "DROP TRIGGER numbers_search_changed",
    "DROP TABLE numbers_search",
)
EXTENSIONS = ("CREATE EXTENSION IF NOT EXISTS pg_trgm", "CREATE EXTENSION IF NOT EXISTS btree_gin")
POSTGRES = (
    "CREATE INDEX numbers_search_number ON numbers_number USING gin (account_id, number gin_trgm_ops)",
    "CREATE INDEX numbers_search_label ON numbers_number USING gin (account_id, upper(label) gin_trgm_ops)",
)
POSTGRES_BACK = ("DROP INDEX IF EXISTS numbers_search_number", "DROP INDEX IF EXISTS numbers_search_label")


def forwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "sqlite":
        run(editor, SQLITE)
    elif editor.connection.vendor == "postgresql":
        try:
            with transaction.atomic(using=editor.connection.alias):
                run(editor, EXTENSIONS + POSTGRES)
        except DatabaseError as error:
            logging.getLogger("numbers").warning("no trigram index for the search (it works without): %s", error)


def back(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    run(editor, SQLITE_BACK if editor.connection.vendor == "sqlite" else POSTGRES_BACK)


def run(editor: BaseDatabaseSchemaEditor, statements: tuple[str, ...]) -> None:
    with editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("numbers", "0001_initial")]
    operations = [migrations.RunPython(forwards, back)]
