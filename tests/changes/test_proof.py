"""What orders, access lists and one-time passwords come to when the provider, our copy or the
database fails at the worst moment: nothing lost, nothing called harmless that was not.

The short cut of each runs always; 25 of each: `pytest -m slow tests/changes/test_proof.py`.
"""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from apps.accounts.models import Account, Membership
from apps.changes import sweeps
from apps.changes.change import REGISTRY
from apps.changes.engine import given, rows
from apps.changes.models import Entry, Item
from apps.changes.states import State
from apps.sandbox import people
from apps.sandbox.models import Acl
from apps.sandbox.world.geography import exchanges
from tests.changes import proof as played
from tests.changes.pressing import again
from tests.changes.proof import Allow, Buy, MakeAccount

FEW, MANY = 2, pytest.param(25, marks=pytest.mark.slow)
times = pytest.mark.parametrize("times", [FEW, MANY])


@pytest.fixture
def proof(monkeypatch: pytest.MonkeyPatch, cast: Any, sandbox: Any) -> played.Ours:
    ours = played.Ours()
    monkeypatch.setattr(played, "OURS", ours)
    for name, cls in played.KINDS.items():
        monkeypatch.setitem(REGISTRY, name, cls)
    return ours


@pytest.fixture
def free() -> Iterator[str]:
    """Numbers in stock that can be ordered."""
    lines = itertools.chain.from_iterable(each.lines() for each in exchanges()["201"])
    return (number for number in lines if not number.endswith("96"))


def fails() -> str:
    lines = itertools.chain.from_iterable(each.lines() for each in exchanges()["201"])
    return next(number for number in lines if number.endswith("96"))


@pytest.fixture
def settled(time_machine: Any, sandbox: Any) -> Callable[[Entry], Entry]:
    """Time goes on, here and there, until nothing moves any more."""

    def run(entry: Entry) -> Entry:
        for minute in range(60):
            found = again(entry)
            if not found.moves:
                return found
            time_machine.shift(60 + minute * 10)
            sweeps.send_due()
            sweeps.settle_due()
        return again(entry)

    return run


@times
def test_an_order_whose_answer_is_lost_is_found_and_charged_once(
    changes: Any,
    cast: Any,
    sandbox: Any,
    proof: Any,
    press: Any,
    free: Any,
    settled: Any,
    times: int,
) -> None:
    for n in range(times):
        number = next(free)
        sandbox.lose_answer("orderCreate")
        entry = settled(press(Buy(cast.harbor, f"c{n}", numbers=[number])))
        assert (entry.state, number in proof.numbers) == (State.DONE, True)
    assert len(sandbox.charges(cast.harbor.number)) == times


@times
def test_an_order_that_was_done_before_its_502_is_never_called_harmless(
    changes: Any,
    cast: Any,
    sandbox: Any,
    proof: Any,
    press: Any,
    free: Any,
    settled: Any,
    times: int,
) -> None:
    for n in range(times):
        number = next(free)
        sandbox.fault("orderCreate", "status_after", status=502)
        entry = press(Buy(cast.harbor, f"c{n}", numbers=[number]))
        assert entry.state == State.DOUBT
        entry = settled(entry)
        assert (entry.state, number in proof.numbers) == (State.DONE, True)
    assert sandbox.count("orderCreate") == times  # a look told it, and no order was sent again
    assert len(sandbox.charges(cast.harbor.number)) == times


@times
def test_an_order_of_which_a_502_did_nothing_is_refused_after_one_whole_look(
    changes: Any,
    cast: Any,
    sandbox: Any,
    proof: Any,
    press: Any,
    free: Any,
    settled: Any,
    times: int,
) -> None:
    for n in range(times):
        sandbox.fault("orderCreate", "status", status=502)
        entry = press(Buy(cast.harbor, f"c{n}", numbers=[next(free)]))
        assert (entry.state, entry.reads_only) == (State.DOUBT, True)
        looks = sandbox.count("numbersList")
        entry = settled(entry)
        assert (entry.state, entry.status) == (State.REFUSED, 502)
        assert sandbox.count("numbersList") == looks + 1
    assert sandbox.count("orderCreate") == times
    assert sandbox.charges(cast.harbor.number) == []


def test_an_order_says_what_became_of_each_number_and_what_was_taken(
    changes: Any, cast: Any, sandbox: Any, proof: Any, press: Any, free: Any
) -> None:
    good, bad = next(free), fails()
    entry = press(Buy(cast.harbor, "cart", numbers=[good, bad]))
    assert (entry.state, entry.charged) == (State.PARTLY, 500_000)
    results = {item.subject: (item.state, bool(item.said)) for item in Item.objects.all()}
    assert results == {good: (State.DONE, False), bad: (State.REFUSED, True)}
    assert proof.numbers == {good}
    assert proof.read_again == 1


def test_an_order_of_which_every_number_failed_is_refused_with_each_reason(
    changes: Any, cast: Any, sandbox: Any, proof: Any, press: Any
) -> None:
    bad = fails()
    entry = press(Buy(cast.harbor, "cart", numbers=[bad]))
    assert (entry.state, entry.charged, proof.numbers) == (State.REFUSED, None, set())
    assert entry.said.startswith(f"{bad}: ")
    assert Item.objects.get().state == State.REFUSED


