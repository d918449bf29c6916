"""`manage.py addresses`: the people whose email address isn't in the form that is kept, so that
nothing is mailed to them. `manage.py addresses OLD NEW` gives one of them another address.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from apps.accounts.models import User
from apps.accounts.signing_in import browsers
from apps.audit.services import record
from apps.emails import NotAnAddress, kept_address, kept_or_typed
from apps.notifications.services import tell


class Command(BaseCommand):
    help = (
        "Lists people whose address can't be emailed as it is kept. With OLD and NEW: changes a"
        " person's address, ends their sessions and password, and tells them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("old", nargs="?", help="the address as it is listed, to the letter")
        parser.add_argument("new", nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["old"]:
            self._change(options["old"], options["new"] or "")
            return
        rows = dict(User.objects.order_by("pk").values_list("email", "pk"))
        listed = [self._line(email, rows) for email in rows if kept_or_typed(email) != email]
        self.stdout.write("\n".join(listed) or "Every address is in the form that is kept.")

    def _line(self, email: str, rows: dict[str, int]) -> str:
        try:
            kept = kept_address(email)
        except NotAnAddress as why:
            return f"{email} (person {rows[email]}): {why}"
        other = rows.get(kept)
        return f"{email} (person {rows[email]}) is the mailbox {kept}" + (
            f", which person {other} has" if other else ""
        )

    def _change(self, old: str, new: str) -> None:
        try:
            address = kept_address(new)
        except NotAnAddress as why:
            raise CommandError(str(why)) from None
        with transaction.atomic():
            user = User.objects.filter(email=old).first()
            if user is None:
                raise CommandError(f"nobody has the address {old}")
            if User.objects.filter(email=address).exists():
                raise CommandError(f"someone has the address {address} already")
            user.email = address
            # whoever read the old address's mail may have chosen the password
            user.set_unusable_password()
            user.save(update_fields=["email", "password"])
            browsers.end_all(user)
            record(None, None, "address_changed", address, before=old, after=address)
            tell(user, "address_changed", before=old, after=address)
        self.stdout.write(
            f"{old} is {address} now. They set a new password by the link on the sign-in page."
        )
