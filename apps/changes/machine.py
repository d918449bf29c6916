"""The machine of changes: submit(), wait(), run(). A change is a row before it is a call.

    entry = machine.wait(machine.submit(change, by=user, token=form.token,
    fresh_at=signed_in_at(request)))

submit() commits the row READY and nudges a worker; run() claims it, sends it and settles it; what
stays unknown is looked at until it is known (doubts.py); sweeps.py takes up what was left lying.
"""

import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError
from django.utils.crypto import constant_time_compare

from apps.accounts.models import User
from apps.accounts.proving.gate import ProofNeeded
from apps.accounts.signing_in.sessions import FRESH
from apps.changes.change import Change, owner_of, pack, still_so, unpack
from apps.changes.engine import (
    doubts,
    holds,
    kill_points,
    limits,
    places,
    rows,
    sending,
    spending,
    tokens,
    waiting,
)
from apps.changes.models import Entry
from apps.changes.states import FINAL, LOOKED_AT, OPEN, OWN_FIRST, SAME, TOO_LATE, TURN, State
from apps.running import broker
from apps.voicetel import clock

claim = rows.claim
settle = sending.settle
writing = rows.writing
take_hold, extend_hold, release_hold = holds.take, holds.extend, holds.release
is_held_up = holds.is_busy


class Declined(Exception):
    """A change that was not even written down. The middleware shows the sentence."""

    status = 403


class NotAllowed(Declined):
    """The role does not have the right."""


class TooDear(Declined):
    """The person's limit for a day does not cover it."""


class TooMany(Declined):
    """The person has made as many changes as they may in a day."""

    status = 429


class NeedsFreshSignIn(Declined, ProofNeeded):
    """It asks for a sign-in of the last minutes. The middleware leads there, and on."""


class BadForm(Declined):
    """The form's token is not ours, or belongs to someone else's press."""

    status = 400


class OtherBody(Declined):
    """The form was sent before with other contents."""

    status = 409


def submit(
    change: Change,
    *,
    by: User,
    token: str,
    fresh_at: datetime | None = None,
    follows: Entry | None = None,
    after: Entry | None = None,
    part: int = 0,
    along: int = 0,
) -> Entry:
    """Write a change down (READY, committed) and nudge a worker; the second time with one token the
    first row comes back, and so it does for the same again-change from a second tab.

    token: signed, as the form carried it. fresh_at: when this person last gave a password or factor
    in this session. after: an earlier change that must be done before this one is sent; when that
    ends otherwise, this one is closed. part: which of several changes of one press this is, from 0;
    along: micro-dollars of the others, which the person's limit must cover too. Raises Declined:
    NotAllowed, NeedsFreshSignIn, TooDear, TooMany, BadForm, OtherBody; then nothing was written and
    nothing is sent.
    """
    started = time.monotonic()
    try:
        letters = tokens.read(token)
    except tokens.BadToken:
        raise BadForm(
            "This form was not opened here. Open the page again; nothing was sent."
        ) from None
    if part:
        letters = tokens.child(letters, part)
    check(change, by, fresh_at)
    now = clock.about_now()
    entry = entry_of(
        change,
        by,
        letters,
        before=change.before(),
        price=change.price(),
        follows=follows,
        after=after,
        due_at=now + OWN_FIRST,
        created_at=now,
        first_at=now,
    )
    try:
        with writing():
            places.lock(entry.account_id)  # of twelve tabs, each sees what the one before wrote
            if change.again and after is None and (same := _same(change, by, entry.print, started)):
                return same
            limits.check_number(entry)
            if entry.price > 0 and not change.staff:
                limits.check(entry, along)
            entry.save(force_insert=True)
            if entry.price > 0:
                spending.note(entry.account_id)
    except limits.OverLimit as over:  # which the first row of a double click may have brought about
        if first := _first(letters, change, by, entry.print, started):
            return first
        raise TooDear(f"{over} Nothing was sent.") from None
    except limits.TooMany as many:
        if first := _first(letters, change, by, entry.print, started):
            return first
        raise TooMany(f"{many} Nothing was sent.") from None
    except IntegrityError:  # the token's: whatever was clicked twice ends at the first row
        if first := _first(letters, change, by, entry.print, started):
            return first
        raise
    kill_points.reach("before_nudge", entry)
    entry.pressed = started
    entry.nudged = broker.nudge(entry.pk)  # after the durable block, so after the commit
    return entry


def entry_of(change: Change, by: User, letters: str, **rest: Any) -> Entry:
    """The row of a change as it is pressed, not written yet. letters: of its token; rest: the
    columns that the press alone knows.
    """
    clear, sealed, mark = pack(change)
    return Entry(
        account=change.account,
        kind=type(change).__name__,
        thing=change.thing.name,
        subject=change.subject,
        lane=change.lane(),
        what=change.describe()[:300],
        args=clear,
        sealed=sealed,
        print=mark,
        token=letters,
        **pressed_by(by, type(change)),
        **rest,
    )


def pressed_by(by: User, kind: type[Change]) -> dict[str, Any]:
    """The columns that keep for good who pressed: the person, and their name and address of now."""
    name = f"{by}, VoiceTel portal staff" if kind.staff else str(by)
    return {"by": by, "by_name": name[:254], "by_email": by.email}


