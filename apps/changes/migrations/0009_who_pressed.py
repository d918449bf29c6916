"""A change keeps the address of who pressed it beside the name, which people choose themselves."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps: Any, editor: Any) -> None:
    """Take the addresses of today: before this, nothing changed them."""
    people = apps.get_model("accounts", "User").objects.filter(pk=OuterRef("by"))
    entries = apps.get_model("changes", "Entry")._base_manager.filter(by__isnull=False, by_email="")
    entries.update(by_email=Subquery(people.values("email")[:1]))


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("changes", "0008_put_off"),
        ("accounts", "0008_kept_addresses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="entry",
            name="by_email",
            field=models.CharField(blank=True, db_default="", max_length=254),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