def test_a_number_that_another_order_got_is_not_taken_for_this_one_s(
    changes: Any, cast: Any, sandbox: Any, proof: Any, press: Any, free: Any, settled: Any
) -> None:
    good = next(free)
    first = press(Buy(cast.harbor, "first", numbers=[good]))
    assert first.state == State.DONE
    proof.numbers.clear()  # our copy lost it, so that only the first order's result tells
    sandbox.lose_request("orderCreate", times=None)
    second = settled(press(Buy(cast.harbor, "second", numbers=[good])))
    assert second.state == State.ABSENT
    assert len(sandbox.charges(cast.harbor.number)) == 1


@times
def test_an_access_list_that_took_only_a_part_says_which(
    changes: Any, cast: Any, sandbox: Any, proof: Any, press: Any, times: int
) -> None:
    known = "203.0.113.0/24"
    Acl.objects.get_or_create(account=cast.harbor.number, cidr=known)
    for n in range(times):
        new = f"198.51.{100}.{n}/32"
        entry = press(Allow(cast.harbor, cast.harbor.number, cidrs=[known, new]))
        assert (entry.state, proof.access >= {new}) == (State.PARTLY, True)
        assert known in entry.said
        results = dict(entry.items.values_list("subject", "state"))
        assert results == {new: State.DONE, known: State.REFUSED}
    assert proof.read_again == times


def test_an_access_list_that_took_nothing_is_refused_with_each_reason(
    changes: Any, cast: Any, sandbox: Any, proof: Any, press: Any
) -> None:
    known = ["203.0.113.0/24", "198.51.100.7/32"]
    for cidr in known:
        Acl.objects.get_or_create(account=cast.harbor.number, cidr=cidr)
    entry = press(Allow(cast.harbor, cast.harbor.number, cidrs=known))
    assert (entry.state, proof.access) == (State.REFUSED, set())
    assert all(cidr in entry.said for cidr in known)
    assert set(entry.items.values_list("state", flat=True)) == {State.REFUSED}


@times
def test_a_copy_that_breaks_loses_no_outcome_and_is_read_again(
    changes: Any, cast: Any, sandbox: Any, proof: Any, press: Any, free: Any, times: int
) -> None:
    proof.breaks = True
    for n in range(times):
        entry = press(Buy(cast.harbor, f"c{n}", numbers=[next(free)]))
        assert (entry.state, entry.copy_stale, entry.charged) == (State.DONE, True, 500_000)
    assert proof.read_again == times
    assert len(sandbox.charges(cast.harbor.number)) == times


@pytest.fixture
def operator(cast: Any, sandbox: Any) -> Account:
    account = Account.objects.create(number=people.OPERATOR.username, name="Operator")
    account.set_key(people.key_of(account.number))
    account.save()
    Membership.objects.create(user=cast.owner, account=account, role="owner")
    return account


@times
def test_a_password_that_is_told_once_survives_a_copy_that_breaks(
    changes: Any, operator: Account, sandbox: Any, proof: Any, press: Any, times: int
) -> None:
    proof.breaks = True
    for n in range(times):
        entry = press(MakeAccount(operator, f"10000010{n:02}"))
        password = given.opened(entry)["password"]
        assert entry.state == State.DONE
        assert password
        assert password not in f"{entry.args}{entry.answer}{entry.said}{entry.what}"
        assert password.encode() not in bytes(entry.given)


@pytest.fixture
def commits_fail(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The database refuses the UPDATE that settles, as often as the list says; reads work."""
    left = [0]

    def refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if left[0] and sql.startswith('UPDATE "changes_entry"') and '"given"' in sql:
            left[0] -= 1
            raise OperationalError("disk full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield left


@times
def test_a_password_whose_commit_fails_for_a_moment_is_written_all_the_same(
    changes: Any,
    operator: Account,
    sandbox: Any,
    proof: Any,
    press: Any,
    commits_fail: list[int],
    monkeypatch: pytest.MonkeyPatch,
    times: int,
) -> None:
    monkeypatch.setattr(given, "EACH", 0.001)
    for n in range(times):
        commits_fail[0] = 3
        entry = press(MakeAccount(operator, f"10000020{n:02}"))
        assert (entry.state, bool(given.opened(entry)["password"])) == (State.DONE, True)


@times
def test_a_password_whose_commit_fails_for_long_waits_sealed_in_a_file_until_it_is_taken_in(
    changes: Any,
    operator: Account,
    sandbox: Any,
    proof: Any,
    press: Any,
    commits_fail: list[int],
    monkeypatch: pytest.MonkeyPatch,
    settings: Any,
    tmp_path: Any,
    times: int,
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(given, "TRIED_FOR", given.TRIED_FOR * 0)
    for n in range(times):
        commits_fail[0] = 10**6
        entry = press(MakeAccount(operator, f"10000030{n:02}"))
        commits_fail[0] = 0
        assert entry.state == State.SENDING
        (path,) = given.folder().glob("*.json")
        assert path.stat().st_mode & 0o077 == 0
        call_command("take_in")
        entry = rows.find(entry.pk)
        assert entry is not None
        password = given.opened(entry)["password"]
        assert (entry.state, bool(password)) == (State.DONE, True)
        assert not path.exists()
