"""What Home and the search collect of numbers."""

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Substr

from apps.accounts.models import Account, Membership
from apps.accounts.roles import Right, allows
from apps.copies.models import Copy
from apps.copies.selectors import not_refreshed
from apps.copies.source import SOURCES
from apps.numbers.international import AREAS, DIRECTORY, PREMIUM_EXCHANGE, TOLL_FREE, dear
from apps.numbers.models import NUMBERS, Number
from apps.numbers.search import Search, hits
from apps.numbers.thing import NUMBER
from apps.ui.collected import Harm, Hit, Need
from apps.ui.format import phone

NEEDED = 5  # numbers, on Home


def needs(account: Account, membership: Membership) -> list[Need]:
    """A list that couldn't be refreshed, and calls that go where they cost more. A query each."""
    if not account.connected:
        return []
    return [*_unrefreshed(account), *_costly(account, membership)]


def _costly(account: Account, membership: Membership) -> list[Need]:
    """Until an owner says that they may, for whoever can end it."""
    if not allows(membership.role, Right.MANAGE):
        return []
    return [
        Need(
            "warn",
            f"Calls to {phone(row.number)}{f', {row.label},' if row.label else ''} are forwarded to"
            f" {costs.place}, which costs more.",
            "Review",
            f"{NUMBER.href(row.number)}#numbers-costs",
            row.changed_at,
            Harm.MONEY,
        )
        for row in costly_forwards(account)[:NEEDED]
        if (costs := dear(row.forward_to))
    ]


def costly_forwards(account: Account) -> QuerySet[Number]:
    """Numbers whose calls go where they cost more, of which no owner has said that they may.

    Along the index of forwarded numbers, whose first six digits tell.
    """
    parts = {
        "area": Substr("forward_to", 1, 3),
        "exchange": Substr("forward_to", 4, 3),
        "line": Substr("forward_to", 4),
    }
    ours = Q(area__in=AREAS)
    others = Q(exchange=PREMIUM_EXCHANGE) | Q(line=DIRECTORY)
    return (
        Number.objects.of(account)
        .filter(forward_to__gt="")
        .alias(**parts)
        .filter(ours | (others & ~Q(area__in=TOLL_FREE)))
        .exclude(cost_seen=F("forward_to"))
        .order_by("number")
    )


def _unrefreshed(account: Account) -> list[Need]:
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
