"""The lists of the provider's that this app keeps a copy of."""

from apps.copies.source import Source, register
from apps.numbers.models import GATEWAYS, NUMBERS
from apps.numbers.pace import EVERY, STALE
from apps.numbers.services import gateways as of_gateways
from apps.numbers.services import refresh as of_numbers

numbers = register(
    Source(
        NUMBERS,
        "number",
        ask=of_numbers.ask,
        compare=of_numbers.compare,
        every=EVERY,
        stale=STALE,
        path="/numbers/",
    )
)
gateways = register(
    Source(
        GATEWAYS,
        "gateway",
        ask=of_gateways.ask,
        compare=of_gateways.Difference,
        every=EVERY,
        stale=STALE,
    )
)
