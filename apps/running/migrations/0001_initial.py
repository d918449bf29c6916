"""Sweep moves here from apps.home; its table keeps its name, so that two releases can run at once."""

from typing import ClassVar

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = [("home", "0002_lease_holder")]
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Sweep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.CharField(max_length=60, unique=True)),
                        ("until", models.DateTimeField(default=django.utils.timezone.now)),
                        ("holder", models.CharField(blank=True, db_default="", max_length=16)),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("failed_at", models.DateTimeField(null=True)),
                    ],
                    options={"db_table": "home_sweep"},
                ),
            ]
        ),
    ]
