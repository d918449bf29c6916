"""What the tests of lookups share: Harbor Dental with its balance and rates read."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts import access, profiles
from apps.accounts.models import Account
from apps.voicetel import breaker


@pytest.fixture(autouse=True)
def _here_and_now(settings: Any, changes: Any) -> None:
    """A change is sent within its POST, and a broker that the suite was given has no worker."""
    settings.REDIS_URL = ""
    breaker.forget()


@pytest.fixture
def harbor(cast: Any, sandbox: Any) -> Account:
    """Harbor Dental, as `accountGet` tells it."""
    assert profiles.write(cast.harbor, access.client_for(cast.harbor).account.get())
    return Account.objects.get(pk=cast.harbor.pk)


@pytest.fixture
def manager(harbor: Account, cast: Any, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast.manager)


@pytest.fixture
def viewer(harbor: Account, cast: Any, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast.viewer)
