"""Harbor Dental with its balance and rates read, so that it can order."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts import access, profiles
from apps.accounts.models import Account


@pytest.fixture(autouse=True)
def _here_and_now(changes: Any) -> None:
    """A change is sent within its POST."""


@pytest.fixture
def shopper(harbor: Account, cast: Any, sign_in: Callable[..., Client]) -> Client:
    """A manager of Harbor Dental's, whose price VoiceTel has told."""
    assert profiles.write(harbor, access.client_for(harbor).account.get())
    return sign_in(cast.manager)
