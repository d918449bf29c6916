"""Every change until here was done to a number; the lane begins with the kind from here on."""

from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import Concat


def name_numbers(apps, schema_editor):
    Entry = apps.get_model("changes", "Entry")
    unnamed = Entry._base_manager.exclude(lane__startswith="number:")
    unnamed.update(thing="number", lane=Concat(Value("number:"), F("lane")))


class Migration(migrations.Migration):
    dependencies = [("changes", "0002_things")]
    operations = [migrations.RunPython(name_numbers, migrations.RunPython.noop)]
