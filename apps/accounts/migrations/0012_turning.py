from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0011_recover_at_voicetel")]
    operations: ClassVar = [
        migrations.AddField("account", "turning_until", models.DateTimeField(null=True)),
    ]
