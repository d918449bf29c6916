"""How the orders of groups stand: the newest entry of each."""

from collections.abc import Sequence

from apps.accounts.models import Account
from apps.changes.models import Entry
from apps.changes.states import FINAL, OPEN, State
from apps.porting.thing import ORDER

# The order failed for sure: it may be sent again, as a new one.
OVER = frozenset({State.REFUSED, State.ABSENT, State.CLOSED})


def entries_of(account: Account, groups: Sequence[int]) -> dict[int, Entry]:
    """The newest entry of each of these groups that has one, by the group's primary key."""
    rows = Entry.objects.of(account).filter(
        thing=ORDER.name, subject__in=[str(pk) for pk in groups]
    )
    return {int(entry.subject): entry for entry in rows.order_by("pk")}


def held_groups(account: Account, groups: Sequence[int]) -> set[int]:
    """Those whose numbers and bill stand fast: an order of theirs is under way, done, or in
    doubt.
    """
    return {pk for pk, entry in entries_of(account, groups).items() if is_held(entry)}


def sent_groups(account: Account, groups: Sequence[int]) -> set[int]:
    """Those of which an order was ever pressed."""
    return set(entries_of(account, groups))


def is_held(entry: Entry | None) -> bool:
    """Whether nothing of the group may be changed, nor sent again."""
    return entry is not None and (
        entry.state in OPEN | FINAL or entry.state == State.ASK or _unsure(entry)
    )


def _unsure(entry: Entry) -> bool:
    """Closed by a person though it had left us: it may show at VoiceTel yet."""
    return entry.state == State.CLOSED and entry.sent_at is not None and entry.due_at is not None


def is_open(entry: Entry) -> bool:
    """Whether it may still happen at VoiceTel."""
    return entry.state in OPEN or entry.state == State.ASK or _unsure(entry)


def is_done(entry: Entry) -> bool:
    """Whether VoiceTel has the order."""
    return entry.state in FINAL
