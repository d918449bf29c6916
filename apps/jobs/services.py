"""Jobs: drafted, started, paused, resumed, stopped, undone and tried again."""

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.crypto import constant_time_compare

from apps.accounts.models import Account, Membership, User
from apps.accounts.owners import tell_owners
from apps.accounts.roles import allows, roles_with
from apps.audit.services import record
from apps.changes import machine, many
from apps.changes.change import Change
from apps.changes.machine import Declined
from apps.changes.selectors import NOT_DONE
from apps.changes.services import TooLate
from apps.jobs.kinds import KINDS, Same, same_args
from apps.jobs.models import Job
from apps.jobs.preview import Preview, preview_of
from apps.jobs.states import MOVES, OPEN, State
from apps.jobs.thing import JOB
from apps.running import broker
from apps.things import Thing, find_thing
from apps.ui.format import moment
from apps.voicetel import clock

MOST = 100_000  # items of one job
DRAFTS_KEPT = timedelta(days=1)
STALE = "This preview was changed in another tab. Reload the page to see what it would do now."


class Nothing(Declined):
    """There is nothing to do. The message is for the person."""

    status = 409


def select(
    account: Account,
    items: Sequence[str],
    *,
    by: User,
    thing: Thing,
    left_out: Sequence[tuple[str, int]] = (),
    args: dict[str, Any] | None = None,
) -> Job:
    """A selection: a draft of which only the things are known yet. draft_same(of=...) makes a job
    of it; its page is the thing's chooser (choosers.py).

    left_out: (reason, how many), of what was asked for and can't be had. args: JSON values for that
    page.
    """
    job = Job(
        account=account,
        thing=thing.name,
        what=f"{len(items):,} selected {_plural(thing, len(items))}",
        left_out=[list(each) for each in left_out],
        args=args or {},
    )
    return _write(job, by, items)


def draft(
    kind: str,
    account: Account,
    *,
    by: User,
    thing: Thing,
    what: str,
    items: Sequence[str],
    about: str = "",
    args: dict[str, Any] | None = None,
    sealed: bytes | None = None,
    undoes: Job | None = None,
    retries: Job | None = None,
) -> Job:
    """A job with its preview, not started. Nothing is sent. what: an imperative in words: "Text 40
    people". items: 100,000 at most, none with a line break. args: JSON values, no secrets; sealed:
    those (accounts.sealed).

    Raises Nothing when the preview leaves nothing to do.
    """
    job = Job(
        account=account,
        kind=kind,
        thing=thing.name,
        what=what,
        about=about,
        args=args or {},
        sealed=sealed,
        undoes=undoes,
        retries=retries,
    )
    found = _previewed(job, items)
    return _write(job, by, found.items)


def draft_same(change: Change, items: Sequence[str], *, by: User, of: Job | None = None) -> Job:
    """A job that makes the same change for many things of its account, not started. change: of any
    subject; Change.for_subject() makes each from it. of: the selection that they come from.

    Raises Nothing when all of them are so already.
    """
    args, sealed = same_args(change)
    args |= {"secret": sealed is not None, "back": of.href if of else ""}
    job = Job(
        account=change.account,
        kind=Same.name,
        thing=change.thing.name,
        args=args,
        sealed=sealed,
    )
    found = _previewed(job, items)
    job.left_out = [*(of.left_out if of else ()), *job.left_out]
    many_ = f"{len(found.items):,} {_plural(change.thing, len(found.items))}"
    job.what = f"Change {_lower(found.called)} of {many_}" if found.called else f"Change {many_}"
    if len({now for _, now, _ in found.groups}) == 1 and found.groups[0][1]:
        job.about = f"To: {found.groups[0][1]}"
    return _write(job, by, found.items)


def start(job: Job, *, by: User, mark: str, fresh_at: datetime | None) -> Job:
    """Start a draft. mark: the print of the preview that was shown. Pressed twice it starts once.

    Raises NotAllowed, NeedsFreshSignIn, OtherBody; then nothing was started.
    """
    if job.state != State.DRAFT:
        return job
    if not job.kind or not constant_time_compare(job.print, mark):
        raise machine.OtherBody(STALE)
    _may(job, by)
    because = job.args.get("fresh")
    if because is not None and not machine.is_fresh(fresh_at):
        raise machine.NeedsFreshSignIn(f"You asked to {_lower(job.what)}. {because}".strip())
    now = clock.about_now()
    with machine.writing():
        if not move(job, State.PREPARING, begun_at=now, due_at=now, **_pressed(by)):
            return job
        record(by, job.account, "job_started", str(job.pk), thing=JOB.name)
        if because is not None:
            _tell_owners(job, by)
    nudge(job.pk)
    return job


def pause(job: Job, *, by: User) -> Job:
    """Send nothing more of it until someone resumes it. What is being sent is settled."""
    _may(job, by)
    if job.state not in OPEN or not move(job, State.PAUSED, reason=f"Paused by {by}.", due_at=None):
        raise TooLate("It isn't running anymore. Reload the page to see the result.")
    record(by, job.account, "job_paused", str(job.pk), thing=JOB.name)
    return job


