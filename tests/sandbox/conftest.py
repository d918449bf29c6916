"""A caller of the sandbox that knows nothing of the portal: requests over the
in-process adapter.
"""

from typing import Any

import pytest

from apps.sandbox import people
from tests.sandbox.caller import Caller


@pytest.fixture
def harbor(sandbox: Any) -> Caller:
    return Caller(people.HARBOR.username)


@pytest.fixture
def northwind(sandbox: Any) -> Caller:
    return Caller(people.NORTHWIND.username)


@pytest.fixture
def quiet(sandbox: Any) -> Caller:
    return Caller(people.QUIET.username)


@pytest.fixture
def operator(sandbox: Any) -> Caller:
    return Caller(people.OPERATOR.username)
