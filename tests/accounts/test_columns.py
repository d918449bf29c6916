"""The tables hold what the models say, and no column of a release long gone."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, models

from apps.accounts.models import KeyExchange, Profile


def columns(model: type[models.Model]) -> set[str]:
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, model._meta.db_table)
    return {each.name for each in described}


@pytest.mark.parametrize("model", [Profile, KeyExchange])
def test_no_column_is_left_that_no_field_has(db: None, model: type[models.Model]) -> None:
    assert columns(model) == {field.column for field in model._meta.local_fields}


def test_the_migration_drops_them_with_their_index_wherever_they_still_are(
    transactional_db: None,
) -> None:
    table = Profile._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD COLUMN due_at timestamp NULL")
        cursor.execute(f"CREATE INDEX profile_due_then ON {table} (due_at)")
    assert "due_at" in columns(Profile)
    drop = import_module("apps.accounts.migrations.0007_no_due_columns").drop
    for _ in range(2):
        with connection.schema_editor() as editor:
            drop(apps, editor)
        assert "due_at" not in columns(Profile)
