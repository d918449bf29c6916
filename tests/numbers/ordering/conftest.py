"""Harbor Dental with its balance and rates read, so that it can order."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts import access, profiles
from apps.accounts.models import Account
from apps.notifications.models import Notice


@pytest.fixture(autouse=True)
def _here_and_now(changes: Any) -> None:
    """A change is sent within its POST."""


@pytest.fixture
def shopper(harbor: Account, cast: Any, sign_in: Callable[..., Client]) -> Client:
    """A manager of Harbor Dental's, whose price VoiceTel has told."""
    assert profiles.write(harbor, access.client_for(harbor).account.get())
    return sign_in(cast.manager)


@pytest.fixture
def notices() -> Callable[[], list[Any]]:
    """What was told to anybody since the test began, oldest first."""
    began = Notice.objects.across_people().order_by("-pk").values_list("pk", flat=True).first() or 0
    return lambda: list(Notice.objects.across_people().filter(pk__gt=began).order_by("pk"))
