"""`manage.py seed_demo`: the demo's people and accounts (README.md).

Run as often as you like: what is there stays.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.module_loading import import_string

from apps.accounts.models import Account, Membership, Profile, User
from apps.accounts.roles import Role
from apps.accounts.signing_in import second
from apps.home.showroom import furnish

# of the staff's second factor (README.md); `manage.py demo_code` reads it out
STAFF_SECRET = "JBSWY3DPEHPK3PXPDEMOVOICETELSTAF"  # noqa: S105


SHOWROOM = "1000000001"  # Harbor Dental, which has labels, activity and notifications


@dataclass(frozen=True)
class Seeded:
    """A person of the demo, the account they are on ("" for none), and as what."""

    email: str
    name: str
    number: str = ""
    role: Role = Role.OWNER
    staff: str = ""


PEOPLE = (
    Seeded("harbor@demo.test", "Ruth Okafor", "1000000001"),
    Seeded("manager@harbor.test", "Miguel Santos", "1000000001", Role.MANAGER),
    Seeded("billing@harbor.test", "Hanna Lind", "1000000001", Role.BILLING),
    Seeded("viewer@harbor.test", "Joel Price", "1000000001", Role.VIEWER),
    Seeded("northwind@demo.test", "Priya Raman", "1000000002"),
    Seeded("quiet@demo.test", "Walter Quist", "1000000003"),
    Seeded("admin@demo.test", "Portal administrator", "9000000001", staff=User.Staff.ADMIN),
    Seeded("support@demo.test", "Portal support", staff=User.Staff.SUPPORT),
)


class Command(BaseCommand):
    help = (
        "Seeds the demo's people and accounts. No call is made to the provider, and no key"
        " exchanged."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOCAL:
            raise CommandError("refused: people with a known password belong in the demo only")
        known = {
            person.username: person for person in import_string(f"{settings.DEMO_PROVIDER}.PEOPLE")
        }
        key_of = import_string(f"{settings.DEMO_PROVIDER}.key_of")
        password = import_string(f"{settings.DEMO_PROVIDER}.PASSWORD")
        # once: argon2 is slow on purpose. The rule for new passwords does not bind the demo's.
        hashed = make_password(password)
        with transaction.atomic():
            for seeded in PEOPLE:
                named = {"name": seeded.name, "staff": seeded.staff, "password": hashed}
                user, _ = User.objects.get_or_create(email=seeded.email, defaults=named)
                if user.is_staff and not user.factor_at:
                    second.set_secret(user, STAFF_SECRET)
                if seeded.number:
                    _connect(user, seeded, known[seeded.number], key_of(seeded.number))
            furnish(Account.objects.get(number=SHOWROOM))


def _connect(user: User, seeded: Seeded, person: Any, key: str) -> None:
    account, new = Account.objects.get_or_create(
        number=seeded.number, defaults={"name": person.name, "zone": person.zone}
    )
    if new:
        account.set_key(key)
        account.save(update_fields=["sealed_key", "key_state", "key_changed_at"])
        Profile.objects.create(account=account)
    Membership.objects.get_or_create(user=user, account=account, defaults={"role": seeded.role})
