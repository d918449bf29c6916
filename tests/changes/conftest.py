"""A provider of one operation of each kind, and short hands for pressing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.accounts.models import User
from apps.changes import machine, sweeps
from apps.changes.change import REGISTRY, Change
from apps.changes.engine import places, tokens
from apps.changes.models import Entry
from tests.changes import world as played
from tests.changes.pressing import again


@pytest.fixture(autouse=True)
def _no_broker(settings: Any) -> None:
    """Nobody is nudged unless a test starts a broker of its own; one that the suite was given has
    no worker behind it.
    """
    settings.REDIS_URL = ""


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> played.World:
    fresh = played.World()
    monkeypatch.setattr(played, "WORLD", fresh)
    for name, cls in played.KINDS.items():
        monkeypatch.setitem(REGISTRY, name, cls)
    return fresh


@pytest.fixture
def time_machine(time_machine: Any) -> Any:
    """Begins now, so that a test only says how far time goes on."""
    time_machine.move_to(datetime.now(UTC))
    return time_machine


@pytest.fixture
def later(time_machine: Any) -> Callable[..., None]:
    """Time goes on, the sweeps run."""

    def on(**span: float) -> None:
        time_machine.shift(timedelta(**span))
        sweeps.send_due()
        sweeps.settle_due()

    return on


@pytest.fixture
def many_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """An account with as many places as it has rows: only what a test is about holds them back."""
    monkeypatch.setattr(places, "AT_ONCE", 1000)


@pytest.fixture
def press(cast: Any) -> Callable[..., Entry]:
    """Submit as the owner, freshly signed in, with a token of its own; what happened since is read
    anew.
    """

    def pressed(change: Change, *, by: User | None = None, token: str = "", **named: Any) -> Entry:
        entry = machine.submit(
            change,
            by=by or cast.owner,
            token=token or tokens.mint(),
            **{"fresh_at": datetime.now(UTC)} | named,
        )
        return again(entry)

    return pressed
