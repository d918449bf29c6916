"""When a call is due is said by its wish in the line (voicetel.Wish): profiles and exchanges no longer say it too.

The release before writes these columns still, so they stay in the database, empty for what the new one writes. A release later they go.
"""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0003_arrivals")]

    operations: ClassVar = [
        migrations.RemoveIndex("keyexchange", "exchange_due"),
        migrations.AddIndex("keyexchange", models.Index(fields=["state", "expires_at"], name="exchange_expires")),
        migrations.AlterField("keyexchange", "due_at", models.DateTimeField(null=True)),
        migrations.AlterField("profile", "due_at", models.DateTimeField(null=True)),
        migrations.AlterField("profile", "tries", models.PositiveSmallIntegerField(null=True)),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("keyexchange", "due_at"),
                migrations.RemoveField("profile", "due_at"),
                migrations.RemoveField("profile", "tries"),
            ]
        ),
    ]
