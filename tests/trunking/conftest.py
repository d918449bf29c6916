"""What the tests of trunks share: Harbor Dental with its trunk read once, and people before it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Account
from apps.copies.services import Outcome, look
from apps.copies.source import SOURCES
from apps.trunking import services

LISTS = ("numbers", "gateways", "authentication", "access")


@pytest.fixture(autouse=True)
def _no_broker(settings: Any) -> None:
    """Sweeps read here: a broker that the suite was given has no worker behind it."""
    settings.REDIS_URL = ""


def read(account: Account) -> Account:
    """The account with everything of its trunk read."""
    for name in LISTS:
        assert look(account, SOURCES[name]) == Outcome.TAKEN
    assert services.read_registration(account)
    return account


@pytest.fixture
def harbor(cast: Any, sandbox: Any) -> Account:
    """Lax authentication, three ranges, two gateways, and a device that is the first of them."""
    return read(cast.harbor)


@pytest.fixture
def northwind(cast: Any, sandbox: Any) -> Account:
    """IP authentication, and no device registered."""
    return read(cast.northwind)


@pytest.fixture
def owner(harbor: Account, cast: Any, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast.owner)


@pytest.fixture
def manager(harbor: Account, cast: Any, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast.manager)


@pytest.fixture
def viewer(harbor: Account, cast: Any, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast.viewer)
