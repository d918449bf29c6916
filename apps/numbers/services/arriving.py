"""Numbers arrive on the account by a change made here: they are listed at once, with the route and
the label that were asked for, before any list of VoiceTel's tells of them.
"""

from collections.abc import Mapping
from typing import NamedTuple

from django.db import transaction

from apps.accounts.models import Account
from apps.copies import claims
from apps.numbers.facets import Facets
from apps.numbers.models import NUMBERS, Gateway, Number
from apps.numbers.traits import LABELED
from apps.text import folded
from apps.voicetel import clock

LONGEST_FOLDED = 320


class Arrival(NamedTuple):
    """How a number arrives. route: a gateway's id."""

    route: int | None
    label: str = ""


def arrive(account: Account, arrivals: Mapping[str, Arrival]) -> None:
    """Write rows for numbers that were just ordered or added; one that is there already keeps what
    it has. A list that was asked for before does not take them away (refresh.written_since).
    """
    with transaction.atomic():
        copy = claims.locked(account, NUMBERS)
        held = Number.objects.of(account).filter(number__in=arrivals)
        known = set(held.values_list("number", flat=True))
        wanted = {each.route for each in arrivals.values()}
        routes = Gateway.objects.of(account).filter(gateway__in=wanted - {None})
        names = dict(routes.values_list("gateway", "address"))
        now, facets = clock.now(), Facets.load(copy.facts)
        new = [
            Number(
                account=account,
                number=number,
                reversed=number[::-1],
                label=each.label,
                folded=folded(each.label)[:LONGEST_FOLDED],
                route=each.route,
                gateway=names.get(each.route or 0, ""),
                traits=LABELED if each.label else 0,
                touched_at=now,
            )
            for number, each in arrivals.items()
            if number not in known
        ]
        Number.objects.of(account).bulk_create(new)
        for row in new:
            facets.came((row.traits, row.route), row.gateway)
        copy.facts, copy.touched_at = facets.dump(), now
        copy.save(update_fields=["facts", "touched_at"])
