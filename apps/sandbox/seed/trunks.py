"""How the seeded accounts' phone systems get in: types of authentication, and access lists."""

from apps.sandbox.models import Account, Acl
from apps.sandbox.people import HARBOR, NORTHWIND

TYPES = ((HARBOR, 2), (NORTHWIND, 1))
# The second of each is stale: nothing of the account's is there any more.
ENTRIES = (
    (HARBOR, "203.0.113.10/32"),
    (HARBOR, "203.0.113.11/32"),
    (HARBOR, "192.0.2.0/24"),
    (NORTHWIND, "198.51.100.0/24"),
    (NORTHWIND, "203.0.113.77/32"),
    (NORTHWIND, "192.0.2.128/32"),
)


def seed() -> None:
    """Northwind's system has no registration: it's let in by its address alone."""
    for person, kind in TYPES:
        Account.objects.filter(pk=person.username).update(auth_type=kind)
    Account.objects.filter(pk=NORTHWIND.username).update(agent="")
    Acl.objects.bulk_create([Acl(account=person.username, cidr=cidr) for person, cidr in ENTRIES])
