"""What looks for rows and then writes one does both under a lock: of many at once, one is
written.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from apps import locks
from apps.accounts import members
from apps.accounts.models import JoinRequest
from apps.audit.models import Event
from apps.changes import machine
from apps.changes.engine import tokens
from apps.changes.models import Entry
from apps.numbers.changes import SetForward
from apps.numbers.models import Number
from apps.numbers.services import rows
from tests.threads import at_once

TABS = 12
NUMBER = "2015550110"


@dataclass(frozen=True)
class Case:
    """One press, by the n-th tab, and how many rows all of them wrote."""

    press: Callable[[Any, int], object]
    written: Callable[[], int]


def forward(cast: Any, tab: int) -> None:
    change = SetForward(cast.harbor, NUMBER, to="9175550142")
    machine.submit(change, by=cast.manager, token=tokens.mint())


def label(cast: Any, tab: int) -> None:
    rows.label_number(cast.harbor, NUMBER, "Front desk", by=cast.manager)


def join(cast: Any, tab: int) -> None:
    members.claim(cast.stranger, cast.harbor.number, "a key")


CASES = {
    "one value pressed in every tab is one change": Case(
        forward, lambda: Entry.objects.across_accounts().count()
    ),
    "one label given in every tab is one event": Case(
        label, lambda: Event.objects.across_accounts().filter(action="number_labeled").count()
    ),
    "one person who asks to join is one request": Case(
        join, lambda: JoinRequest.objects.across_accounts().count()
    ),
}


@pytest.fixture
def number(cast: Any, messages: Any) -> None:
    Number.objects.of(cast.harbor).create(account=cast.harbor, number=NUMBER)


def pressed_in_every_tab(cast: Any, case: Case) -> int:
    together = Barrier(TABS)

    def press(tab: int) -> None:
        together.wait()
        case.press(cast, tab)

    at_once(press, TABS)
    return case.written()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_many_tabs_at_once_write_one_row(cast: Any, number: None, case: Case) -> None:
    assert pressed_in_every_tab(cast, case) == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_tabs_write_a_row_each(
    cast: Any, number: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control, where transactions run beside each other."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: there is no race to show")
    monkeypatch.setattr(locks, "hold", lambda name: None)
    assert pressed_in_every_tab(cast, CASES["one value pressed in every tab is one change"]) > 1
