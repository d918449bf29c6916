from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("changes", "0004_shows"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["account", "created_at"], name="entry_time"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["account", "state", "created_at"], name="entry_state"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["account", "by", "created_at"], name="entry_by"),
        ),
    ]
