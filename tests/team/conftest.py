import pytest
from django.test import Client

from tests.accounts.arriving import fresh


@pytest.fixture
def owner(cast) -> Client:
    return fresh("owner@harbor.test")
