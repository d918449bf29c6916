"""An event keeps the address of who did it beside the name, which people choose themselves."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps: Any, editor: Any) -> None:
    """Take the addresses of today: before this, nothing changed them."""
    people = apps.get_model("accounts", "User").objects.filter(pk=OuterRef("actor"))
    events = apps.get_model("audit", "Event")._base_manager.filter(actor__isnull=False)
    events.filter(actor_email="").update(actor_email=Subquery(people.values("email")[:1]))


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("audit", "0004_counted_events"),
        ("accounts", "0008_kept_addresses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="event",
            name="actor_email",
            field=models.CharField(blank=True, db_default="", max_length=254),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
