"""A number leaves the account by a change made here."""

from django.db import transaction

from apps.accounts.models import Account
from apps.copies import claims
from apps.numbers.facets import Facets
from apps.numbers.models import NUMBERS, Gone, Number
from apps.voicetel import clock


def remove(account: Account, number: str, how: Gone.How) -> None:
    """Take the number's row and its place in the counts away, and keep its label in Gone.

    A list that was asked for before doesn't bring it back (refresh.written_since).
    """
    with transaction.atomic():
        copy = claims.locked(account, NUMBERS)
        row = Number.objects.of(account).select_for_update().filter(number=number).first()
        now = clock.now()
        label = row.label if row else ""
        Gone.objects.of(account).create(
            account=account, number=number, at=now, how=how, label=label
        )
        if row:
            facets = Facets.load(copy.facts)
            facets.left(row.traits, row.route)
            copy.facts = facets.dump()
            row.delete()
        copy.touched_at = now
        copy.save(update_fields=["facts", "touched_at"])
