"""A database of the release before this one, with changes in every state, is carried over whole."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from apps.accounts.models import Account
from apps.changes import selectors
from apps.changes.engine import rows
from apps.changes.models import Entry
from apps.changes.states import State
from apps.numbers.changes import SetForward, StopForward
from apps.numbers.models import Number

# where commit f2f0661 stood
OLD = [
    ("accounts", "0004_due_by_wishes"),
    ("audit", "0001_initial"),
    ("changes", "0001_initial"),
    ("copies", None),
    ("numbers", "0003_missed_gateways"),
    ("running", None),
    ("home", "0002_lease_holder"),
]
AT = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
KEPT = ("kind", "subject", "what", "args", "before", "answer", "price", "token", "by_name", "state")
KEPT += ("said", "status", "bound", "tries", "job", "created_at", "first_at", "sent_at", "due_at")


def leaves() -> list[tuple[str, str]]:
    return MigrationExecutor(connection).loader.graph.leaf_nodes()


def go_on() -> None:
    MigrationExecutor(connection).migrate(leaves())


@pytest.fixture
def old(transactional_db: None) -> Iterator[Any]:
    """The models as they were; whatever happens, the next test finds today's tables."""
    try:
        MigrationExecutor(connection).migrate(OLD)
        # what came since stands on what was taken back, so it's gone too
        loader = MigrationExecutor(connection).loader
        yield loader.project_state(list(loader.applied_migrations)).apps
    finally:
        go_on()


def entry(old: Any, account: Any, n: int, **fields: Any) -> Any:
    """Entry n: a change of number n, as the release before wrote it."""
    subject = f"201555{n:04}"
    written = {
        "account": account,
        "kind": "SetForward",
        "subject": subject,
        "lane": subject,
        "what": f"forward {subject} to (917) 555-0142",
        "args": {"to": "9175550142"},
        "before": {"to": ""},
        "print": "0" * 64,
        "token": f"token-{n}",
        "by_name": "Ruth Okafor",
        "created_at": AT + timedelta(seconds=n),
        "first_at": AT + timedelta(seconds=n),
    } | fields
    return old.get_model("changes", "Entry")._base_manager.create(**written)


def number(old: Any, account: Any, n: int, forward_to: str) -> None:
    subject = f"201555{n:04}"
    old.get_model("numbers", "Number")._base_manager.create(
        account=account, number=subject, reversed=subject[::-1], forward_to=forward_to
    )


def test_entries_of_every_state_are_carried_over_whole(old: Any) -> None:
    account = old.get_model("accounts", "Account").objects.create(number="1000000001")
    written = [
        entry(
            old,
            account,
            n,
            state=state.value,
            price=n,
            said=f"said {n}",
            tries=n,
            job=7 if n == 3 else None,
            bound=f"b{n}" if state == State.DONE else "",
            sent_at=None if state in {State.READY, State.NOT_SENT} else AT,
            due_at=AT + timedelta(minutes=1) if state in {State.READY, State.DOUBT} else None,
        )
        for n, state in enumerate(State)
    ]
    items = old.get_model("changes", "Item")._base_manager
    items.create(entry=written[3], subject="2015550003", state="done", said="here")
    before = list(
        old.get_model("changes", "Entry")._base_manager.order_by("pk").values_list("pk", *KEPT)
    )
    go_on()
    after = rows.rows().order_by("pk")
    assert list(after.values_list("pk", *KEPT)) == before
    assert {each.state for each in after} == set(State)
    for each in after:
        assert (each.thing, each.lane) == ("number", f"number:{each.subject}")
        assert (each.stood, each.charged, each.given, each.after) == (None, None, None, None)
    assert list(after[3].items.values_list("subject", "said")) == [("2015550003", "here")]


def test_what_was_done_before_can_be_undone_after(old: Any) -> None:
    account = old.get_model("accounts", "Account").objects.create(number="1000000001")
    done: dict[str, Any] = {"state": "done", "answer": {"to": "9175550142"}, "sent_at": AT}
    first = entry(old, account, 1, **done)
    again = entry(old, account, 2, before={"to": "9175550100"}, **done)
    older = entry(old, account, 3, **done)
    entry(old, account, 13, subject="2015550003", lane="2015550003", **done)
    elsewhere = entry(old, account, 4, **done)
    for n in (1, 2, 3):
        number(old, account, n, "9175550142")
    number(old, account, 4, "9175550199")
    go_on()
    here = Account.objects.get(number="1000000001")
    undos = {
        name: selectors.find_undo(rows.rows().get(pk=row.pk))
        for name, row in (("first", first), ("again", again), ("older", older), ("x", elsewhere))
    }
    assert undos == {
        "first": StopForward(here, "2015550001"),
        "again": SetForward(here, "2015550002", to="9175550100"),
        "older": None,
        "x": None,
    }
    assert Number.objects.of(here).count() == 4


def test_a_change_under_way_keeps_its_lane_before_those_pressed_after(old: Any) -> None:
    """A new row of the same number waits for the old one in doubt."""
    account = old.get_model("accounts", "Account").objects.create(number="1000000001")
    doubt = entry(old, account, 1, state="doubt", sent_at=AT, due_at=AT)
    go_on()
    here = Account.objects.get(number="1000000001")
    change = SetForward(here, "2015550001", to="9175550143")
    later = Entry(account=here, kind="SetForward", subject=change.subject, lane=change.lane())
    later.token = "later"
    later.save()
    assert rows.ahead_of(later) == rows.find(doubt.pk)
