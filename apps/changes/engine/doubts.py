"""What may or may not have happened there: look, and only where it is harmless send again."""

import time
from datetime import datetime
from typing import Any

import structlog

from apps.accounts import access
from apps.changes.change import Absent, Change, Found, Look, Taken, Unclear, recall, unpack
from apps.changes.engine import rows
from apps.changes.engine.sending import attempt, client_of, judged, may, settle
from apps.changes.models import Entry, Item
from apps.changes.states import (
    ASKED,
    DEADLINE,
    FINAL,
    FIRST_PAUSE,
    GIVE_UP,
    KEY_LIVES,
    LONGEST_PAUSE,
    LOOKS,
    PARK,
    PRESSED,
    State,
    pause,
    scaled,
)
from apps.voicetel import clock
from apps.voicetel.client.errors import VoiceTelError
from apps.voicetel.client.operations import BY_ID

log = structlog.get_logger("changes")
STRANGE = "This release of the portal does not know this kind of change any more."
READ_BACK = "Read back from VoiceTel."
AFTER_ALL = "VoiceTel shows it after all."
NOTHING_SHOWED = "Nothing showed for a day whether it happened."


def examine(entry: Entry) -> bool:
    """Settle a DOUBT, or come back later.

    One that was given up (ABSENT, CLOSED) or that asks (ASK) is looked at once more: what shows
    after all settles it. Returns whether it had one of the account's places for that.
    """
    # whoever held it last never let go of it
    broke_off = bool(entry.claim) and _given_up(entry, entry.looked_at)
    if not rows.hold(entry):
        return False
    try:
        change = unpack(entry) if entry.state == State.DOUBT else recall(entry)
    except Exception:  # noqa: BLE001 - this release cannot read the row, and must not trip over it
        _unreadable(entry)
        return True
    if entry.state != State.DOUBT:
        _late_evidence(entry, change)
    elif broke_off:
        # The look after the day killed its process: not once more, for that would never end.
        _ask(entry, f"{entry.said} {NOTHING_SHOWED}".strip(), looks=False)
    elif change.keyed and _key_still_good(entry):
        _send_again(entry, change)
    else:
        began = clock.about_now()
        whole = bool(entry.tried_at and began > entry.tried_at + DEADLINE)
        decide(entry, change, look(entry, change), whole=whole)
    return True


def look(entry: Entry, change: Change) -> Look:
    """One look. An unreadable or refused one tells nothing."""
    try:
        return change.look(client_of(entry, type(change)), entry.was, _taken(entry))
    except VoiceTelError as error:
        return Unclear(f"The look did not come through: {error}")
    except Exception:
        log.exception("a look broke", entry=entry.pk, kind=entry.kind)
        return Unclear("The look broke off.", ask=entry.tries > PARK)


def decide(entry: Entry, change: Change, seen: Look, *, whole: bool) -> None:
    """whole: the look began after the send's deadline, so that what it did not find is not still on
    its way.

    Only then is a person asked: the question frees the lane, and what is on its way would overwrite
    the next change.
    """
    shows: dict[str, Any] = {} if isinstance(seen, Found) else {"shows": seen.shows[:300]}
    match seen:
        case Found(partial=True) if not (whole and _looked_enough(entry, change)):
            _later(entry, **_absence(entry) if whole else {})
        case Found(answer=answer):
            settle(entry, change, judged(change, answer, READ_BACK))
        case Unclear(why=why, ask=True) if whole:
            _ask(entry, why, **shows)
        case Absent() if whole and _called_harmless(entry, change):
            # The provider said that nothing was done, and a look of ours agrees.
            rows.put(entry, State.REFUSED, status=entry.status)
        case _ if whole and _given_up(entry, clock.about_now()):
            _ask(entry, f"{entry.said} {NOTHING_SHOWED}".strip(), **shows)
        case Absent() if whole and change.again:
            newer = rows.overtaken_by(entry)
            if newer is None:
                _send_again(entry, change, absent=True)
            elif rows.put(
                entry, State.ABSENT, said=f"It did not happen; overtaken by #{newer.pk}."
            ):
                rows.put(entry, State.CLOSED)
        case Unclear() if whole and change.again and change.look.__func__ is Change.look:  # type: ignore[attr-defined]
            # No read shows it: sending it again is the only way to know, and harmless.
            _send_again(entry, change)
        case Absent() if whole:
            _count_absence(entry, change)
        case Unclear(why=why, ask=False):
            _later(entry, said=why, **shows)
        case _:
            _later(entry, **shows)


def _ask(entry: Entry, said: str, *, looks: bool = True, **values: Any) -> None:
    """Ask a person; and look on for a day, for a question that a later look answers is none."""
    due = clock.about_now() + ASKED if looks and entry.sent_at else None
    rows.put(entry, State.ASK, said=said, due_at=due, **values)


def _called_harmless(entry: Entry, change: Change) -> bool:
    """Whether the provider's document says of the 5xx that came that nothing was done."""
    row = BY_ID.get(change.operation)
    return row is not None and entry.status in row.nothing_done


