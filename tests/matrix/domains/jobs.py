"""Who gets what at the addresses of jobs."""

from typing import Any
from uuid import uuid4

from apps.accounts.roles import Right
from apps.changes.models import Entry
from apps.changes.states import State as Outcome
from apps.jobs.models import Job
from apps.jobs.states import OPEN, State
from tests.cast import Cast
from tests.matrix.row import BAD_IDS, HARBOR, Args, Of, Row


def harbor_job(state: State) -> Of:
    """A job of Harbor's in that state, with one change that is done."""

    def made(cast: Cast) -> Args:
        Job.objects.of(cast.harbor).filter(state__in=OPEN).update(state=State.DONE)
        job = Job.objects.of(cast.harbor).create(
            account=cast.harbor,
            kind="same",
            thing="number",
            what="Change forwarding of 1 number",
            state=state,
            token=uuid4().hex,
            print="shown",
            plan=HARBOR,
            total=1,
            args={"change": "SetForward", "args": {"to": "2015550199"}, "secret": True},
            by=cast.owner,
            by_name="Owner Harbor",
            begun_at=None if state == State.DRAFT else cast.harbor.created_at,
        )
        for outcome in (Outcome.DONE, Outcome.REFUSED):
            Entry.objects.of(cast.harbor).create(
                account=cast.harbor,
                kind="SetForward",
                subject=HARBOR,
                lane=HARBOR,
                what="forward it",
                args={"to": "2015550199"},
                before={"to": "2015550111"},
                print="x",
                token=uuid4().hex,
                state=outcome,
                job=job.pk,
            )
        return {"pk": job.pk}

    return made


def row(state: State, **named: Any) -> Row:
    return Row(own=harbor_job(state), absent=BAD_IDS, **named)


ROWS: dict[str, Row] = {
    "jobs:list": Row(get=Right.VIEW),
    "jobs:detail": row(State.RUNNING, get=Right.VIEW),
    "jobs:detail_csv": row(State.DONE, get=Right.VIEW),
    "jobs:detail_xlsx": row(State.DONE, get=Right.VIEW),
    "jobs:start": row(State.DRAFT, post=Right.MANAGE, data={"mark": "shown"}),
    "jobs:pause": row(State.RUNNING, post=Right.MANAGE),
    "jobs:resume": row(State.PAUSED, post=Right.MANAGE),
    "jobs:stop": row(State.RUNNING, post=Right.MANAGE),
    "jobs:undo": row(State.DONE, post=Right.MANAGE),
    "jobs:retry": row(State.DONE, post=Right.MANAGE),
}
