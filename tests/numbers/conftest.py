"""What the tests of numbers share: Harbor Dental with its copy read once, and people in front of
it.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Account
from apps.copies.services import Outcome, look
from apps.numbers import sources
from apps.voicetel import clock


@pytest.fixture(autouse=True)
def _no_broker(settings: Any) -> None:
    """Sweeps read here: a broker that the suite was given has no worker behind it."""
    settings.REDIS_URL = ""


@pytest.fixture
def harbor(cast: Any, sandbox: Any) -> Account:
    """Harbor Dental, its 24 numbers and its gateways read."""
    for source in (sources.numbers, sources.gateways):
        assert look(cast.harbor, source) == Outcome.TAKEN
    return cast.harbor


@pytest.fixture
def manager(harbor: Account, cast: Any, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast.manager)


@pytest.fixture
def viewer(harbor: Account, cast: Any, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast.viewer)


@pytest.fixture
def later() -> Callable[[float], None]:
    """Time goes on, for due times and ages."""
    return clock.advance
