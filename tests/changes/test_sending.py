"""What an answer or an error says about the provider."""

import time
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.accounts.models import Account, Membership
from apps.changes import machine, selectors
from apps.changes.change import unpack
from apps.changes.engine import rows, sending
from apps.changes.states import LATE, State
from apps.voicetel import clock
from apps.voicetel.client import errors
from tests.changes import world as played
from tests.changes.pressing import again
from tests.changes.world import Keep, Order, World, broken, cut, lost, raises

CAME = {
    "budget": (errors.BudgetSpent("full", retry_at=played.in_an_hour()), State.NOT_SENT),
    "not sent": (errors.NotSent("no connection"), State.NOT_SENT),
    "limited": (errors.RateLimited("slow down", retry_at=played.in_an_hour()), State.NOT_SENT),
    "refused": (errors.Refused("no", status=400), State.REFUSED),
    "malformed": (errors.Malformed({"to": "ten digits"}), State.REFUSED),
    "unauthorized": (errors.Unauthorized("no", status=401), State.REFUSED),
    "balance": (errors.BalanceTooLow("no", status=402), State.REFUSED),
    "forbidden": (errors.Forbidden("no", status=403), State.REFUSED),
    "absent": (errors.Absent("no", status=404), State.REFUSED),
    "conflict": (errors.Conflict("no", status=409), State.REFUSED),
    "partly": (errors.PartlyDone("half", done=[1], failed=[2]), State.PARTLY),
    "twin": (errors.OutcomeUnknown("busy", status=409), State.DOUBT),
    "unknown": (errors.OutcomeUnknown("cut"), State.DOUBT),
    "likely": (errors.OutcomeUnknown("cut", status=201, likely_done=True), State.DOUBT),
    "unavailable": (errors.Unavailable("odd", status=502), State.DOUBT),
    "our own mistake": (ZeroDivisionError(), State.DOUBT),
}


@pytest.mark.parametrize("name", CAME)
def test_each_error_has_its_state(
    changes: Any, cast: Any, sandbox: Any, world: World, press: Any, name: str
) -> None:
    error, state = CAME[name]
    world.script = [raises(error)]
    entry = press(Order(cast.harbor, "cart", numbers=["2015551234"], shown=Decimal("0.5")))
    assert entry.state == state
    assert len(world.calls) == 1
    assert entry.said
    assert (entry.due_at is None) == (state in {State.REFUSED, State.PARTLY})


def test_every_class_of_the_error_tree_is_classified() -> None:
    def below(cls: type) -> set[type]:
        return {cls}.union(
            *(below(sub) for sub in cls.__subclasses__() if sub.__module__ == errors.__name__)
        )

    assert below(errors.VoiceTelError) - {errors.VoiceTelError} == {
        type(error) for error, _ in CAME.values() if isinstance(error, errors.VoiceTelError)
    }


def test_a_limit_says_when_it_goes_and_the_quarter_hour_counts_from_there(
    changes: Any, cast: Any, world: World, press: Any, time_machine: Any
) -> None:
    retry_at = clock.about_now() + timedelta(minutes=50)
    world.script = [raises(errors.RateLimited("slow down", retry_at=retry_at))]
    entry = press(Keep(cast.harbor, "x", value="new"))
    assert entry.due_at == entry.first_at == retry_at
    time_machine.move_to(retry_at + timedelta(seconds=20))
    from apps.changes import sweeps

    sweeps.send_due()
    assert again(entry).state == State.DONE
    assert len({key for _, _, key in world.calls}) == 1


