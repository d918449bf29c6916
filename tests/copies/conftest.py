"""The toy's list is registered, and Harbor's copy of it is read once."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.accounts import access
from apps.accounts.models import Account
from apps.copies.services import Outcome, look
from apps.copies.source import SOURCES
from apps.voicetel import clock
from apps.voicetel.client import Client
from tests.copies.toy import TOYS

BLOCKS = {f"198.51.{n}.0/24" for n in range(100, 104)}


@pytest.fixture(autouse=True)
def _no_broker(settings: Any) -> None:
    """Sweeps read here: a broker that the suite was given has no worker behind it."""
    settings.REDIS_URL = ""


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SOURCES, "toys", TOYS)


@pytest.fixture
def there(cast: Any, sandbox: Any, toys: None) -> Client:
    """The provider's side of the list, which holds BLOCKS."""
    client = access.client_for(cast.harbor)
    if old := client.acl.list():
        client.acl.remove(old)
    client.acl.add(sorted(BLOCKS))
    return client


@pytest.fixture
def harbor(cast: Any, there: Client) -> Account:
    """Harbor Dental, its list read."""
    assert look(cast.harbor, TOYS) == Outcome.TAKEN
    return cast.harbor


@pytest.fixture
def later() -> Callable[[float], None]:
    """Time goes on, for due times and ages."""
    return clock.advance
