"""Showing what VoiceTel tells once, such as a password: to whoever pressed, until they have stored
it, for an hour after it was first shown, a week at most.
"""

from datetime import timedelta
from typing import Any

from django.http import Http404

from apps.accounts.models import User
from apps.audit.models import Event
from apps.audit.services import record
from apps.changes import selectors
from apps.changes.engine import given, rows, tokens
from apps.changes.models import Entry
from apps.voicetel import clock

SHOWN = timedelta(hours=1)
KEPT = timedelta(days=7)
BATCH = 500


def get_staff_entry(kind: str, pk: int) -> Entry:
    """A change of staff's alone, of that kind. Raises Http404."""
    entry = rows.rows().filter(pk=pk, kind=kind, account=None).select_related("by").first()
    if entry is None:
        raise Http404("no such change")
    return entry


def panel(entry: Entry) -> dict[str, Any]:
    """A change of staff's as its page shows it: {"title", "kind", "sentence", "quote", "every",
    "answers", "token"}.
    """
    return {
        "title": selectors.title(entry),
        "kind": entry.shown.strip,
        "sentence": selectors.sentence(entry, None, None),
        "quote": entry.said,
        "every": selectors.how_often(entry),
        "answers": selectors.list_answers(entry),
        "token": tokens.mint(),
    }


def show(entry: Entry, by: User) -> dict[str, Any]:
    """What was told, and an event that it was shown; empty for anybody but who pressed, and once it
    is over. Raises sealed.Unsealable.
    """
    if entry.by_id != by.pk or not entry.given or _is_over(entry):
        return {}
    told = given.opened(entry)
    record(by, entry.account, "answer_shown", entry.subject, thing=entry.thing, entry=entry.pk)
    return told


def forget(entry: Entry, by: User) -> bool:
    """Delete it for good, on the word of whoever pressed. False: it was gone, or isn't theirs."""
    return bool(entry.by_id == by.pk and entry.given and rows.push(entry, given=None))


def forget_old() -> None:
    """A sweep: delete what is over."""
    for entry in rows.rows().filter(given__isnull=False, settled_at__isnull=False)[:BATCH]:
        if _is_over(entry):
            rows.push(entry, given=None)


def _is_over(entry: Entry) -> bool:
    now = clock.about_now()
    if entry.settled_at and entry.settled_at < now - KEPT:
        return True
    first = (
        Event.objects.across_accounts()
        .filter(action="answer_shown", subject=entry.subject, facts__entry=entry.pk)
        .order_by("at")
        .first()
    )
    return first is not None and first.at < now - SHOWN
