"""Telling the owners what was done at the provider that can cost money or harm, and what happened
after all.
"""

import structlog
from django.db import transaction

from apps.accounts.owners import tell_owners
from apps.changes.change import Change, recall
from apps.changes.models import Entry
from apps.changes.states import State
from apps.ui.format import moment
from apps.voicetel import clock

log = structlog.get_logger("changes")


def mark_done(entry: Entry, change: Change | None = None) -> None:
    """Within the commit that settles it as done: who changed the thing last. change: where the
    caller has it. What fails here undoes no outcome: that would be sent again.
    """
    try:
        with transaction.atomic():
            (change or recall(entry)).mark(entry.who)
    except Exception:
        log.exception("who changed a thing was not kept", entry=entry.pk, kind=entry.kind)


def tell_done(entry: Entry, change: Change | None = None) -> None:
    """Within the commit that settles it as done; entry: as it was before. change: where the caller
    has it.

    Every owner is told, the one who pressed it too: they must know of a stolen session. It's
    told of a change that asked for a fresh sign-in, and of one that had counted as not done; of a
    job's they were told when it began. What fails here undoes no outcome: that would be sent again.
    """
    late = entry.state in {State.ABSENT, State.CLOSED}
    try:
        alone = entry.job is None
        if entry.account and (late or (alone and (change or recall(entry)).wants_fresh())):
            with transaction.atomic():
                tell_owners(
                    entry.account,
                    "change_late" if late else "change_done",
                    once=f"{entry.pk}",
                    by=entry.who or "Someone",
                    what=entry.what,
                    entry=entry.pk,
                    when=moment(clock.about_now(), entry.zone),
                )
    except Exception:
        log.exception("owners were not told of a change", entry=entry.pk, kind=entry.kind)
