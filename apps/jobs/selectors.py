"""Reading jobs: the list, one job as its page shows it, and its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from apps.accounts.models import Account, Membership
from apps.accounts.roles import allows
from apps.changes import many
from apps.changes.models import Entry
from apps.changes.selectors import find_steps, matching
from apps.changes.states import SHOWN as OUTCOMES
from apps.changes.states import State as Outcome
from apps.jobs.kinds import KINDS
from apps.jobs.models import Job
from apps.jobs.states import OPEN, State
from apps.jobs.turns import leases
from apps.things import Thing, find_thing
from apps.ui.collected import Hit, Need
from apps.ui.format import clock
from apps.ui.http import SOON
from apps.ui.lists.page import Listing, list_page, list_rows
from apps.ui.lists.spec import Choice, Column, Filter, ListSpec
from apps.ui.lists.state import ListState
from apps.voicetel.clock import about_now

FAST = 2  # seconds between two looks of the page at a job that runs


@dataclass(frozen=True, slots=True)
class Part:
    """Changes of a job with outcomes of one sort. name: in addresses; tone: of the bar."""

    name: str
    word: str
    tone: str
    states: frozenset[Outcome]


# In the order of the bar; in the list those that need someone come first.
PARTS = (
    Part("done", "Done", "good", frozenset({Outcome.DONE})),
    Part("partly", "Partly done", "warn", frozenset({Outcome.PARTLY})),
    Part("ask", "Needs your answer", "warn", frozenset({Outcome.ASK})),
    Part("declined", "Declined", "bad", frozenset({Outcome.REFUSED})),
    Part("failed", "Failed", "bad", frozenset({Outcome.ABSENT})),
    Part("canceled", "Not sent", "neutral", frozenset({Outcome.CLOSED})),
    Part("confirming", "Confirming", "info", frozenset({Outcome.DOUBT})),
    Part("left", "Left", "left", frozenset({Outcome.READY, Outcome.NOT_SENT, Outcome.SENDING})),
)
RANK = (Outcome.ASK, Outcome.REFUSED, Outcome.ABSENT, Outcome.PARTLY, Outcome.CLOSED, Outcome.DOUBT)


@dataclass(frozen=True, slots=True)
class Count:
    """How many changes of a job are in a part; where it begins in the bar and how long it is, in
    hundredths.
    """

    part: Part
    many: int
    begins: float
    share: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. rate: changes a second, 0 where nothing settled lately."""

    counts: tuple[Count, ...]
    total: int
    unneeded: int
    rate: float = 0.0

    def of(self, name: str) -> int:
        return next(each.many for each in self.counts if each.part.name == name)

    @property
    def percent(self) -> int:
        """Of changes that are settled; 100 only once all are."""
        if not self.total:
            return 100
        open_ = self.of("left") + self.of("confirming")
        return int(100 * (self.total - open_) / self.total)

    @property
    def shown(self) -> list[Count]:
        return [each for each in self.counts if each.many]

    @property
    def retried(self) -> int:
        """How many a retry would try again."""
        return self.of("declined") + self.of("failed") + self.of("canceled")

    @property
    def undoable(self) -> int:
        """How many an undo may bring back; it looks at each."""
        return self.of("done") + self.of("partly")

    @property
    def ends_at(self) -> datetime | None:
        """About when the last change is sent, as fast as it goes now."""
        left = self.of("left")
        return about_now() + timedelta(seconds=left / self.rate) if self.rate and left else None


def progress_of(job: Job, counts: Mapping[Outcome, int], rate: float = 0.0) -> Progress:
    """counts: of its rows by state (many.counts)."""
    unwritten = job.total - job.written
    if not job.open and job.state != State.PAUSED:  # the rest of a stopped job is never written
        unwritten = 0
    total = sum(counts.values()) + unwritten
    found, before = [], 0
    for part in PARTS:
        held = sum(counts.get(state, 0) for state in part.states)
        held += unwritten if part.name == "left" else 0
        found.append(Count(part, held, 100 * before / (total or 1), 100 * held / (total or 1)))
        before += held
    return Progress(tuple(found), total, job.unneeded, rate)


def get_job(account: Account, pk: int) -> Job:
    """Raises Http404: another account's job does not exist."""
    found = get_object_or_404(
        Job.objects.of(account).select_related("by", "undoes", "retries"), pk=pk
    )
    found.account = account
    return found


