import pytest
from django.test import Client

from tests.accounts.arriving.walking_in import fresh


@pytest.fixture
def owner(cast) -> Client:
    return fresh("owner@harbor.test")
