from typing import ClassVar

from django.db import migrations, models

# By hand: Django would make SQLite's table anew for it, without the columns that the release before
# still writes.
PREFIX = "ALTER TABLE numbers_gateway ADD COLUMN prefix varchar(20) NOT NULL DEFAULT ''"
LIMIT = 'ALTER TABLE numbers_gateway ADD COLUMN "limit" integer NULL'


class Migration(migrations.Migration):
    dependencies: ClassVar = [("numbers", "0009_carts")]
    operations: ClassVar = [
        migrations.RunSQL(
            PREFIX,
            "ALTER TABLE numbers_gateway DROP COLUMN prefix",
            state_operations=[
                migrations.AddField(
                    "gateway", "prefix", models.CharField(max_length=20, blank=True, db_default="")
                )
            ],
        ),
        migrations.RunSQL(
            LIMIT,
            'ALTER TABLE numbers_gateway DROP COLUMN "limit"',
            state_operations=[
                migrations.AddField("gateway", "limit", models.IntegerField(null=True))
            ],
        ),
    ]
