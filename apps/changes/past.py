"""Changes that settled before this portal was started: the demo's history."""

from datetime import datetime, timedelta
from typing import Any

from apps.accounts.models import User
from apps.changes.change import Change
from apps.changes.engine import tokens
from apps.changes.machine import entry_of
from apps.changes.models import Entry
from apps.changes.states import State

TOOK = timedelta(seconds=1)


def write_past(
    change: Change,
    *,
    by: User,
    at: datetime,
    before: dict[str, Any],
    declined: str = "",
) -> Entry:
    """Write a change as it would read had it settled at that moment. Nothing is sent.

    before: what was so then, as Change.before() gives it. declined: the provider's words if it
    declined the change; without them it was done.
    """
    entry = entry_of(
        change,
        by,
        tokens.read(tokens.mint()),
        before=before,
        state=State.REFUSED if declined else State.DONE,
        said=declined,
        status=400 if declined else 200,
        answer={} if declined else change.summary(None),
        created_at=at,
        first_at=at,
        sent_at=at,
        tried_at=at,
        settled_at=at + TOOK,
    )
    entry.save(force_insert=True)
    return entry
