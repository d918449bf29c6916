"""Kind: how a job makes its changes. This is all that a domain says about its jobs.

Most need none of their own. The same change for many things is ready:

    job = services.draft_same(SetForward(account, "", to="9175550142"), numbers, by=request.user)
    return redirect(job.href)          # the preview; a press there starts it

Where the changes differ (texts to many people, ports of several groups), register a kind, in a
module that the app's config names in `registers`, and draft a job of it:

    @kind
    class Campaign(Kind):
        name = "campaign"

        def needs(self, job: Job) -> Right:
            return Right.MANAGE

        def make(self, job: Job, items: Sequence[str]) -> list[Change | None]:
            return [SendText(job.account, to, body=job.args["body"]) for to in items]

    job = services.draft(
        Campaign.name, account, by=user, thing=PERSON, what="Text 40 people", items=[...],
        args={"body": "..."},
    )

The machine does the rest: rows are written 500 at a time and sent four at once, in order, each
once; a doubt is looked up; a person's change overtakes; the job waits while VoiceTel is away, and
stops for a low balance. `/jobs/<id>/` shows it, pauses, resumes, stops, undoes and retries it.
"""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from apps.accounts.roles import Right
from apps.changes.change import REGISTRY, Change, pack, unpack
from apps.changes.models import Entry
from apps.changes.selectors import find_retries, find_undos
from apps.jobs.models import Job


class Kind:
    """A kind of job.

    name: stored in rows; never renamed without a migration. alone: of the account's jobs that are
    alone, one runs at a time, in the order of their starts; others run beside it.
    none: what a preview says of items for which make() answers None.
    """

    name: ClassVar[str]
    alone: ClassVar[bool] = True
    none: ClassVar[str] = "doesn't apply to them"

    def why_none(self, job: Job) -> str:
        """Why make() answers None, after "3 numbers are left out:"."""
        return self.none

    def needs(self, job: Job) -> Right:
        """The right to start, pause and stop it."""
        raise NotImplementedError

    def make(self, job: Job, items: Sequence[str]) -> list[Change | None]:
        """The change of each of these items of the plan, in their order; None for one that needs
        none any more.

        Asked for the preview, and again when their turn comes; after a crash perhaps once more for
        the same items. It reads what it needs in a few queries for all of them, and writes nothing.
        """
        raise NotImplementedError

    def last(self, job: Job) -> Change | None:
        """A change that goes once all others are settled; None for none."""
        return None


K = TypeVar("K", bound=type[Kind])
KINDS: dict[str, Kind] = {}


def kind(cls: K) -> K:
    """Register a kind under its name. Raises RuntimeError for two of one name."""
    if type(KINDS.setdefault(cls.name, cls())) is not cls:
        raise RuntimeError(f"two kinds of job named {cls.name}")
    return cls


@kind
class Same(Kind):
    """The same change for many things. Items: their ids. args: {"change": its class, "args": its
    arguments but the secret ones}.
    """

    name = "same"

    def why_none(self, job: Job) -> str:
        return REGISTRY[job.args["change"]].unfit

    def needs(self, job: Job) -> Right:
        return REGISTRY[job.args["change"]].needs

    def make(self, job: Job, items: Sequence[str]) -> list[Change | None]:
        change = unpack(_entry_like(job))
        return [change.for_subject(item) for item in items]


class _OfEntries(Kind):
    """Items: primary keys of another job's entries."""

    def needs(self, job: Job) -> Right:
        kinds = [REGISTRY[name].needs for name in job.args["changes"] if name in REGISTRY]
        return Right.OWN if Right.OWN in kinds else Right.MANAGE if not kinds else kinds[0]

    def entries(self, job: Job, items: Sequence[str]) -> list[Entry | None]:
        mine = Entry.objects.of(job.account).filter(pk__in=[int(item) for item in items])
        by_key = {entry.pk: entry for entry in mine}
        for entry in by_key.values():
            entry.account = job.account  # no query for each
        return [by_key.get(int(item)) for item in items]


@kind
class Undo(_OfEntries):
    """What a job did, undone where it is still as the job left it."""

    name = "undo"
    none = "changed again since, or can't be undone"

    def make(self, job: Job, items: Sequence[str]) -> list[Change | None]:
        entries = self.entries(job, items)
        undos = find_undos([entry for entry in entries if entry])
        return [undos[entry.pk] if entry else None for entry in entries]


@kind
class Retry(_OfEntries):
    """What a job didn't do, tried again."""

    name = "retry"
    none = "changed again since, or can't be tried again"

    def make(self, job: Job, items: Sequence[str]) -> list[Change | None]:
        entries = self.entries(job, items)
        again = find_retries([entry for entry in entries if entry])
        return [again[entry.pk] if entry else None for entry in entries]


def same_args(change: Change) -> tuple[dict[str, object], bytes | None]:
    """(args, sealed) of a job of the kind Same."""
    clear, sealed, _ = pack(change)
    return {"change": type(change).__name__, "args": clear}, sealed


def _entry_like(job: Job) -> Entry:
    """A row that is never written, from which the change is read as from any other."""
    return Entry(
        account=job.account,
        kind=job.args["change"],
        subject="",
        args=job.args["args"],
        sealed=job.sealed,
    )
