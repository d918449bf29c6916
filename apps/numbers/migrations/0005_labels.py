"""Labels as searches compare them, and who changed a number last.

The index of the search is made anew: it holds each run of three characters together with its
account, so that a search neither reads nor is slowed by what others hold.
"""

from typing import Any, ClassVar

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from apps.text import folded

GRAM, LONGEST = 3, 400  # of number and folded label together


def told(row: str) -> str:
    return f"{row}.number || ' ' || {row}.folded"


def grams(row: str) -> str:
    """SQL for the words that SQLite's index keeps of a row: 12x303131 is "011" of account 12."""
    return (
        f"(SELECT group_concat({row}.account_id || 'x' || hex(substr({told(row)}, at, {GRAM})), ' ')"
        f" FROM numbers_places WHERE at <= length({told(row)}) - {GRAM - 1})"
    )


ADD = f"INSERT INTO numbers_search (rowid, grams) SELECT new.id, {grams('new')};"
TAKE = (
    "INSERT INTO numbers_search (numbers_search, rowid, grams)"
    f" SELECT 'delete', old.id, {grams('old')};"
)
TRIGGERS = (
    f"CREATE TRIGGER numbers_search_added AFTER INSERT ON numbers_number BEGIN {ADD} END",
    f"CREATE TRIGGER numbers_search_gone AFTER DELETE ON numbers_number BEGIN {TAKE} END",
    "CREATE TRIGGER numbers_search_changed AFTER UPDATE OF number, folded ON numbers_number"
    f" BEGIN {TAKE} {ADD} END",
)
SQLITE_BEFORE = (
    "DROP TRIGGER IF EXISTS numbers_search_added",
    "DROP TRIGGER IF EXISTS numbers_search_gone",
    "DROP TRIGGER IF EXISTS numbers_search_changed",
    "DROP TABLE IF EXISTS numbers_search",
)
SQLITE = (
    "CREATE TABLE numbers_places (at INTEGER PRIMARY KEY)",
    "WITH RECURSIVE places(at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM places"
    f" WHERE at < {LONGEST}) INSERT INTO numbers_places SELECT at FROM places",
    "CREATE VIRTUAL TABLE numbers_search USING fts5(grams, content='', columnsize=0, detail=none,"
    " tokenize='ascii')",
    f"INSERT INTO numbers_search (rowid, grams) SELECT n.id, {grams('n')} FROM numbers_number n",
    *TRIGGERS,
)
POSTGRES_BEFORE = (
    "DROP INDEX IF EXISTS numbers_search_number",
    "DROP INDEX IF EXISTS numbers_search_label",
)
POSTGRES = (
    f"""CREATE FUNCTION numbers_grams(account bigint, told text) RETURNS text[]
        LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
          SELECT coalesce(array_agg(account::text || ':' || substr(told, at, {GRAM})), '{{}}')
          FROM generate_series(1, length(told) - {GRAM - 1}) AS at
        $$""",
    # without a list of what is pending, which every search would read whole
    "CREATE INDEX numbers_search ON numbers_number"
    " USING gin (numbers_grams(account_id, number || ' ' || folded)) WITH (fastupdate = off)",
)
BACK = {
    "sqlite": (*SQLITE_BEFORE, "DROP TABLE numbers_places"),
    "postgresql": ("DROP INDEX numbers_search", "DROP FUNCTION numbers_grams"),
}


def take_away(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    """Before the table is altered: SQLite would drop triggers with the old table."""
    run(editor, {"sqlite": SQLITE_BEFORE, "postgresql": POSTGRES_BEFORE})


def fold(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("numbers", "Number").objects.exclude(label="")
    for row in rows.only("label").iterator(chunk_size=2000):
        rows.filter(pk=row.pk).update(folded=folded(row.label)[:320])


def make(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    run(editor, {"sqlite": SQLITE, "postgresql": POSTGRES})


def back(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
    run(editor, BACK)


def run(editor: BaseDatabaseSchemaEditor, statements: dict[str, tuple[str, ...]]) -> None:
    with editor.connection.cursor() as cursor:
        for statement in statements.get(editor.connection.vendor, ()):
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("numbers", "0004_copies")]
    operations: ClassVar = [
        migrations.RunPython(take_away, migrations.RunPython.noop),
        migrations.AddField(
            "number", "folded", models.CharField(max_length=320, blank=True, db_default="")
        ),
        migrations.AddField("number", "changed_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "number", "changed_by", models.CharField(max_length=254, blank=True, db_default="")
        ),
        migrations.AddIndex(
            "number",
            models.Index(fields=["account", "changed_at", "number"], name="numbers_by_change"),
        ),
        migrations.RunPython(fold, migrations.RunPython.noop),
        migrations.RunPython(make, back),
    ]
