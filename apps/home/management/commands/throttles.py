"""`manage.py throttles [--write]`: the table of throttles; --write renews it in
docs/security.md.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from apps.home import throttles


class Command(BaseCommand):
    help = "Prints every throttle with its number. --write: renew the table in docs/security.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["write"]:
            self.stdout.write(throttles.table())
            return
        file = settings.BASE_DIR / "docs" / "security.md"
        file.write_text(throttles.put_into(file.read_text()))
