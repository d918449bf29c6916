"""What the tests of 911 addresses share: Harbor Dental with its numbers and its records read."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Account
from apps.copies.models import Copy
from apps.copies.services import Outcome, look
from apps.e911 import sources
from apps.e911.services import arrivals
from apps.numbers import sources as numbers
from apps.numbers.models import NUMBERS
from apps.voicetel import breaker, clock


@pytest.fixture(autouse=True)
def _no_broker(settings: Any) -> None:
    """Sweeps read here: a broker that the suite was given has no worker behind it."""
    settings.REDIS_URL = ""
    breaker.forget()


@pytest.fixture
def harbor(cast: Any, sandbox: Any) -> Account:
    """Harbor Dental: 20 of its 24 numbers have a record."""
    assert look(cast.harbor, numbers.numbers) == Outcome.TAKEN
    arrivals.follow(cast.harbor, Copy.objects.of(cast.harbor).get(name=NUMBERS))
    clock.advance(1)
    sandbox.advance(1)
    assert look(cast.harbor, sources.records) == Outcome.TAKEN
    return cast.harbor


@pytest.fixture
def manager(harbor: Account, cast: Any, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast.manager)


@pytest.fixture
def viewer(harbor: Account, cast: Any, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast.viewer)
