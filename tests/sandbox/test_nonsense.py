"""No input, however wrong, makes the provider fail or answer outside its document: each field of
each call, spoilt in turn.
"""

import copy
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from django.db import transaction

from apps.sandbox.database import ALIAS
from apps.sandbox.operations import BY_ID
from tests.sandbox import schema
from tests.sandbox.caller import Caller
from tests.sandbox.samples import SAMPLES, Sample

pytestmark = schema.needs_document

JUNK: tuple[Any, ...] = (
    None,
    "",
    "\x00\ud7ff'\"%_;--",
    "9" * 5000,
    -1,
    10**400,
    1.5,
    True,
    [],
    [None],
    {},
    {"a": {}},
    [["2015550110"]],
)
TEXT_JUNK = (
    "",
    "%00",
    "9" * 5000,
    "-1",
    "null",
    "2015550110,,",
    "٢٠١٥٥٥٠١١٠",
    "a\x00b",
    "1e9",
    "*",
)
GOOD = [sample for sample in SAMPLES if sample.status < 300]


def spoilt(value: Any, junk: Any) -> Iterator[Any]:
    """The value with each of its parts in turn replaced by junk; at last the whole."""
    if isinstance(value, dict):
        for name in value:
            for inner in spoilt(value[name], junk):
                yield {**copy.deepcopy(value), name: inner}
    elif isinstance(value, list):
        for place, item in enumerate(value[:1]):
            for inner in spoilt(item, junk):
                yield [*value[:place], inner, *value[place + 1 :]]
    yield junk


def calls(sample: Sample) -> Iterator[tuple[str, Any]]:
    row = BY_ID[sample.operation]
    path, _, query = sample.path(row).partition("?")
    tail = f"?{query}" if query else ""
    if sample.body is not None:
        for junk in JUNK:
            for body in spoilt(sample.body, junk):
                yield path + tail, body
    pairs = parse_qsl(query)
    for junk in TEXT_JUNK:
        for place, (name, _) in enumerate(pairs):
            yield (
                f"{path}?{urlencode([*pairs[:place], (name, junk), *pairs[place + 1 :]])}",
                sample.body,
            )
        for name in ("number", "id", "dn", "ani"):
            if "{" + name + "}" in row.path:
                where = {**sample.where, name: urlencode({"": junk})[1:] or "%20"}
                yield Sample(sample.operation, 0, where=where).path(row) + tail, sample.body


@pytest.mark.parametrize(
    "sample", GOOD, ids=lambda sample: f"{sample.operation} {sample.why}".strip()
)
def test_nonsense_is_refused_in_the_envelope(sandbox: Any, sample: Sample) -> None:
    caller = Caller(sample.account)
    row = BY_ID[sample.operation]
    sandbox.set_account(sample.account, cash=10**12)
    for setup in sample.first:
        setup(sandbox, caller)
    seen = set()
    for path, body in calls(sample):
        with transaction.atomic(using=ALIAS):  # each call finds the world as it was
            answer = caller(row.method, path, body)
            transaction.set_rollback(True, using=ALIAS)
        assert answer.status_code < 500, (path[:200], body, answer.text[:300])
        # one of each refusal is enough
        if answer.status_code not in seen or answer.status_code < 300:
            seen.add(answer.status_code)
            if answer.status_code not in {404, 405}:  # an empty segment is another address
                schema.check(
                    sample.operation,
                    answer.status_code,
                    answer.content,
                    lacking=sample.lacking | {"value"},
                )
