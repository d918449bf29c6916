"""The age of the copies moves to apps.copies; rows of both lists are carried over.

The old table and `missed_at` of the gateways stay in the database, as the release before still
writes them; a later migration drops them. The old table's foreign key goes, as nobody here would
delete its rows together with their account.
"""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

KEPT = "claim, claim_until, version, failed, failures, doubted, doubted_count, doubted_at"
CARRY = (
    f"INSERT INTO copies_copy (account_id, name, read_at, next_at, {KEPT}, touched_at, facts) "
    f"SELECT account_id, 'numbers', read_at, next_at, {KEPT}, touched_at, facets FROM numbers_copy",
    f"INSERT INTO copies_copy (account_id, name, read_at, next_at, {KEPT}, touched_at, facts) "
    "SELECT account_id, 'gateways', gateways_at, next_at, '', NULL, 1, '', 0, '', 0, NULL, NULL,"
    " '{}' FROM numbers_copy WHERE gateways_at IS NOT NULL",
)
BACK = (
    "DELETE FROM numbers_copy WHERE account_id NOT IN (SELECT id FROM accounts_account)",
    # so that the release before counts anew with its first look
    "UPDATE numbers_copy SET version = 0, next_at = CURRENT_TIMESTAMP",
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("numbers", "0003_missed_gateways"), ("copies", "0001_initial")]
    operations: ClassVar = [
        migrations.AlterField(
            "copy",
            "account",
            models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="+",
                serialize=False,
                to="accounts.account",
            ),
        ),
        *(migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in CARRY),
        migrations.RunSQL(migrations.RunSQL.noop, BACK),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("gateway", "missed_at"),
                migrations.DeleteModel("Copy"),
            ]
        ),
    ]
