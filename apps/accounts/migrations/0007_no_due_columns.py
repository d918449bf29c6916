"""The release before this one writes no due times of profiles and exchanges any more (0004): their
columns go. A database that Django rebuilt a table of since, as on SQLite, has lost them already.
"""

from typing import Any, ClassVar

from django.db import migrations

GONE = (
    ("accounts_keyexchange", "due_at"),
    ("accounts_profile", "due_at"),
    ("accounts_profile", "tries"),
)


def drop(apps: Any, editor: Any) -> None:
    connection = editor.connection
    with connection.cursor() as cursor:
        for table, column in GONE:
            described = connection.introspection.get_table_description(cursor, table)
            if column not in {each.name for each in described}:
                continue
            found = connection.introspection.get_constraints(cursor, table)
            for name, one in found.items():
                if one["index"] and one["columns"] == [column]:
                    editor.execute(f"DROP INDEX {editor.quote_name(name)}")
            editor.execute(
                f"ALTER TABLE {editor.quote_name(table)} DROP COLUMN {editor.quote_name(column)}"
            )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0006_profile_keeps_more")]

    operations: ClassVar = [migrations.RunPython(drop, migrations.RunPython.noop)]
