"""What the tests of jobs share: Harbor Dental with its 24 numbers read, and jobs that run in the
thread of the test.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Account
from apps.copies.services import Outcome, look
from apps.jobs.models import Job
from apps.jobs.turns import runner
from apps.numbers import sources
from apps.voicetel import clock
from tests.changes import world as played
from tests.changes.conftest import world as world


@pytest.fixture(autouse=True)
def _here(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker; rows are sent in this thread, which sees the test's transaction."""
    settings.REDIS_URL = ""
    monkeypatch.setattr(runner, "THREADS", 1)
    monkeypatch.setattr(runner, "LOOK", 0.0)


@pytest.fixture
def harbor(cast: Any, sandbox: Any) -> Account:
    """Harbor Dental, its 24 numbers and its gateways read."""
    for source in (sources.numbers, sources.gateways):
        assert look(cast.harbor, source) == Outcome.TAKEN
    return cast.harbor


@pytest.fixture
def manager(harbor: Account, cast: Any, sign_in: Callable[..., Client]) -> Client:
    return sign_in(cast.manager)


@pytest.fixture
def later() -> Callable[[float], None]:
    """Time goes on, for due times and leases."""
    return clock.advance


def again(job: Job) -> Job:
    """The job as its row says now."""
    return Job.objects.of(job.account_id).select_related("account", "by").get(pk=job.pk)


def ran(job: Job) -> Job:
    """The job after one turn."""
    assert runner.run(job.pk), "it was its turn"
    return again(job)


__all__ = ["again", "played", "ran"]
