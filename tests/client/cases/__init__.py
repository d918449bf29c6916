"""One good call of each of the 74 operations: how it is made, what leaves, what comes back, and
what the caller then has.
"""

from tests.client.cases import (
    account,
    e911,
    inventory,
    lookups,
    messaging,
    numbers,
    porting,
    support,
    trunking,
)
from tests.client.cases.base import Case

CASES: tuple[Case, ...] = (
    *account.CASES,
    *e911.CASES,
    *inventory.CASES,
    *lookups.CASES,
    *messaging.CASES,
    *numbers.CASES,
    *porting.CASES,
    *support.CASES,
    *trunking.CASES,
)
