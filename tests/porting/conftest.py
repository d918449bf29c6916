"""What the tests of porting share: Harbor Dental with its copies read once, and a draft whose
numbers are checked and whose bill is filled in.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Account
from apps.changes.models import Entry
from apps.copies.services import Outcome, look
from apps.numbers import sources as of_numbers
from apps.porting import sending, sources
from apps.porting.models import Draft, Group
from apps.porting.services import checks, drafts, reading
from apps.voicetel import breaker, clock
from tests.changes.pressing import again
from tests.porting.ready import BILL, NUMBERS


@pytest.fixture(autouse=True)
def _no_broker(settings: Any) -> None:
    """Sweeps do here what workers do: a broker that the suite was given has none behind it."""
    settings.REDIS_URL = ""


@pytest.fixture
def harbor(cast: Any, sandbox: Any) -> Account:
    """Harbor Dental, its numbers and ports read."""
    breaker.forget()
    for source in (of_numbers.numbers, of_numbers.gateways, sources.ports):
        assert look(cast.harbor, source) == Outcome.TAKEN
    reading.read_due()
    account: Account = cast.harbor
    return account


@pytest.fixture
def manager(harbor: Account, cast: Any, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast.manager)


@pytest.fixture
def draft(harbor: Account, cast: Any) -> Draft:
    """Two numbers of one carrier, checked just now, on a bill that is filled in."""
    return ready_draft(harbor, cast, NUMBERS)


@pytest.fixture
def ready(harbor: Account, cast: Any) -> Callable[..., Draft]:
    """A draft of those numbers, checked, with every bill filled in."""
    return lambda *numbers: ready_draft(harbor, cast, numbers)


def ready_draft(account: Account, cast: Any, numbers: Any) -> Draft:
    found = drafts.read_numbers("\n".join(numbers))
    draft = drafts.start(account, cast.manager, "Riverside office", found)
    checks.run(account)
    for group in Group.objects.of(account).filter(draft=draft):
        group.account = account
        drafts.save_bill(account, group, cast.manager, BILL, "4287", group.version)
    return draft


@pytest.fixture
def order(harbor: Account, cast: Any, changes: Any) -> Callable[..., list[Entry]]:
    """Press every order of a draft as the manager, and read what became of each."""

    def press(draft: Draft, **named: Any) -> list[Entry]:
        groups = list(Group.objects.of(harbor).filter(draft=draft).values_list("pk", flat=True))
        given = {"by": cast.manager, "fresh_at": datetime.now(UTC)} | named
        entries = sending.send(harbor, draft, given["by"], groups, given["fresh_at"])
        return [again(entry) for entry in entries]

    return press


@pytest.fixture
def both(sandbox: Any) -> Callable[[float], None]:
    """Time goes on, here and at VoiceTel."""

    def on(seconds: float) -> None:
        clock.advance(seconds)
        sandbox.advance(seconds)

    return on
