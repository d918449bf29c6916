from typing import ClassVar

from django.db import migrations, models

# By hand: Django would make SQLite's table anew for it, and drop the triggers of the search.
ADD = "ALTER TABLE numbers_number ADD COLUMN cost_seen varchar(32) NOT NULL DEFAULT ''"
DROP = "ALTER TABLE numbers_number DROP COLUMN cost_seen"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("numbers", "0005_labels")]
    operations: ClassVar = [
        migrations.RunSQL(
            ADD,
            DROP,
            state_operations=[
                migrations.AddField(
                    "number",
                    "cost_seen",
                    models.CharField(max_length=32, blank=True, db_default=""),
                )
            ],
        ),
    ]
