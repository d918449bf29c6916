"""What a person decides about a change: take it back, undo it, answer what it asks."""

from datetime import datetime

from apps.accounts.models import User
from apps.audit.services import record
from apps.changes import machine, rows, selectors, tokens
from apps.changes.change import REGISTRY, recall
from apps.changes.machine import BadForm, Declined
from apps.changes.models import Entry
from apps.changes.sending import may_press
from apps.changes.states import State
from apps.voicetel import clock


class TooLate(Declined):
    """It moved on meanwhile."""

    status = 409


def cancel(entry: Entry, *, by: User) -> Entry:
    """Withdraw what was surely not sent. Raises NotAllowed, TooLate."""
    _may(entry, by)
    if entry.state == State.NOT_SENT:
        rows.put(entry, State.READY)
    if entry.state != State.READY or not rows.put(entry, State.CLOSED, said=f"Withdrawn by {by} before it was sent."):
        raise TooLate("It is too late to cancel: it was being sent. Look at what became of it.")
    record(by, entry.account, "change_cancelled", entry.subject, entry=entry.pk)
    return entry


def undo(entry: Entry, *, by: User, token: str, fresh_at: datetime | None) -> Entry:
    """Submit the change that brings back what was before; itself a new entry. Raises Declined."""
    if first := _first(token, by):
        return first
    _may(entry, by)
    change = selectors.find_undo(entry)
    if change is None:
        raise TooLate("This cannot be undone from here any more: something newer was done, or nothing shows what was before.")
    return machine.wait(machine.submit(change, by=by, token=token, fresh_at=fresh_at, follows=entry))


def answer(entry: Entry, value: str, *, by: User, token: str, fresh_at: datetime | None) -> Entry:
    """A person's word on an entry in ASK or ABSENT: one of selectors.list_answers(). Raises Declined."""
    if first := _first(token, by):
        return first
    _may(entry, by)
    if value not in {each.value for each in selectors.list_answers(entry)}:
        raise TooLate("It does not ask this any more. Look at what became of it.")
    was = entry.state
    if value == selectors.SEND.value:
        now = clock.about_now()
        _move(entry, State.READY, first_at=now, due_at=now, said="")
        machine.nudge(entry.pk)
        entry = machine.wait(entry)
    elif value == selectors.AGAIN.value:
        entry = _again(entry, by, token, fresh_at)
    elif value == selectors.HAPPENED.value:
        _move(entry, State.DONE, said=f"{by} saw at VoiceTel that it happened.", copy_stale=True)
    else:
        _move(entry, State.CLOSED, said=f"{entry.said} Left as it is by {by}.".strip())
    record(by, entry.account, "change_answered", entry.subject, entry=entry.pk, answer=value, was=was)
    return entry


def _again(entry: Entry, by: User, token: str, fresh_at: datetime | None) -> Entry:
    """A new row that names the old one, which is closed first: whoever comes second finds it so."""
    change = recall(entry)
    machine.check(change, by, fresh_at)
    _move(entry, State.CLOSED, said=f"{entry.said} Sent again by {by}.".strip())
    return machine.wait(machine.submit(change, by=by, token=token, fresh_at=fresh_at, follows=entry))


def _move(entry: Entry, to: State, **values: object) -> None:
    if not rows.put(entry, to, **values):
        raise TooLate("Somebody else decided it meanwhile. Look at what became of it.")


def _may(entry: Entry, by: User) -> None:
    kind = REGISTRY.get(entry.kind)
    if kind is None or not may_press(by.pk, entry.account_id, kind.needs):
        raise machine.NotAllowed(f"This needs the {kind.needs.label.lower() if kind else 'owner'} role. Nothing was changed.")


def _first(token: str, by: User) -> Entry | None:
    """What this very form made before: a double click ends there."""
    try:
        letters = tokens.read(token)
    except tokens.BadToken:
        raise BadForm("This form was not opened here. Open the page again; nothing was sent.") from None
    return rows.rows().select_related("account").filter(token=letters, by=by).first()
