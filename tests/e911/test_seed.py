"""The demo's large account: nine of ten numbers with a record, at six places, one name too long."""

from collections import Counter

from apps.copies.models import Copy
from apps.copies.services import look
from apps.e911 import guides, sources
from apps.e911.models import Record
from apps.e911.services import arrivals
from apps.numbers import sources as numbers
from apps.numbers.models import NUMBERS
from apps.sandbox.seed import emergency
from apps.voicetel import clock


def test_northwind_has_gaps_places_and_a_name_that_voicetels_guide_forbids(cast, sandbox):
    emergency.seed()
    look(cast.northwind, numbers.numbers)
    arrivals.follow(cast.northwind, Copy.objects.of(cast.northwind).get(name=NUMBERS))
    clock.advance(1)
    look(cast.northwind, sources.records)
    rows = Record.objects.of(cast.northwind)
    assert Counter(rows.values_list("standing", flat=True)) == {
        Record.Standing.PROTECTED: 11,
        Record.Standing.NONE: 1,
    }
    long = [row for row in rows if len(row.caller_name) > guides.CALLER_NAME]
    assert len(long) == 1
