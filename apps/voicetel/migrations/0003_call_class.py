"""Who asks for a call of the hour is its class; a lane is the order of changes.

Only Python's name changes. The column stays `lane`, which the release before this one reads and
writes.
"""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("voicetel", "0002_wish_kind_about")]

    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex("wish", "wish_in_line"),
                migrations.RenameField("wish", "lane", "call_class"),
                migrations.AlterField(
                    "wish", "call_class", models.CharField(max_length=16, db_column="lane")
                ),
                migrations.AddIndex(
                    "wish", models.Index(fields=["call_class", "since"], name="wish_in_line")
                ),
                migrations.RenameField("spent", "lane", "call_class"),
                migrations.AlterField(
                    "spent", "call_class", models.CharField(max_length=16, db_column="lane")
                ),
            ]
        )
    ]
