"""What the copy of 911 records keeps of its rows, so that a page need not count them."""

import json
from typing import Any

from django.db.models import Count

from apps.accounts.models import Account
from apps.copies.models import Copy
from apps.e911.models import Record

CITIES = 12  # that the filter offers: those with the most numbers


def facts_of(copy: Copy | None) -> dict[str, Any]:
    """{"cities": [[city, numbers], ...], "numbers": version}: the cities with the most numbers, and
    the version of the list of numbers that our rows were last made for.
    """
    return {"cities": [], "numbers": -1} | (json.loads(copy.facts) if copy else {})


def count(copy: Copy, account: Account) -> None:
    """Count the cities anew, in the row that the caller saves."""
    cities = (
        Record.objects.of(account)
        .exclude(city="")
        .values_list("city")
        .annotate(many=Count("pk"))
        .order_by("-many", "city")[:CITIES]
    )
    copy.facts = json.dumps(facts_of(copy) | {"cities": [list(each) for each in cities]})
