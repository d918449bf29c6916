"""A job, as activity and links know it."""

from collections.abc import Mapping, Sequence

from apps.accounts.models import Account
from apps.jobs.models import Job
from apps.things import Thing, remember


def words(account: Account, jobs: Sequence[str]) -> Mapping[str, str]:
    """What each of these jobs does."""
    found = Job.objects.of(account).filter(pk__in=[int(job) for job in jobs])
    return {str(pk): what for pk, what in found.values_list("pk", "what")}


JOB = remember(Thing("job", "Job", "#{}".format, "/jobs/{}/".format, words))