def job_panel(job: Job, membership: Membership) -> dict[str, Any]:
    """Context of jobs/_job.html: {"job", "progress", "may", "every", "sentence", "ends", "pace",
    "started", "following"}.
    """
    zone = job.account.zone
    counts = many.counts(job.account, job.pk)
    rate = many.pace(job.account, job.pk, job.begun_at) if job.open and job.begun_at else 0.0
    progress = progress_of(job, counts, rate)
    settling = job.open or bool(progress.of("confirming"))
    following = Job.objects.of(job.account).filter(state__in=STARTED).order_by("pk")
    return {
        "job": job,
        "progress": progress,
        "may": may(job, membership),
        "every": (FAST if job.open else SOON) if settling else 0,
        "sentence": sentence(job),
        "ends": clock(progress.ends_at, zone) if progress.ends_at else "",
        "pace": f"{rate:.1f}" if rate < 10 else f"{rate:.0f}",
        "started": clock(job.begun_at, zone),
        "ended": clock(job.ended_at, zone) if job.ended_at else "",
        "undone_by": following.filter(undoes=job).defer("plan").last(),
        "retried_by": following.filter(retries=job).defer("plan").last(),
        "noun": noun(job),
    }


STARTED = [state for state in State if state != State.DRAFT]


def preview_panel(job: Job, membership: Membership) -> dict[str, Any]:
    """Context of jobs/_preview.html: {"job", "groups", "left_out", "may", "noun", "fresh"}."""
    return {
        "job": job,
        "groups": job.args.get("groups", []),
        "called": job.args.get("called") or "Change",
        "left_out": job.left_out,
        "may": may(job, membership),
        "noun": noun(job),
        "fresh": job.args.get("fresh"),
        "back": before.href if (before := job.undoes or job.retries) else job.args.get("back"),
        "sample": [find_thing(job.thing).shown(item) for item in _subjects(job)[:8]],
    }


def may(job: Job, membership: Membership) -> bool:
    """Whether this member may start, pause and stop it."""
    kind = KINDS.get(job.kind)
    return kind is not None and allows(membership.role, kind.needs(job))


def noun(job: Job) -> str:
    """What it changes, one or many: "number", "numbers"."""
    label = find_thing(job.thing).label.lower()
    return label if job.total == 1 else f"{label}s"


def sentence(job: Job) -> str:
    """What happens now and what comes next."""
    zone = job.account.zone
    match job.state:
        case State.PREPARING | State.RUNNING:
            if first := leases.ahead_of(job):
                return f"Waiting for job {first.pk}, which goes first. You can leave this page."
            return "You can leave this page; we'll finish this in the background."
        case State.WAITING:
            return f"{job.reason} We'll go on about {clock(job.due_at, zone)}."
        case State.PAUSED:
            return f"{job.reason} Nothing more is sent until someone resumes it."
        case State.STOPPED:
            return f"{job.reason} What wasn't sent by then was left as it is."
    return ""


def needs(account: Account, membership: Membership) -> list[Need]:
    """Jobs that wait for someone who may resume them. One query."""
    paused = Job.objects.of(account).filter(state=State.PAUSED).defer("plan").order_by("pk")
    return [
        Need("warn", f"Paused: {job.what}", "Review job", job.href, job.moved_at or job.created_at)
        for job in paused[:8]
        if may(job, membership)
    ]


def find(account: Account, q: str, most: int) -> list[Hit]:
    """Started jobs whose words or number match what was typed. One query."""
    if not (q := q.strip()):
        return []
    digits = q.lstrip("#")
    found = Job.objects.of(account).exclude(state=State.DRAFT).defer("plan").order_by("-pk")
    if digits.isascii() and digits.isdigit() and len(digits) < 10:
        found = found.filter(pk=int(digits))
    else:
        found = found.filter(what__icontains=q)
    return [
        Hit("Job", job.what, f"{job.shown.word}, {job.by_name}", job.href) for job in found[:most]
    ]