def test_some_failed_numbers_make_it_partly_done(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    entry = press(
        Order(cast.harbor, "cart", numbers=["2015551234", "2015551296"], shown=Decimal(1))
    )
    assert (entry.state, entry.bound) == (State.PARTLY, "o0")
    assert selectors.sentence(entry) == "Some of it was done and some wasn't.", (
        "nothing is quoted where nothing was said"
    )


def test_our_copy_may_fail_but_the_outcome_may_not(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    world.copy_breaks = True
    entry = press(Keep(cast.harbor, "x", value="new"))
    assert (entry.state, entry.copy_stale, entry.answer) == (State.DONE, True, {"value": "new"})
    assert world.copy == {}


@pytest.mark.parametrize("odd", ["no \0 such", "no \ud800 such"])
def test_words_that_the_database_does_not_take_undo_no_refusal(
    changes: Any, cast: Any, world: World, press: Any, later: Any, odd: str
) -> None:
    world.script = [raises(errors.Refused(odd, status=400))]
    entry = press(Keep(cast.harbor, "x", value="new"))
    for _ in range(5):
        later(minutes=1)
    assert (again(entry).state, entry.status, entry.copy_stale) == (State.REFUSED, 400, False)
    assert entry.said in {"no  such", sending.UNKEPT}
    assert len(world.calls) == 1


def test_an_answer_that_the_database_does_not_take_is_done_all_the_same(
    changes: Any, cast: Any, world: World, press: Any, later: Any
) -> None:
    order = Order(cast.harbor, "cart", numbers=["2015551234"], shown=Decimal("0.5"))
    world.script = [lambda do: played.Bought("o\ud800", order.numbers)]
    entry = press(order)
    later(minutes=10)
    assert (again(entry).state, entry.bound, entry.said, entry.copy_stale) == (
        State.DONE,
        "",
        sending.UNKEPT,
        True,
    )
    assert len(world.calls) == 1


def test_a_pause_between_claim_and_socket_sends_nothing(
    changes: Any, cast: Any, sandbox: Any
) -> None:
    """A process that slept must not send: its claim may be another's by now."""
    from apps.numbers.changes import SetForward

    changes.later()
    number = sandbox.numbers_of("1000000001")[0]
    from apps.changes.engine import tokens

    entry = machine.submit(
        SetForward(cast.harbor, number, to="9175550000"), by=cast.owner, token=tokens.mint()
    )
    entry = again(entry)
    assert machine.claim(entry, unpack(entry))
    change = SetForward(cast.harbor, number, to="9175550000")
    late = sending.attempt(entry, change, time.monotonic() - LATE.total_seconds() - 0.1)
    assert (late.state, sandbox.count("numbersForwardSet")) == (State.NOT_SENT, 0)
    in_time = sending.attempt(entry, change, time.monotonic() - LATE.total_seconds() + 2)
    assert (in_time.state, sandbox.count("numbersForwardSet")) == (State.DONE, 1)


@pytest.mark.parametrize("lost_right", ["removed", "lowered", "disabled"])
def test_the_role_is_asked_again_before_the_sending(
    changes: Any, cast: Any, world: World, press: Any, lost_right: str
) -> None:
    changes.later()
    entry = press(Keep(cast.harbor, "x", value="new"), by=cast.manager)
    member = Membership.objects.filter(user=cast.manager)
    if lost_right == "removed":
        member.delete()
    elif lost_right == "lowered":
        member.update(role="viewer")
    else:
        cast.manager.is_active = False
        cast.manager.save()
    machine.run(entry.pk)
    assert (again(entry).state, world.calls) == (State.CLOSED, [])


def test_an_account_without_a_working_key_sends_nothing(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    Account.objects.filter(pk=cast.harbor.pk).update(key_state=Account.Key.DEAD)
    entry = press(Keep(cast.harbor, "x", value="new"))
    assert (entry.state, world.calls) == (State.REFUSED, [])
    assert "Settings" in entry.said
    assert entry.status is None, "these are our own words, not the provider's"


def test_a_401_that_the_gateways_confirm_marks_the_key_dead(
    changes: Any, cast: Any, sandbox: Any, press: Any
) -> None:
    from apps.numbers.changes import SetForward

    sandbox.rotate_key("1000000001")
    entry = press(SetForward(cast.harbor, sandbox.numbers_of("1000000001")[0], to="9175550000"))
    cast.harbor.refresh_from_db()
    assert (entry.state, cast.harbor.key_state) == (State.REFUSED, Account.Key.DEAD)


def test_a_401_for_another_reason_leaves_the_key_alone(
    changes: Any, cast: Any, sandbox: Any, press: Any
) -> None:
    from apps.numbers.changes import SetForward

    sandbox.refuse("numbersForwardSet", 401, message="Number not on account")
    entry = press(SetForward(cast.harbor, sandbox.numbers_of("1000000001")[0], to="9175550000"))
    cast.harbor.refresh_from_db()
    assert (entry.state, entry.said, cast.harbor.key_state) == (
        State.REFUSED,
        "Number not on account",
        Account.Key.LIVE,
    )


def test_a_row_of_another_release_asks_instead_of_crashing(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    changes.later()
    entry = press(Keep(cast.harbor, "x", value="new"))
    rows.rows().filter(pk=entry.pk).update(kind="Gone")
    machine.run(entry.pk)
    assert (again(entry).state, world.calls) == (State.ASK, [])


def test_running_a_row_twice_is_harmless(changes: Any, cast: Any, world: World, press: Any) -> None:
    entry = press(Keep(cast.harbor, "x", value="new"))
    machine.run(entry.pk)
    machine.run(entry.pk)
    machine.run(10**9)
    assert len(world.calls) == 1


def test_a_settling_that_comes_too_late_changes_nothing(
    changes: Any, cast: Any, world: World, press: Any
) -> None:
    changes.later()
    first = press(Keep(cast.harbor, "x", value="new"))
    assert machine.claim(first, unpack(first))
    rows.rows().filter(pk=first.pk).update(claim="another's")
    assert not machine.settle(
        first, Keep(cast.harbor, "x", value="new"), sending.Outcome(State.REFUSED, "no")
    )
    assert again(first).state == State.SENDING


@pytest.mark.parametrize("fault", [lost, cut, broken()])
def test_a_lost_answer_is_never_called_refused(
    changes: Any, cast: Any, world: World, press: Any, fault: Any
) -> None:
    world.script, world.blind = [fault], True
    entry = press(Keep(cast.harbor, "x", value="new"))
    assert (entry.state, len(world.calls)) == (State.DOUBT, 1)
