from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from apps.voicetel import breaker, clock
from apps.voicetel.hour import limits, line
from tests.voicetel import clocks
from tests.voicetel.hour.desk import OPERATION, Desk


@pytest.fixture(autouse=True)
def _read_anew(_nothing_remembered: None) -> None:
    """Here it is tested how often these are read, so each test begins with none read."""
    for module in (breaker, limits, clock):
        module.forget()


@pytest.fixture
def set_clock(db: None, tmp_path: Path) -> Iterator[Callable[[float], None]]:
    """set_clock(300): the database's clock now shows five minutes more than it should."""
    shift = tmp_path / "shift"
    clocks.settable(connection, shift)
    yield lambda seconds: clocks.set_to(connection, shift, seconds)
    clocks.set_to(connection, shift, 0)


@pytest.fixture
def desk() -> Iterator[Desk]:
    found = Desk()
    line.serves(OPERATION, "test")(found)
    yield found
    del line._handlers[OPERATION, "test"]
