"""Many look-ups as one job: each is sent once, and what is known when its turn comes is free."""

from collections.abc import Sequence

from apps.accounts.roles import Right
from apps.changes.change import Change
from apps.jobs.kinds import Kind, kind
from apps.jobs.models import Job
from apps.lookups import services
from apps.lookups.changes import LookUpCarrier, LookUpName
from apps.lookups.models import Lookup


@kind
class LookUps(Kind):
    """Items: ten-digit numbers. args: {"kind": of Lookup.Kind, "ani": of a carrier, else ""}."""

    name = "lookups"
    none = "their answers are known, at no charge"

    def needs(self, job: Job) -> Right:
        return LookUpName.needs

    def make(self, job: Job, items: Sequence[str]) -> list[Change | None]:
        kind_, ani = job.args["kind"], job.args["ani"]
        known = services.known_of(job.account, kind_, items, ani)
        return [
            None
            if number in known
            else LookUpName(job.account, number)
            if kind_ == Lookup.Kind.NAME
            else LookUpCarrier(job.account, number, ani=ani)
            for number in items
        ]
