"""What the first page and the search collect of numbers."""

from apps.accounts.models import Account, Membership
from apps.copies.models import Copy
from apps.numbers.models import NUMBERS, Number
from apps.numbers.search import Search, hits
from apps.ui.collected import Hit, Need
from apps.ui.format import phone


def needs(account: Account, membership: Membership) -> list[Need]:
    """A list that could not be read. One query."""
    failed = Copy.objects.of(account).filter(name=NUMBERS).exclude(failed="")
    return [
        Need("warn", why, "See the last known list", "/numbers/")
        for why in failed.values_list("failed", flat=True)
    ]


def find(account: Account, q: str, most: int) -> list[Hit]:
    """The account's numbers that match what was typed, as the list's own search. Two queries."""
    if not q.strip():
        return []
    found = hits(account, Search.of(q), None, None, routed=False)
    rows = Number.objects.of(account).filter(pk__in=found).order_by("number")[:most]
    return [Hit("Number", phone(row.number), row.label, f"/numbers/{row.number}/") for row in rows]