def _looked_enough(entry: Entry, change: Change) -> bool:
    """Whether this whole look, which found it missing, is the third, and all of them span the
    class's patience.
    """
    now = clock.about_now()
    span = now - (entry.absent_at or now)
    return entry.absent + 1 >= LOOKS and span >= scaled(seconds=change.patience.total_seconds())


def _absence(entry: Entry) -> dict[str, Any]:
    """The columns of one more whole look that found it, or a part of it, missing."""
    return {"absent": entry.absent + 1, "absent_at": entry.absent_at or clock.about_now()}


def _count_absence(entry: Entry, change: Change) -> None:
    """Three whole looks over at least the class's patience: then it did not happen."""
    if _looked_enough(entry, change):
        rows.put(
            entry,
            State.ABSENT,
            said="VoiceTel shows nothing of it.",
            due_at=clock.about_now() + LONGEST_PAUSE,
            **_absence(entry),
        )
    else:
        _later(entry, **_absence(entry))


def _late_evidence(entry: Entry, change: Change) -> None:
    """An hourly look for a day at a change that was given up, or that asks a person.

    Not while another of its lane is under way: what shows then may be that one's, which is not
    bound to it yet.
    """
    blocked = rows.ahead_of(entry)
    seen = Unclear("another is under way") if blocked else look(entry, change)
    if isinstance(seen, Found):
        found = judged(change, seen.answer, READ_BACK if entry.state == State.ASK else AFTER_ALL)
        if entry.state != State.ASK:
            log.error("a change that counted as absent did happen", entry=entry.pk, kind=entry.kind)
        if found.state in FINAL:
            settle(entry, change, found)
            return
    now = clock.about_now()
    # the question was put at settled_at; whatever else is looked for counts from its sending
    since = entry.settled_at if entry.state == State.ASK else entry.sent_at
    over = entry.sent_at is None or since is None or now - since > GIVE_UP
    # also when it shows nothing: the words belong to the last look, whose time stands beside them
    shows = "" if isinstance(seen, Found) else seen.shows[:300]
    rows.push(entry, due_at=None if over else now + LONGEST_PAUSE, shows=shows)


def _send_again(entry: Entry, change: Change, *, absent: bool = False) -> None:
    """The same row, the same body, the same key: in DOUBT all the while. absent: a whole look has
    just found nothing of it.

    A refusal is of the repeat alone: whether the first sending did something, only a look tells.
    """
    if not may(entry, change):
        _ask(entry, "It was not seen to happen, and who asked for it may not do so any more.")
        return
    claimed = time.monotonic()
    if not rows.hold(entry, again=True):
        return
    outcome = attempt(entry, change, claimed)
    refused = outcome.state == State.REFUSED
    if outcome.state in {State.DONE, State.PARTLY} or (refused and absent):
        settle(entry, change, outcome)
        return
    if outcome.dead_key and entry.account and not change.staff:
        access.confirm_dead(entry.account)
    said = (
        f"Its answer was lost, and the repeat was refused ({outcome.said.rstrip('.')})."
        if refused
        else outcome.said
    )
    if refused and change.again:
        _ask(entry, said)
    else:
        # What did not leave us leaves the doubt where it was; a refusal, or a second 5xx to one
        # key, ends the resending.
        spent = change.keyed and outcome.status is not None and outcome.status >= 500
        _later(
            entry,
            said=said,
            due_at=outcome.due_at,
            reads_only=entry.reads_only or refused or spent or not outcome.again,
        )


def _key_still_good(entry: Entry) -> bool:
    now = clock.about_now()
    fresh = entry.sent_at is not None and now - entry.sent_at < KEY_LIVES
    return fresh and now - entry.created_at < PRESSED and not entry.reads_only


def _given_up(entry: Entry, at: datetime | None) -> bool:
    """Whether the day that a doubt has was over at that moment."""
    return entry.sent_at is not None and at is not None and at - entry.sent_at > GIVE_UP


def _later(entry: Entry, **values: object) -> None:
    """Look again after a pause that doubles, at once after the send's deadline where that is still
    to come.
    """
    now = clock.about_now()
    deadline = (entry.tried_at or now) + DEADLINE
    due = deadline + FIRST_PAUSE / 10 if deadline > now else now + pause(entry.tries - 2)
    rows.push(
        entry,
        **{"due_at": due} | {name: value for name, value in values.items() if value is not None},
    )


def _taken(entry: Entry) -> Taken:
    """Whether another row of the account is bound to that id of the provider's.

    By its answer, or by one of its results.
    """

    def taken(bound: str) -> bool:
        others = rows.rows().filter(account=entry.account_id).exclude(pk=entry.pk)
        results = Item.objects.filter(subject=bound, state=State.DONE, entry__in=others)
        return others.filter(bound=bound).exists() or results.exists()

    return taken


def _unreadable(entry: Entry) -> None:
    log.exception("a row that this release cannot read", entry=entry.pk, kind=entry.kind)
    if entry.state == State.DOUBT:
        rows.put(entry, State.ASK, said=STRANGE)
    else:
        rows.push(entry, due_at=None)
