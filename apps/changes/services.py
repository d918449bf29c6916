"""What a person decides about a change: take it back, undo it, answer what it asks."""

from collections.abc import Container
from datetime import datetime

from apps.accounts.models import Account, User
from apps.audit.services import record
from apps.changes import machine, selectors
from apps.changes.change import REGISTRY, Change, recall
from apps.changes.engine import doubts, rows, tokens
from apps.changes.engine.sending import may_press, who_may
from apps.changes.engine.telling import mark_done, tell_done
from apps.changes.machine import BadForm, Declined
from apps.changes.models import Entry
from apps.changes.states import LONGEST_PAUSE, State
from apps.running import broker
from apps.things import Thing
from apps.voicetel import clock

DECIDED = "Someone else already decided about this change. Reload the page to see the result."


def new_token() -> str:
    """A token for a row of an app's that is to make one change, from whichever page and however
    often it is pressed.
    """
    return tokens.mint()


class TooLate(Declined):
    """It moved on meanwhile."""

    status = 409


def look_soon(account: Account, thing: Thing, subjects: Container[str]) -> int:
    """Have changes of these things that ask a person looked at within seconds; how many.

    For an app that has just read the things anew: what it read may answer the question.
    """
    asking = rows.rows().filter(account=account, state=State.ASK, thing=thing.name)
    found = asking.filter(sent_at__isnull=False).values_list("pk", "subject")
    moot = [pk for pk, subject in found if subject in subjects]
    if not moot:
        return 0
    return asking.filter(pk__in=moot, claim="").update(due_at=clock.about_now())


def cancel(entry: Entry, *, by: User) -> Entry:
    """Withdraw what was surely not sent. Raises NotAllowed, TooLate."""
    _may(entry, by)
    if entry.state not in rows.WAITING or not rows.put(
        entry, State.CLOSED, said=f"Canceled by {by.with_address} before it was sent."
    ):
        raise TooLate(
            "It's too late to cancel: the change was already being sent. Reload the page to see the"
            " result."
        )
    record(
        by,
        entry.account,
        "change_cancelled",
        entry.subject,
        thing=entry.thing,
        entry=entry.pk,
    )
    return entry


def undo(entry: Entry, *, by: User, token: str, fresh_at: datetime | None) -> Entry:
    """Submit the change that brings back what was before; itself a new entry. Raises Declined."""
    if first := _first(entry, token, by):
        return first
    _may(entry, by)
    change = selectors.find_undo(entry)
    if change is None:
        raise TooLate(
            "This can't be undone anymore: something newer was done here or at VoiceTel, or we"
            " don't know what it was before."
        )
    return machine.wait(
        machine.submit(change, by=by, token=token, fresh_at=fresh_at, follows=entry)
    )


def answer(entry: Entry, value: str, *, by: User, token: str, fresh_at: datetime | None) -> Entry:
    """A person's word on an entry in ASK or ABSENT: one of selectors.list_answers().

    Raises Declined.
    """
    if first := _first(entry, token, by):
        return first
    _may(entry, by)
    if value not in {each.value for each in selectors.list_answers(entry)}:
        raise TooLate("This change no longer needs an answer. Reload the page to see the result.")
    was = entry.state
    if value == selectors.SEND.value:
        entry = _send(entry, by, fresh_at)
    elif value == selectors.SEND_AGAIN.value:
        entry = _again(entry, by, token, fresh_at)
    elif value == selectors.HAPPENED.value:
        _happened(entry, by)
    else:
        _close(entry, f"Left as it is by {by.with_address}.")
    record(
        by,
        entry.account,
        "change_answered",
        entry.subject,
        thing=entry.thing,
        entry=entry.pk,
        answer=value,
        was=was,
    )
    return entry


def _send(entry: Entry, by: User, fresh_at: datetime | None) -> Entry:
    """The same row; whoever sends it now answers for it, and is asked for the right and the sign-in
    that its press needs.
    """
    change = _recalled(entry)
    machine.check(change, by, fresh_at)
    now = clock.about_now()
    _move(
        entry,
        State.READY,
        first_at=now,
        due_at=now,
        put_off=0,
        said="",
        **machine.pressed_by(by, type(change)),
    )
    entry.nudged = broker.nudge(entry.pk)
    return machine.wait(entry)


def _happened(entry: Entry, by: User) -> None:
    with rows.writing():
        moved = rows.move(
            entry,
            State.DONE,
            said=f"{by.with_address} saw at VoiceTel that it happened.",
            copy_stale=True,
        )
        if moved:
            mark_done(entry)
            tell_done(entry)
    if not moved:
        raise TooLate(DECIDED)
    entry.state = State.DONE


def _again(entry: Entry, by: User, token: str, fresh_at: datetime | None) -> Entry:
    """A new row that names the old one, which is closed first: whoever comes second finds it so."""
    change = _recalled(entry)
    machine.check(change, by, fresh_at)
    _close(entry, f"{by.with_address} asked to send it again.")
    return machine.wait(
        machine.submit(change, by=by, token=token, fresh_at=fresh_at, follows=entry)
    )


def _recalled(entry: Entry) -> Change:
    try:
        return recall(entry)
    except Exception:  # noqa: BLE001 - of another release: it can only be left
        raise TooLate(f"{doubts.STRANGE} Make the change again on its page.") from None


def _close(entry: Entry, said: str) -> None:
    """What was sent and makes something there may show after all: it is looked for until a day
    after the sending.
    """
    kind = REGISTRY.get(entry.kind)
    watched = entry.sent_at is not None and kind is not None and not kind.again
    _move(
        entry,
        State.CLOSED,
        said=f"{entry.said} {said}".strip(),
        due_at=clock.about_now() + LONGEST_PAUSE if watched else None,
    )


def _move(entry: Entry, to: State, **values: object) -> None:
    if not rows.put(entry, to, **values):
        raise TooLate(DECIDED)


def _may(entry: Entry, by: User) -> None:
    kind = REGISTRY.get(entry.kind)
    if kind is None or not may_press(by.pk, entry.account_id, kind):
        needed = who_may(kind) if kind else "the owner role"
        raise machine.NotAllowed(f"This needs {needed}. Nothing was changed.")


def _first(entry: Entry, token: str, by: User) -> Entry | None:
    """What this very form made of this entry before: a double click ends there.

    Another form's is submit()'s to refuse.
    """
    try:
        letters = tokens.read(token)
    except tokens.BadToken:
        raise BadForm(
            "This form was not opened here. Open the page again; nothing was sent."
        ) from None
    return rows.rows().select_related("account").filter(token=letters, by=by, follows=entry).first()
