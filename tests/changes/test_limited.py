"""Changes whose operation VoiceTel limits, or that it can't serve: whom that costs what."""

from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.models import Account
from apps.changes import selectors, services, sweeps
from apps.changes.engine import tokens
from apps.changes.models import Entry
from apps.changes.states import PUT_OFFS, State
from apps.copies.services import look
from apps.numbers import sources
from apps.numbers.changes import SetForward
from apps.voicetel import breaker, clock
from apps.voicetel.client import errors
from apps.voicetel.hour import limits
from tests.changes.pressing import again
from tests.changes.world import Keep, World, raises

TO = "9175550142"


@pytest.fixture
def numbers(cast: Any, sandbox: Any) -> dict[int, list[str]]:
    """Each account's numbers, by its primary key."""
    for module in (breaker, limits):
        module.forget()
    found = {}
    for account in (cast.harbor, cast.northwind):
        look(account, sources.numbers)
        found[account.pk] = sandbox.numbers_of(account.number)
    return found


def forward(press: Any, cast: Any, account: Account, number: str) -> Entry:
    by = cast.owner if account == cast.harbor else cast.stranger
    return press(SetForward(account, number, to=TO), by=by)  # type: ignore[no-any-return]


def test_a_customers_429_costs_another_customer_nothing(
    changes: Any, cast: Any, sandbox: Any, press: Any, numbers: Any
) -> None:
    sandbox.fault(
        "numbersForwardSet", "rate_limit", times=None, seconds=20, account=cast.harbor.number
    )
    for number in numbers[cast.harbor.pk][:5]:
        assert forward(press, cast, cast.harbor, number).state == State.NOT_SENT
    for number in numbers[cast.northwind.pk][:10]:
        assert forward(press, cast, cast.northwind, number).state == State.DONE
    tried = [seen for seen in sandbox.requests("numbersForwardSet") if seen.status == 429]
    assert len(tried) == 1, "what VoiceTel asked for is obeyed"


@pytest.mark.parametrize("kind", ["status", "html", "drop_after"])
def test_a_customer_whom_voicetel_cannot_serve_costs_another_customer_nothing(
    changes: Any, cast: Any, sandbox: Any, press: Any, numbers: Any, kind: str
) -> None:
    """Its reads fail and its changes fail, one after the other, with nothing of others between."""
    sandbox.fault("*", kind, times=None, status=502, account=cast.harbor.number)
    for number in numbers[cast.harbor.pk][:8]:
        forward(press, cast, cast.harbor, number)
        look(cast.harbor, sources.numbers)
        sweeps.settle_due(everything=True)
    for number in numbers[cast.northwind.pk][:10]:
        assert forward(press, cast, cast.northwind, number).state == State.DONE
        look(cast.harbor, sources.numbers)
    assert look(cast.northwind, sources.numbers).value == "taken"
    sandbox.clear_faults()
    for _ in range(8):
        clock.advance(31)
        sweeps.settle_due(everything=True)
        sweeps.send_due(everything=True)
    unsettled = Entry.objects.of(cast.harbor).exclude(state=State.DONE)
    assert not unsettled.exists(), list(unsettled.values("state", "said"))


def test_a_later_press_overtakes_none_that_waits(
    changes: Any, cast: Any, sandbox: Any, press: Any, numbers: Any
) -> None:
    harbors, norths = numbers[cast.harbor.pk], numbers[cast.northwind.pk]
    sandbox.fault("numbersForwardSet", "rate_limit", times=2, seconds=20)
    early = [
        forward(press, cast, cast.harbor, harbors[0]),
        forward(press, cast, cast.northwind, norths[0]),
        forward(press, cast, cast.harbor, harbors[1]),
    ]
    clock.advance(21)
    sandbox.advance(21)
    late = forward(press, cast, cast.northwind, norths[1])
    assert late.state == State.NOT_SENT
    for _ in range(4):
        sweeps.send_due()
        clock.advance(21)
    assert {again(entry).state for entry in [*early, late]} == {State.DONE}
    sent = [seen.account for seen in sandbox.requests("numbersForwardSet") if seen.status < 300]
    assert sent[0] == cast.harbor.number


def test_a_change_that_is_put_off_ten_times_ends_as_not_sent(
    changes: Any, cast: Any, world: World, press: Any, time_machine: Any
) -> None:
    def limited(_: Any) -> Any:
        at = clock.about_now() + timedelta(minutes=5)
        raise errors.RateLimited("slow down", retry_at=at)

    world.script = [limited for _ in range(PUT_OFFS + 5)]
    entry = press(Keep(cast.harbor, "x", value="new"))
    for _ in range(PUT_OFFS + 5):
        time_machine.shift(timedelta(minutes=5, seconds=1))
        sweeps.send_due()
    entry = again(entry)
    assert (entry.state, entry.sent_at, len(world.calls)) == (State.CLOSED, None, PUT_OFFS)
    assert "Nothing changed" in entry.said
    assert "Not sent" in f"{selectors.sentence(entry)} {entry.said}"
    assert "x" not in world.kept


def test_a_change_that_a_person_sends_again_may_be_put_off_again(
    changes: Any, cast: Any, world: World, press: Any, time_machine: Any
) -> None:
    retry_at = clock.about_now() + timedelta(minutes=5)
    world.script = [raises(errors.RateLimited("slow down", retry_at=retry_at))]
    entry = press(Keep(cast.harbor, "x", value="new"))
    Entry.objects.of(cast.harbor).update(put_off=PUT_OFFS - 1)
    time_machine.move_to(retry_at + timedelta(minutes=16))
    sweeps.send_due()
    entry = again(entry)
    assert entry.state == State.ASK
    answers = selectors.list_answers(entry)
    services.answer(
        entry, answers[0].value, by=cast.owner, token=tokens.mint(), fresh_at=clock.about_now()
    )
    assert again(entry).put_off == 0
