"""The table of sweeps belongs to apps.running from here on; nothing changes in the database."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("home", "0002_lease_holder"), ("running", "0001_initial")]
    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Sweep")])
    ]
