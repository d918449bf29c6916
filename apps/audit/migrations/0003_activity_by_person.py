from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_event_thing"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["account", "actor", "at"], name="event_actor"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["account", "thing", "subject"], name="event_thing"),
        ),
    ]