def running(account: Account) -> Job | None:
    """The job that goes on now, for the header."""
    found = Job.objects.of(account).filter(state__in=OPEN).defer("plan")
    return found.order_by("begun_at").first()


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as the list shows it."""

    job: Job
    progress: Progress


JOB_COLUMNS: tuple[Column[JobRow], ...] = (
    Column("job", "Job", "job", order=("pk",)),
    Column("state", "State"),
    Column("progress", "Progress"),
    Column("who", "Started by", roomy=True),
    Column("at", "Started"),
)
JOBS = ListSpec(
    JOB_COLUMNS,
    "-job",
    (
        Filter(
            "state",
            "State",
            (
                Choice("open", "In progress"),
                Choice("paused", "Paused"),
                Choice("stopped", "Stopped"),
                Choice("done", "Done"),
            ),
        ),
    ),
    searchable="Search jobs",
)


def list_jobs(request: HttpRequest, account: Account) -> Listing[JobRow]:
    """The page of started jobs that the URL asks for, in three queries."""
    found = Job.objects.of(account).exclude(state=State.DRAFT).defer("plan", "args", "sealed")
    listing: Listing[Any] = list_page(
        request, JOBS, found, narrow=_narrow_jobs, row=lambda job: job, noun="job"
    )
    counts = many.counts_of(account, [job.pk for job in listing.rows])
    rows = [JobRow(job, progress_of(job, counts[job.pk])) for job in listing.rows]
    moves = any(row.job.open for row in rows)
    return _with(listing, rows, SOON if moves else 0)


def _narrow_jobs(found: QuerySet[Job], state: ListState) -> QuerySet[Job]:
    if wanted := state.filters.get("state"):
        found = found.filter(state__in=OPEN) if wanted == "open" else found.filter(state=wanted)
    return found.filter(what__icontains=state.q) if state.q else found


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change of a job as its page shows it."""

    entry: Entry
    subject: str
    href: str
    named: str
    was: str
    now: str
    said: str
    at: datetime | None
    word: str
    tone: str


CHANGE_COLUMNS: tuple[Column[ChangeRow], ...] = (
    Column("thing", "Number", text=lambda row: row.subject),
    Column("named", "Label", roomy=True, text=lambda row: row.named),
    # those that need someone first
    Column("outcome", "Outcome", "outcome", order=("rank", "pk"), text=lambda row: row.word),
    Column("change", "Change", text=lambda row: f"{row.was} → {row.now}" if row.now else ""),
    Column("said", "Message", roomy=True, text=lambda row: row.said),
    Column("at", "Time", right=True, text=lambda row: row.at),
)
CHANGES = ListSpec(
    CHANGE_COLUMNS,
    "outcome",
    (Filter("part", "Outcome", tuple(Choice(each.name, each.word) for each in PARTS)),),
    searchable="Number or message",
)


def list_changes(request: HttpRequest, job: Job) -> Listing[ChangeRow]:
    """The page of a job's changes that the URL asks for, in four queries."""
    listing: Listing[Any] = list_page(
        request, CHANGES, _ranked(job), narrow=_narrow_changes, row=lambda each: each, noun="change"
    )
    return _with(listing, _change_rows(job, listing.rows), 0)


def all_changes(request: HttpRequest, job: Job) -> Any:
    """The same, all pages, for an export."""
    thing = find_thing(job.thing)
    return list_rows(
        request,
        CHANGES,
        _ranked(job),
        narrow=_narrow_changes,
        row=lambda entry: _change_row(entry, thing, "", None),
    )


def _ranked(job: Job) -> QuerySet[Entry]:
    whens = [When(state=state, then=Value(at)) for at, state in enumerate(RANK)]
    rank = Case(*whens, default=Value(len(RANK)), output_field=IntegerField())
    return many.list_of(job.account, job.pk).annotate(rank=rank)


def _narrow_changes(found: QuerySet[Entry], state: ListState) -> QuerySet[Entry]:
    if name := state.filters.get("part"):
        found = found.filter(state__in=next(e.states for e in PARTS if e.name == name))
    return found.filter(matching(state.q)) if state.q else found


def _change_rows(job: Job, entries: Any) -> list[ChangeRow]:
    thing = find_thing(job.thing)
    steps = find_steps(job.account, entries)
    names = thing.named(job.account, [entry.subject for entry in entries]) if entries else {}
    return [
        _change_row(entry, thing, names.get(entry.subject, ""), steps.get(entry.pk))
        for entry in entries
    ]


def _change_row(entry: Entry, thing: Thing, named: str, step: Any) -> ChangeRow:
    part = OUTCOMES[Outcome(entry.state)]
    return ChangeRow(
        entry=entry,
        subject=thing.shown(entry.subject),
        href=f"/changes/{entry.pk}/",
        named=named,
        was=_capital(step.was) if step else "",
        now=_capital(step.now) if step else "",
        said=entry.said if entry.state != Outcome.DONE else "",
        at=entry.settled_at or entry.sent_at,
        word=entry.shown.word,
        tone=part.tone,
    )


def _subjects(job: Job) -> list[str]:
    """What the items are of: ids of things, or entries whose things they name."""
    if job.kind not in ("undo", "retry"):
        return job.items
    keys = [int(item) for item in job.items[:8]]
    found = Entry.objects.of(job.account).filter(pk__in=keys).order_by("pk")
    return list(found.values_list("subject", flat=True))


def _with(listing: Listing[Any], rows: list[Any], every: int) -> Listing[Any]:
    return replace(listing, rows=rows, every=every)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
