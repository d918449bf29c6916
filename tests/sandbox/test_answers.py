"""Answers that no ordinary call brings about: the hour that is spent, and the provider's own
failures. All in the document's shape.
"""

from typing import Any

import pytest

from apps.sandbox.operations import BY_ID, ROWS
from tests.sandbox import schema
from tests.sandbox.caller import Caller
from tests.sandbox.samples import OPERATOR, SAMPLES, UNREACHED

pytestmark = schema.needs_document

FAILING = [
    (row.id, status)
    for row in ROWS
    for status in sorted(row.refusals)
    if status >= 500 or (row.id, status) in UNREACHED
]
GOOD = {sample.operation: sample for sample in reversed(SAMPLES) if sample.status < 300}


@pytest.mark.parametrize("operation", [row.id for row in ROWS if row.limited])
def test_the_seventh_of_each_limited_operation_is_the_documents_429(
    sandbox: Any, operation: str
) -> None:
    sample, row = GOOD[operation], BY_ID[operation]
    caller = Caller(sample.account)
    answers = [caller(row.method, sample.path(row), sample.body) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 6 + [429]
    schema.check(operation, 429, answers[-1].content)


@pytest.mark.parametrize(("operation", "status"), FAILING)
def test_a_failure_on_the_providers_side_is_the_documents(
    sandbox: Any, operation: str, status: int
) -> None:
    sample, row = GOOD[operation], BY_ID[operation]
    sandbox.fault(operation, "status", status=status, message="Upstream failure")
    answer = Caller(sample.account)(row.method, sample.path(row), sample.body)
    assert answer.status_code == status
    schema.check(operation, status, answer.content)


def test_every_answer_of_the_document_is_checked_here_or_in_the_samples() -> None:
    checked = {(sample.operation, sample.status) for sample in SAMPLES} | set(FAILING)
    checked |= {(row.id, 401) for row in ROWS if not row.public} | {
        (row.id, 429) for row in ROWS if row.limited
    }
    document = {
        (name, int(status))
        for name, (_, _, what) in schema.operations().items()
        for status in what["responses"]
    }
    assert document - checked == set()
    assert OPERATOR in {sample.account for sample in SAMPLES}