def resume(job: Job, *, by: User) -> Job:
    """Go on. Whoever resumes it answers for what is sent from now on."""
    _may(job, by)
    if job.state != State.PAUSED:
        raise TooLate("It isn't paused anymore. Reload the page to see how it stands.")
    now = clock.about_now()
    many.hand_over(job.account, job.pk, by)
    if not move(job, State.RUNNING, reason="", due_at=now, moved_at=now, **_pressed(by)):
        raise TooLate("It isn't paused anymore. Reload the page to see how it stands.")
    record(by, job.account, "job_resumed", str(job.pk), thing=JOB.name)
    nudge(job.pk)
    return job


def stop(job: Job, *, by: User) -> Job:
    """End it for good: the rest is not tried. What is done stays; an undo is a job of its own."""
    _may(job, by)
    reason = f"Stopped by {by}."
    if job.state not in {*OPEN, State.PAUSED} or not move(
        job, State.STOPPED, reason=reason, due_at=clock.about_now()
    ):
        raise TooLate("It has ended already. Reload the page to see the result.")
    record(by, job.account, "job_stopped", str(job.pk), thing=JOB.name)
    nudge(job.pk)
    return job


def undo(job: Job, *, by: User) -> Job:
    """A draft that brings back what was before, where it is still as this job left it."""
    _may(job, by)
    done = many.newest_settled(job.account, job.pk)
    return _following(job, "undo", done, by, f"Undo job {job.pk}: {_lower(job.what)}", undoes=job)


def retry(job: Job, *, by: User) -> Job:
    """A draft that tries again what was declined, failed or not tried. What had secrets becomes a
    selection, as these are asked for once more.
    """
    _may(job, by)
    failed = many.list_of(job.account, job.pk).filter(state__in=NOT_DONE)
    if job.args.get("secret"):
        subjects = list(failed.order_by("pk").values_list("subject", flat=True))
        if not subjects:
            raise Nothing(NOTHING_LEFT)
        return select(job.account, subjects, by=by, thing=_thing(job))
    what = f"Retry job {job.pk}: {_lower(job.what)}"
    return _following(job, "retry", failed, by, what, retries=job)


def move(job: Job, to: State, **values: Any) -> bool:
    """Write a new state. False when someone else was first, and then nothing was written. Raises
    RuntimeError for a move that the table doesn't have.
    """
    if to not in MOVES[State(job.state)]:
        raise RuntimeError(f"a job from {job.state} to {to}")
    if to in {State.DONE, State.STOPPED}:
        values = {"ended_at": clock.about_now(), "sealed": None} | values
    mine = Job.objects.of(job.account_id).filter(pk=job.pk, state=job.state)
    if not mine.update(state=to, **values):
        return False
    job.state = to
    for name, value in values.items():
        setattr(job, name, value)
    return True


def nudge(pk: int) -> bool:
    """Ask a worker to run the job. False: the message did not get out; the sweep finds it."""
    return broker.send("jobs.run", pk, queue="later")


def forget() -> None:
    """Drop drafts that nobody started."""
    old = clock.about_now() - DRAFTS_KEPT
    Job.objects.across_accounts().filter(state=State.DRAFT, created_at__lt=old).delete()


NOTHING_LEFT = "There's nothing left to do: everything was changed again since, or can't be done."


def _following(job: Job, kind: str, found: Any, by: User, what: str, **named: Any) -> Job:
    pairs = list(found.order_by("pk").values_list("pk", "kind"))
    args = {"changes": sorted({name for _, name in pairs})}
    items = [str(pk) for pk, _ in pairs]
    return draft(
        kind, job.account, by=by, thing=_thing(job), what=what, items=items, args=args, **named
    )


def _previewed(job: Job, items: Sequence[str]) -> Preview:
    found = preview_of(job, items)
    if not found.items:
        raise Nothing(NOTHING_LEFT)
    job.left_out = [list(each) for each in found.left_out]
    job.args |= {
        "groups": [list(each) for each in found.groups],
        "called": found.called,
        "fresh": found.fresh,
        "price": found.price,
    }
    return found


def _write(job: Job, by: User, items: Sequence[str]) -> Job:
    if len(items) > MOST:
        raise Nothing(f"A job changes at most {MOST:,} at a time.")
    job.__dict__.pop("items", None)
    job.plan, job.total = "\n".join(items), len(items)
    job.token = job.token or secrets.token_urlsafe(16)
    job.by, job.by_name, job.by_email = by, str(by)[:254], by.email
    body = json.dumps([job.kind, job.plan, job.args], sort_keys=True).encode()
    job.print = hashlib.sha256(body + secrets.token_bytes(16)).hexdigest()
    with machine.writing():
        job.save()
    return job


def _may(job: Job, by: User) -> None:
    needs = KINDS[job.kind].needs(job)
    member = Membership.objects.filter(user=by, account=job.account).first()
    if member is None or not allows(member.role, needs):
        raise machine.NotAllowed(f"This needs the {roles_with(needs)} role. Nothing was changed.")


def _pressed(by: User) -> dict[str, Any]:
    return {"by": by, "by_name": str(by)[:254], "by_email": by.email}


def _tell_owners(job: Job, by: User) -> None:
    tell_owners(
        job.account,
        "job_begun",
        once=f"job-{job.pk}",
        by=by.with_address,
        what=_lower(job.what),
        about=job.about,
        job=job.pk,
        when=moment(clock.about_now(), job.account.zone),
    )


def _thing(job: Job) -> Thing:
    return find_thing(job.thing)


def _plural(thing: Thing, many_: int) -> str:
    return f"{thing.label.lower()}{'' if many_ == 1 else 's'}"


def _lower(words: str) -> str:
    """For the middle of a sentence; an abbreviation stays."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
