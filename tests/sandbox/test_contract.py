"""Every operation's answers, against the provider's document: rows, statuses, schemas, named
properties.
"""

from typing import Any

import pytest

from apps.sandbox import people
from apps.sandbox.handlers import HANDLERS
from apps.sandbox.operations import BY_ID, ROWS
from tests.sandbox import schema
from tests.sandbox.caller import Caller
from tests.sandbox.samples import SAMPLES, UNREACHED

pytestmark = schema.needs_document


def test_the_rows_are_the_document_s_operations() -> None:
    theirs = {name: (method, path) for name, (method, path, _) in schema.operations().items()}
    assert {row.id: (row.method, row.path) for row in ROWS} == theirs


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_knows_the_document_s_statuses(row: Any) -> None:
    statuses = {int(status) for status in schema.operations()[row.id][2]["responses"]}
    assert {row.success, *row.refusals} == statuses


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_only_the_document_s_public_operations_need_no_key(row: Any) -> None:
    assert row.public is (schema.operations()[row.id][2].get("security") == [])


@pytest.mark.parametrize(
    "sample", SAMPLES, ids=lambda sample: f"{sample.operation} {sample.status} {sample.why}".strip()
)
def test_an_answer_is_as_the_document_says(sandbox: Any, sample: Any) -> None:
    caller = Caller(sample.account)
    for setup in sample.first:
        setup(sandbox, caller)
    row = BY_ID[sample.operation]
    answer = caller(row.method, sample.path(row), sample.body, headers=sample.headers)
    assert answer.status_code == sample.status, answer.text
    schema.check(sample.operation, sample.status, answer.content, lacking=sample.lacking)


def test_without_a_key_every_operation_but_three_is_refused_in_the_envelope(sandbox: Any) -> None:
    stranger = Caller("nobody", peer="127.0.0.9")
    for row in ROWS:
        if row.public:
            continue
        sandbox.reset() if row.limited else None
        answer = stranger(
            row.method,
            row.path.removeprefix("/v2.2").format(
                number="2015550110", id="1", dn="2015550110", ani="2015550111"
            ),
        )
        assert answer.status_code == 401, row.id
        schema.check(row.id, 401, answer.content)


def test_all_74_operations_are_sampled_with_every_answer_that_the_document_promises() -> None:
    assert set(HANDLERS) == set(BY_ID)
    assert len(BY_ID) == 74
    shown = {(sample.operation, sample.status) for sample in SAMPLES}
    elsewhere = {401, 429, 502}  # the key, the hour, and what only a fault brings about
    promised = {
        (row.id, status) for row in ROWS for status in {row.success, *row.refusals} - elsewhere
    }
    assert promised - shown == UNREACHED


def test_the_429_of_the_hour_is_in_the_envelope(sandbox: Any) -> None:
    caller = Caller(people.HARBOR.username)
    answers = [caller("GET", "/account") for _ in range(7)]
    schema.check("accountGet", 429, answers[-1].content)