def wait(entry: Entry, until: float | None = None) -> Entry:
    """The entry as it stands when it settled, at the latest a second after its press (until:
    another monotonic moment).
    """
    return waiting.wait(entry, until or (entry.pressed or time.monotonic()) + waiting.PATIENCE, run)


def run(pk: int, hand_on: Callable[[int], object] | None = None) -> None:
    """Take up one row as far as it goes now, ring for whoever waits, then hand on what may go next:
    of its lane, of its account, and what waited for it.

    hand_on: called with each of those; without it they are taken up here, one after the other.
    Harmless when run twice.
    """
    due = deque([pk])
    while due:
        entry = rows.find(due.popleft())
        if entry is None:
            continue
        was, took = entry.state, False
        if entry.state == State.READY:
            took = _send(entry)
        if entry.state in LOOKED_AT and entry.due_at and entry.due_at <= clock.about_now():
            took = doubts.examine(entry) or took
        if entry.state != was:
            broker.ring(entry.pk)
        if took or (entry.state != was and entry.state not in OPEN):
            for following in rows.next_after(entry):
                (hand_on or due.append)(following)


def _send(entry: Entry) -> bool:
    """Send a READY row where it may go. Whether it had one of the account's places."""
    if places.free(entry.account_id) <= 0:
        return False
    if entry.after and entry.after.state not in OPEN | FINAL:
        ended = entry.after.shown.word.lower()
        said = f"Not tried, because #{entry.after.pk} was not done first ({ended})."
        rows.put(entry, State.CLOSED, said=said)
        return False
    rows.set_free(entry)
    try:
        change = unpack(entry)
    except Exception:  # noqa: BLE001 - of another release: a person decides, the sweep must not trip over it for ever
        rows.put(entry, State.ASK, said=doubts.STRANGE)
        return False
    if not sending.may(entry, change):
        rows.put(entry, State.CLOSED, said="Not sent: who asked for it may not do so any more.")
        return False
    if entry.job is not None and change.again and rows.overtaken_by(entry):
        rows.put(
            entry, State.CLOSED, said="Not sent: overtaken by a newer change of the same thing."
        )
        return False
    claimed = time.monotonic()
    try:
        taken = claim(entry, change)
    except limits.OverLimit as over:
        rows.put(entry, State.CLOSED, said=f"Not sent: {over} Nothing was charged.")
        return False
    if taken:
        settle(entry, change, sending.attempt(entry, change, claimed))
    elif (
        entry.first_at <= clock.about_now() - TURN
        and rows.ahead_of(entry) is None
        and not rows.holds_of(entry).exists()
    ):
        rows.put(entry, State.ASK, said=TOO_LATE)
    return taken


def _first(letters: str, change: Change, by: User, mark: str, started: float) -> Entry | None:
    """The row that this token already made. Raises BadForm, OtherBody."""
    first = rows.rows().select_related("account").filter(token=letters).first()
    if first is None:
        return None
    if owner_of(first.account) != owner_of(change.account) or first.by_id != by.pk:
        raise BadForm(
            "This form belongs to another sign-in. Open the page again; nothing was sent."
        )
    if not constant_time_compare(first.print, mark):
        raise OtherBody(
            "This form was sent before, with other contents. The first one stands; open the page"
            " again to change it."
        )
    first.pressed, first.nudged = started, True
    return first


def _same(change: Change, by: User, mark: str, started: float) -> Entry | None:
    """The very same change, pressed by the same person in another tab or after Back: the newest of
    its lane, under way or done a moment ago. Only where sending it again would change nothing more:
    two same orders may both be meant.
    """
    newest = (
        rows.rows()
        .select_related("account")
        .filter(account=change.account, lane=change.lane())
        .order_by("-pk")
        .first()
    )
    if newest is None or newest.by_id != by.pk or not constant_time_compare(newest.print, mark):
        return None
    done = (
        newest.state == State.DONE
        and newest.settled_at is not None
        and clock.about_now() - newest.settled_at < SAME
    )
    if newest.state not in OPEN and not (done and still_so(newest, change.before())):
        return None
    newest.pressed, newest.nudged = started, True
    return newest


def check(change: Change, by: User, fresh_at: datetime | None) -> None:
    """Whether this person may submit it now. Raises NotAllowed, NeedsFreshSignIn."""
    if not change.operation:
        raise ImproperlyConfigured(f"{type(change).__name__} is not registered with @change")
    if not sending.may_press(by.pk, change.account.pk if change.account else None, type(change)):
        raise NotAllowed(f"This needs {sending.who_may(type(change))}. Nothing was sent.")
    if change.wants_fresh() and not is_fresh(fresh_at):
        raise NeedsFreshSignIn(
            f"You asked to {change.describe()}. {change.fresh_because()}".strip()
        )


def is_fresh(fresh_at: datetime | None) -> bool:
    """Whether a person proved who they are so lately that danger may go."""
    return fresh_at is not None and datetime.now(UTC) - fresh_at <= timedelta(seconds=FRESH)
