"""Jobs on their pages: the preview, the start, the way it goes, what may be decided."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Account
from apps.changes.models import Entry
from apps.jobs import services
from apps.jobs.models import Job
from apps.jobs.states import State
from apps.numbers.changes import SetForward
from tests.jobs.conftest import again, ran
from tests.pages import flat

pytestmark = pytest.mark.usefixtures("changes")
NUMBERS = [f"20155501{at}" for at in range(10, 18)]
TO = "9175550142"


@pytest.fixture
def draft(harbor: Account, cast: Any) -> Job:
    return services.draft_same(SetForward(harbor, "", to=TO), NUMBERS, by=cast.manager)


@pytest.fixture
def job(draft: Job, cast: Any) -> Job:
    return services.start(draft, by=cast.manager, mark=draft.print, fresh_at=datetime.now(UTC))


def test_the_preview_says_what_changes_from_what_to_what(draft: Job, manager: Client) -> None:
    page = flat(manager.get(draft.href))
    assert "Change forwarding of" in page
    assert "Not forwarded" in page
    assert "(917) 555-0142" in page
    assert "Nothing has changed yet" in page


def test_a_press_starts_it_and_the_sandbox_shows_each_change(
    draft: Job, manager: Client, sandbox: Any, harbor: Account
) -> None:
    answer = manager.post(f"{draft.href}start/", {"mark": draft.print})
    assert (answer.status_code, answer.headers["Location"]) == (303, draft.href)
    assert ran(draft).state == State.DONE
    for number in draft.items:
        assert sandbox.number_of(harbor.number, number).forward_to == TO
    page = flat(manager.get(draft.href))
    assert "100% done" in page
    assert "Undo" in page


def test_a_viewer_sees_it_and_is_offered_nothing(job: Job, sign_in: Any, cast: Any) -> None:
    page = flat(sign_in(cast.viewer).get(job.href))
    assert "Change forwarding" in page
    assert "Pause" not in page


def test_the_page_asks_again_while_it_runs_and_stops_once_it_ended(
    job: Job, manager: Client
) -> None:
    part = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "jobs-job"}
    assert manager.get(job.href, **part).status_code == 200
    ran(job)
    answer = manager.get(job.href, **part)
    assert answer.status_code == 286
    assert answer.headers["HX-Trigger"] == "job-ended"


def test_one_undo_restores_the_sandbox(
    job: Job, manager: Client, sandbox: Any, harbor: Account
) -> None:
    was = {number: sandbox.number_of(harbor.number, number).forward_to for number in NUMBERS}
    ran(job)
    answer = manager.post(f"{job.href}undo/")
    undo = Job.objects.of(harbor).latest("pk")
    assert answer.headers["Location"] == undo.href
    assert undo.undoes == job
    assert f"Undo job {job.pk}" in flat(manager.get(undo.href))
    manager.post(f"{undo.href}start/", {"mark": undo.print})
    assert ran(undo).state == State.DONE
    now = {number: sandbox.number_of(harbor.number, number).forward_to for number in NUMBERS}
    assert now == was


def test_an_undo_leaves_out_what_was_changed_again_and_says_so(
    job: Job, manager: Client, cast: Any, harbor: Account
) -> None:
    from apps.changes import machine
    from apps.changes.engine import tokens

    ran(job)
    mine = SetForward(harbor, job.items[0], to="2015550188")
    machine.submit(mine, by=cast.owner, token=tokens.mint())
    manager.post(f"{job.href}undo/")
    undo = Job.objects.of(harbor).latest("pk")
    assert undo.total == job.total - 1
    assert "1 more selected is left out: changed again since" in flat(manager.get(undo.href))


def test_the_declined_can_be_tried_again_as_a_job_of_their_own(
    job: Job, manager: Client, sandbox: Any, harbor: Account
) -> None:
    sandbox.refuse("numbersForwardSet", 409, times=2, message="Number is currently porting")
    ran(job)
    page = flat(manager.get(job.href))
    assert "Retry 2" in page
    assert "Number is currently porting" in page
    manager.post(f"{job.href}retry/")
    retry = Job.objects.of(harbor).latest("pk")
    assert (retry.total, retry.retries) == (2, job)
    manager.post(f"{retry.href}start/", {"mark": retry.print})
    ran(retry)
    for number in job.items:
        assert sandbox.number_of(harbor.number, number).forward_to == TO


def test_the_list_takes_three_queries_however_many_jobs_there_are(
    job: Job, manager: Client, cast: Any, harbor: Account
) -> None:
    ran(job)
    with_one = _queries(manager)
    for at in range(4):
        more = services.draft_same(
            SetForward(harbor, "", to=f"917555010{at}"), NUMBERS, by=cast.manager
        )
        services.start(more, by=cast.manager, mark=more.print, fresh_at=None)
        ran(more)
    assert _queries(manager) == with_one


def _queries(browser: Client) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser.get("/jobs/")
    with CaptureQueriesContext(connection) as queries:
        assert b"Change forwarding" in browser.get("/jobs/").content
    return len(queries)


def test_the_page_of_a_job_takes_as_many_queries_for_eight_changes_as_for_two(
    job: Job, manager: Client, cast: Any, harbor: Account
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    few = services.draft_same(SetForward(harbor, "", to="9175550177"), NUMBERS[:2], by=cast.manager)
    services.start(few, by=cast.manager, mark=few.print, fresh_at=None)
    counts = []
    for each in (job, few):
        ran(each)
        manager.get(each.href)
        with CaptureQueriesContext(connection) as queries:
            manager.get(each.href)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_changes_of_a_job_come_as_a_file(job: Job, manager: Client) -> None:
    ran(job)
    answer = manager.get(f"{job.href}export.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == job.total + 1
    assert "(201) 555-0110" in lines[1]


def test_the_activity_has_one_line_for_the_job_and_its_changes_behind_it(
    job: Job, manager: Client, harbor: Account
) -> None:
    ran(job)
    page = flat(manager.get("/settings/audit/"))
    assert "Started a job" in page
    assert f'href="{job.href}"' in page
    assert "(201) 555-0110" not in page, "not one line for each number"
    assert Entry.objects.of(harbor).filter(job=job.pk).count() == job.total
    own = flat(manager.get(f"/settings/audit/?about=number:{NUMBERS[0]}"))
    assert "(917) 555-0142" in own, "the number's own activity has it"
    of_job = flat(manager.get(f"/settings/audit/?job={job.pk}"))
    assert "(201) 555-0110" in of_job


def test_home_says_that_a_paused_job_waits(job: Job, manager: Client, cast: Any) -> None:
    services.pause(again(job), by=cast.manager)
    assert f"Paused: {job.what}" in flat(manager.get("/"))


def test_the_search_finds_a_job_by_its_words_and_number(job: Job, manager: Client) -> None:
    assert job.href in flat(manager.get("/search/?q=change+forwarding"))
    assert job.href in flat(manager.get(f"/search/?q=%23{job.pk}"))
