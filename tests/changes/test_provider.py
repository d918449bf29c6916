"""A forward set through every fault of the provider: what the row says in the end is what the
provider has.
"""

from typing import Any

import pytest

from apps.changes import sweeps
from apps.changes.states import State
from apps.copies.services import look
from apps.numbers import sources
from apps.numbers.changes import SetForward
from apps.numbers.models import Number
from apps.voicetel import breaker, clock
from tests.changes.pressing import again

FAULTS: dict[str, tuple[dict[str, Any], State]] = {  # what happens, and how the row stands at once
    "drop_after": ({}, State.DONE),
    "status_after": ({"status": 502}, State.DONE),
    "html_after": ({}, State.DONE),
    "cut_body": ({}, State.DONE),
    "drop_before": ({}, State.DOUBT),
    "status": ({"status": 502}, State.DOUBT),
    "html": ({}, State.DOUBT),
    "garbage": ({}, State.DOUBT),
    "bad_gzip": ({}, State.DOUBT),
    "redirect": ({"location": "http://elsewhere.test/"}, State.DOUBT),
    "conflict": ({}, State.REFUSED),
    "rate_limit": ({}, State.NOT_SENT),
}


@pytest.fixture
def number(cast: Any, sandbox: Any) -> str:
    breaker.forget()
    look(cast.harbor, sources.numbers)
    return str(sandbox.numbers_of("1000000001")[0])


@pytest.mark.parametrize("kind", FAULTS)
def test_the_row_ends_as_the_provider_has_it(
    changes: Any, cast: Any, sandbox: Any, press: Any, number: str, kind: str
) -> None:
    options, at_once = FAULTS[kind]
    sandbox.fault("numbersForwardSet", kind, **options)
    entry = press(SetForward(cast.harbor, number, to="9175550142"))
    there = sandbox.number_of("1000000001", number).forward_to == "9175550142"
    # whether it was done is the sandbox's business: the row must only agree
    if kind in {"bad_gzip", "garbage"}:
        at_once = State.DONE if there else State.DOUBT
    assert (entry.state, there) == (at_once, at_once == State.DONE)
    for _ in range(8):
        clock.advance(600)
        sandbox.advance(600)
        sweeps.send_due()
        sweeps.settle_due()
    assert again(entry).state == (State.REFUSED if at_once == State.REFUSED else State.DONE)
    forwarded = "" if at_once == State.REFUSED else "9175550142"
    assert sandbox.number_of("1000000001", number).forward_to == forwarded
    assert Number.objects.of(cast.harbor).get(number=number).forward_to == forwarded
