"""Each of the 74 operations under the faults that decide what was done: nothing at all, or the very
same as without the fault.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import requests
from django.apps import apps
from django.db import connections, transaction

from apps.sandbox.database import ALIAS
from apps.sandbox.operations import BY_ID, ROWS
from tests.sandbox.caller import Caller
from tests.sandbox.samples import SAMPLES

BESIDE = {"sandbox_arrival", "sandbox_fault"}  # the log and the faults themselves
TABLES = sorted(model._meta.db_table for model in apps.get_app_config("sandbox").get_models())
WELL = {sample.operation: sample for sample in reversed(SAMPLES) if sample.status < 300}
# A success that leaves everything as it was: the mail of recovery is not played, and OWN has no
# forward to take away.
LEAVES_ALL = {"accountRecovery", "numbersForwardDelete"}


def state() -> dict[str, list[Any]]:
    with connections[ALIAS].cursor() as cursor:
        found = {}
        for table in TABLES:
            if table not in BESIDE:
                cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
                found[table] = cursor.fetchall()
        return found


def changed_by(call: Callable[[], Any]) -> set[str]:
    """The tables that differ afterwards; the world is then put back."""
    with transaction.atomic(using=ALIAS):
        before = state()
        with suppress(requests.RequestException):
            call()
        after = state()
        transaction.set_rollback(True, using=ALIAS)
    return {table for table in before if before[table] != after[table]}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_fault_before_does_nothing_and_one_after_does_all(sandbox: Any, row: Any) -> None:
    sample = WELL[row.id]
    caller = Caller(sample.account)
    for setup in sample.first:
        setup(sandbox, caller)

    def call() -> requests.Response:
        return caller(row.method, sample.path(BY_ID[row.id]), sample.body)

    done = changed_by(call)
    if row.changes and row.id not in LEAVES_ALL:
        assert done
    assert ("sandbox_charge" in done) is row.charges
    for kind, wanted in (
        *(
            (kind, set())
            for kind in ("drop_before", "status", "html", "rate_limit", "redirect", "conflict")
        ),
        *(
            (kind, done)
            for kind in (
                "drop_after",
                "status_after",
                "html_after",
                "cut_body",
                "garbage",
                "bad_gzip",
            )
        ),
    ):
        sandbox.clear_faults()
        sandbox.fault(row.id, kind)
        assert changed_by(call) == wanted, kind
