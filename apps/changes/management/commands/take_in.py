"""`manage.py take_in`: one-time answers that waited in files while the database was away."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.changes.engine import given


class Command(BaseCommand):
    help = "Takes in one-time answers (passwords, keys) that waited in files. Run it at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        for path in sorted(given.folder().glob("*.json")):
            said = "taken in" if given.take_in(path) else "left: its row has one, or is gone"
            self.stdout.write(f"{path.name}: {said}")
