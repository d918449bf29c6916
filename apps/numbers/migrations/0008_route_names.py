from typing import ClassVar

from django.db import migrations, models

# By hand: Django would make SQLite's table anew for it, without the column that the release before
# still writes.
ADD = "ALTER TABLE numbers_gateway ADD COLUMN name varchar(60) NOT NULL DEFAULT ''"
DROP = "ALTER TABLE numbers_gateway DROP COLUMN name"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("numbers", "0007_settings")]
    operations: ClassVar = [
        migrations.RunSQL(
            ADD,
            DROP,
            state_operations=[
                migrations.AddField(
                    "gateway", "name", models.CharField(max_length=60, blank=True, db_default="")
                )
            ],
        ),
    ]
