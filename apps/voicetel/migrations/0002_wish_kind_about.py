"""What a wish is about gets two columns instead of one that five places cut open.

The release before this one reads and writes `ref` still, so it stays, and the line parts what that
one writes while this one starts. A release later both go.
"""

from typing import Any, ClassVar

from django.db import migrations, models


def part(apps: Any, editor: Any) -> None:
    wishes = apps.get_model("voicetel", "Wish").objects.using(editor.connection.alias)
    for pk, ref in wishes.filter(kind="").values_list("pk", "ref"):
        kind, _, about = ref.partition(":")
        wishes.filter(pk=pk).update(kind=kind, about=about)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("voicetel", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField("wish", "kind", models.CharField(max_length=20, db_default="")),
        migrations.AddField("wish", "about", models.CharField(max_length=43, db_default="")),
        migrations.RunPython(part, migrations.RunPython.noop),
        migrations.AddConstraint(
            "wish",
            models.UniqueConstraint(
                fields=["operation", "kind", "about"],
                condition=~models.Q(kind=""),
                name="one_wish_of_each",
            ),
        ),
    ]
