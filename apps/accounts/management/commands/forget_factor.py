"""`manage.py forget_factor EMAIL`: for who lost phone and recovery codes, after an operator made
sure who asks (docs/security.md).
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.signing_in import browsers, second
from apps.accounts.signing_in.people import find_by_address
from apps.audit.services import record
from apps.notifications.services import tell


class Command(BaseCommand):
    help = (
        "Removes two-step verification from a person and signs them out everywhere. Where an"
        " account requires it, they set it up again first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = find_by_address(options["email"])
        if user is None or not user.factor_at:
            raise CommandError("nobody with that address has two-step verification")
        second.forget(user)
        browsers.end_all(user)
        record(None, None, "factor_forgotten", user.email)
        tell(
            user,
            "security",
            what="Two-step verification was removed",
            where="by support, as they were asked to",
        )
        self.stdout.write(f"{user.email} signs in with the password alone now")
