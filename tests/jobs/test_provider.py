"""A job whose provider loses answers, refuses, is away or has a new key: the sandbox's faults."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from apps.accounts.models import Account
from apps.changes import sweeps as changes
from apps.changes.models import Entry
from apps.jobs import services
from apps.jobs.models import Job
from apps.jobs.states import State
from apps.jobs.turns import runner
from apps.numbers.changes import SetForward
from apps.numbers.models import Number
from tests.jobs.conftest import again, ran

pytestmark = pytest.mark.usefixtures("changes")
NUMBERS = [f"20155501{at}" for at in range(10, 18)]
SETS = "numbersForwardSet"
TO = "9175550142"


@pytest.fixture
def job(harbor: Account, cast: Any) -> Job:
    draft = services.draft_same(SetForward(harbor, "", to=TO), NUMBERS, by=cast.manager)
    return services.start(draft, by=cast.manager, mark=draft.print, fresh_at=datetime.now(UTC))


def forwards(sandbox: Any, harbor: Account) -> list[str]:
    return [sandbox.number_of(harbor.number, number).forward_to for number in NUMBERS]


def states(job: Job) -> set[str]:
    mine = Entry.objects.of(job.account_id).filter(job=job.pk)
    return set(mine.values_list("state", flat=True))


def settled(job: Job, later: Callable[[float], None]) -> Job:
    """The job after its turns, with the sweeps between them."""
    for _ in range(12):
        runner.run(job.pk)
        job = again(job)
        if not job.open:
            return job
        later(70)
        changes.settle_due()
    return job


@pytest.mark.parametrize("kind", ["drop_after", "html_after", "drop_before", "html"])
def test_every_change_ends_as_the_provider_has_it_and_none_is_made_twice(
    kind: str, job: Job, sandbox: Any, harbor: Account, later: Callable[[float], None]
) -> None:
    sandbox.fault(SETS, kind, times=3)
    job = settled(job, later)
    assert job.state == State.DONE
    assert states(job) == {"done"}
    assert forwards(sandbox, harbor) == [TO] * 8
    ours = Number.objects.of(harbor).filter(number__in=NUMBERS)
    assert set(ours.values_list("forward_to", flat=True)) == {TO}
    again_ = 0 if kind.endswith("_after") else 3
    assert sandbox.count(SETS) == 8 + again_, "what arrived was not sent again"


def test_a_low_balance_at_the_provider_stops_it(job: Job, sandbox: Any, harbor: Account) -> None:
    sandbox.refuse(SETS, 402, times=1, message="Insufficient balance")
    job = ran(job)
    assert job.state == State.STOPPED
    assert states(job) == {"refused", "closed"}
    assert sandbox.count(SETS) == 1
    assert TO not in forwards(sandbox, harbor)


def test_a_new_key_at_the_provider_pauses_it_until_the_account_is_connected_again(
    job: Job, sandbox: Any, harbor: Account, cast: Any, later: Callable[[float], None]
) -> None:
    key = sandbox.rotate_key(harbor.number)
    job = ran(job)
    assert job.state == State.PAUSED
    assert "connection" in job.reason
    assert "sending" not in states(job)
    account = Account.objects.get(pk=harbor.pk)
    account.set_key(key)
    account.save()
    services.resume(again(job), by=cast.manager)
    job = settled(job, later)
    assert job.state == State.DONE
    assert forwards(sandbox, harbor).count(TO) >= 7, "one was declined for the old key at most"


def test_while_nothing_answers_it_waits_and_burns_nothing(
    job: Job, sandbox: Any, harbor: Account, later: Callable[[float], None]
) -> None:
    sandbox.down()
    runner.run(job.pk)
    assert "refused" not in states(job)
    sandbox.clear_faults()
    job = settled(job, later)
    assert job.state == State.DONE
    assert states(job) == {"done"}
    assert forwards(sandbox, harbor) == [TO] * 8
