"""`manage.py demo_code [EMAIL]`: a code of the second step that works now.

In the demo nobody has the phone.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.signing_in import second
from apps.accounts.signing_in.people import find_by_address


class Command(BaseCommand):
    help = (
        "Prints a current code for a person's two-step verification. In the demo and in"
        " development only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", nargs="?", default="admin@demo.test")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("refused: outside the demo, codes come from people's own phones")
        user = find_by_address(options["email"])
        if user is None:
            raise CommandError(f"nobody has the address {options['email']}")
        if not second.list_factors(user, second.APP):
            raise CommandError(f"{user.email} has no two-step verification by code")
        code = second.present_code(user)
        if code is None:
            raise CommandError("the codes of this half minute were used: ask again in a moment")
        self.stdout.write(code)
