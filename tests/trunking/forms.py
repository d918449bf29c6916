"""Test tools: what a page's form posts, and what is true at the provider."""

from typing import Any

from apps.accounts.models import Account
from apps.changes import sweeps
from apps.changes.engine import tokens
from apps.changes.models import Entry
from apps.sandbox.models import Acl
from apps.voicetel import clock

HARBOR, NORTHWIND = "1000000001", "1000000002"


def press(account: str = HARBOR, **typed: Any) -> dict[str, Any]:
    """What a form of the account's page posts."""
    return {"token": tokens.mint(), "account": account, **typed}


def listed(account: str = HARBOR) -> set[str]:
    """The access list at the provider."""
    return set(Acl.objects.filter(account=account).values_list("cidr", flat=True))


def settle(account: Account) -> set[str]:
    """Let what is in doubt be looked at until nothing moves. The states in which changes ended."""
    for _ in range(6):
        clock.advance(60)
        sweeps.settle_due()
        sweeps.send_due()
    return set(Entry.objects.of(account).values_list("state", flat=True))
