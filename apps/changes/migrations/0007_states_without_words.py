"""The words of the states are no part of the columns any more. No statement is run."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("changes", "0006_waiting_and_spending")]

    operations = [
        migrations.AlterField("entry", "state", models.CharField(default="ready", max_length=8)),
        migrations.AlterField("item", "state", models.CharField(max_length=8)),
    ]
