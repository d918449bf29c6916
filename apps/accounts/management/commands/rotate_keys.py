"""`manage.py rotate_keys`: seal everything at rest anew with the newest of FIELD_KEYS, while the
portal runs.

Put the new key first in FIELD_KEYS, restart, run this, then drop the old key.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models

from apps.accounts import sealed

BATCH = 500
BOXES = ("secret", "seed")  # of an Authenticator's data


class Command(BaseCommand):
    help = (
        "Re-seals every encrypted column with the newest of FIELD_KEYS. Prints how many, and those"
        " that no key opens."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        done = lost = 0
        for model, field in sealed_columns():
            # all accounts', tenant tables included
            rows = model._base_manager.exclude(**{field: None}).order_by("pk")
            last = 0
            while page := list(rows.filter(pk__gt=last).values_list("pk", field)[:BATCH]):
                for pk, box in page:
                    last = pk
                    try:
                        fresh = sealed.reseal(bytes(box))
                    except sealed.Unsealable:
                        lost += 1
                        self.stderr.write(
                            f"{model._meta.label} {pk}: no key of FIELD_KEYS opens its {field}"
                        )
                        continue
                    # Only what was read is replaced: a key that was exchanged meanwhile stays.
                    done += rows.filter(pk=pk, **{field: box}).update(**{field: fresh})
        # a passkey is no secret
        boxed = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN)
        # allauth keeps its boxes as text in JSON
        for row in boxed.order_by("pk").iterator(BATCH):
            try:
                data = {
                    name: sealed.reseal(row.data[name].encode()).decode()
                    for name in BOXES
                    if name in row.data
                }
            except sealed.Unsealable:
                lost += 1
                self.stderr.write(f"{row._meta.label} {row.pk}: no key of FIELD_KEYS opens it")
                continue
            done += Authenticator.objects.filter(pk=row.pk, data=row.data).update(
                data=row.data | data
            )
        self.stdout.write(f"{done} sealed again, {lost} could not be opened")


def sealed_columns() -> list[tuple[type[models.Model], str]]:
    """Every column that holds a sealed box: a BinaryField whose name begins with `sealed`."""
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField) and field.name.startswith("sealed")
    ]
