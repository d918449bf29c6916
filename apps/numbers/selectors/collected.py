"""What Home and the search collect of numbers."""

from apps.accounts.models import Account, Membership
from apps.copies.models import Copy
from apps.copies.selectors import not_refreshed
from apps.copies.source import SOURCES
from apps.numbers.models import NUMBERS, Number
from apps.numbers.search import Search, hits
from apps.ui.collected import Harm, Hit, Need
from apps.ui.format import phone


def needs(account: Account, membership: Membership) -> list[Need]:
    """A list that couldn't be refreshed. One query."""
    if not account.connected:
        return []
    return [
        Need(
            "warn",
            not_refreshed(account, SOURCES[NUMBERS], copy),
            "View numbers",
            "/numbers/",
            copy.read_at,
            Harm.HYGIENE,
        )
        for copy in Copy.objects.of(account).filter(name=NUMBERS).exclude(failed="")
    ]


def find(account: Account, q: str, most: int) -> list[Hit]:
    """The account's numbers that match what was typed, as the list's own search. Two queries."""
    if not q.strip():
        return []
    found = hits(account, Search.of(q), None, None, routed=False)
    rows = Number.objects.of(account).filter(pk__in=found).order_by("number")[:most]
    return [Hit("Number", phone(row.number), row.label, f"/numbers/{row.number}/") for row in rows]
