"""Looks at Harbor's list whose answer a test makes up."""

from collections.abc import Iterable

from apps.accounts.models import Account
from apps.copies import claims
from apps.copies.models import Copy
from apps.copies.services import Outcome, take_in
from apps.numbers import sources
from apps.numbers.services.shape import shape_all
from apps.voicetel import clock
from apps.voicetel.client.records.numbers import Number as Record

# Harbor's: one with inbound SMS and no forwarding, one forwarded to 2015550199
FIRST, FORWARDED = "2015550110", "2015550113"
FRAGMENT = {"HTTP_HX_REQUEST": "true"}


def take(account: Account, records: Iterable[Record]) -> Outcome:
    """A look whose answer is this list."""
    asked = clock.now()
    token = claims.claim(account, sources.numbers.name, asked)
    assert token
    return take_in(account, sources.numbers, token, asked, shape_all(records)[0])


def copy_of(account: Account) -> Copy:
    """The row of the account's copy of its numbers."""
    return Copy.objects.of(account).get(name=sources.numbers.name)
