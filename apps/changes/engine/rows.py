"""Writes of the table: each is one conditional UPDATE that carries the state and the claim which
its writer read.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from apps.changes.change import REGISTRY, Change
from apps.changes.engine import limits, places, spending
from apps.changes.models import Entry, Hold
from apps.changes.states import (
    FINAL,
    HELD,
    HELD_BY_SENDER,
    LOOKED_AT,
    OPEN,
    TURN,
    State,
    check,
)
from apps.voicetel import clock
from apps.voicetel.client.operations import BY_ID

WAITING = (State.READY, State.NOT_SENT)
# a keyed resend needs the same body
KEEPS_SECRETS = frozenset({State.READY, State.SENDING, State.NOT_SENT, State.DOUBT})


def writing() -> transaction.Atomic:
    """A commit of its own.

    On SQLite it begins by taking its turn among the writers (portal/sqlite).
    """
    return transaction.atomic(durable=True)


def rows() -> QuerySet[Entry]:
    """Entries of all accounts: the machine serves everybody.

    Pages use `Entry.objects.of(account)`.
    """
    return Entry.objects.across_accounts()


def find(pk: int) -> Entry | None:
    return rows().select_related("account").filter(pk=pk).first()


def ahead_in_lane(pk: Any, account: Any, lane: Any) -> QuerySet[Entry]:
    """What must settle before a row of that lane.

    A person's change overtakes the READY rows of a job.
    """
    waiting = Q(state__in=WAITING, job=None, pk__lt=pk)
    same = rows().filter(account=account, lane=lane).exclude(pk=pk)
    return same.filter(Q(state__in=list(HELD_BY_SENDER)) | waiting)


def waits() -> Q:
    """For a filter of entries: whether anything must settle or end before one may be sent."""
    pk, lane = OuterRef("pk"), OuterRef("lane")
    in_lane = Q(Exists(ahead_in_lane(pk, OuterRef("account"), lane)))
    # NULL is no NULL's equal, so staff's lanes are asked for by themselves
    in_staff_lane = Q(Exists(ahead_in_lane(pk, None, lane)), account=None)
    after = Q(Exists(rows().filter(pk=OuterRef("after"), state__in=list(OPEN))))
    return in_lane | in_staff_lane | after


def ahead_of(entry: Entry) -> Entry | None:
    """The first row that this one waits for; None when it is its turn."""
    if entry.after_id:
        earlier = rows().filter(pk=entry.after_id, state__in=list(OPEN)).first()
        if earlier:
            return earlier
    return ahead_in_lane(entry.pk, entry.account_id, entry.lane).order_by("pk").first()


def _holds(account: Any) -> QuerySet[Hold]:
    return Hold.objects.across_accounts().filter(account=account)


def charging() -> Q:
    """For a filter of entries: those that cost, by their price or by their operation."""
    kinds = [name for name, kind in REGISTRY.items() if _charges(kind)]
    return Q(price__gt=0) | Q(kind__in=kinds)


def held() -> Q:
    """For a filter of entries: whether a hold of the account keeps one from being sent."""
    holds = _holds(OuterRef("account"))
    turners = [name for name, kind in REGISTRY.items() if kind.turns_key]
    every = Q(Exists(holds.filter(over=Hold.Over.EVERYTHING)))
    return (every | Q(Exists(holds)) & charging()) & ~Q(kind__in=turners)


def holds_of(entry: Entry) -> QuerySet[Hold]:
    """The holds that keep this row from being sent."""
    holds = _holds(entry.account_id)
    kind = REGISTRY.get(entry.kind)
    if kind and kind.turns_key:
        return holds.none()
    if entry.price > 0 or (kind and _charges(kind)):
        return holds
    return holds.filter(over=Hold.Over.EVERYTHING)


def _charges(kind: type[Change]) -> bool:
    operation = BY_ID.get(kind.operation)
    return operation is not None and operation.charges


def newer_of_same(entry: Entry) -> list[Entry]:
    """Changes of the same values that were pressed later and stand, are under way, or may be so
    there; oldest first.
    """
    return newer_of_many([entry])[entry.pk]


def newer_of_many(entries: Sequence[Entry]) -> dict[int, list[Entry]]:
    """newer_of_same() of many entries of one account, by primary key; one query.

    A lane is a whole number: a newer change of its route is none of its forwarding. `before` names
    the values; a change that names none may touch any.
    """
    if not entries:
        return {}
    later = rows().filter(
        account=entries[0].account_id,
        lane__in={entry.lane for entry in entries},
        pk__gt=min(entry.pk for entry in entries),
    )
    standing = later.exclude(state__in=[State.REFUSED, State.CLOSED, State.ABSENT]).exclude(
        state=State.ASK, sent_at=None
    )
    by_lane: dict[str, list[Entry]] = {}
    for other in standing.only("before", "job", "state", "lane").order_by("pk"):
        by_lane.setdefault(other.lane, []).append(other)
    return {
        entry.pk: [other for other in by_lane.get(entry.lane, []) if _is_newer(other, entry)]
        for entry in entries
    }


def _is_newer(other: Entry, entry: Entry) -> bool:
    return other.pk > entry.pk and (
        not entry.before or not other.before or bool(entry.before.keys() & other.before.keys())
    )


def overtaken_by(entry: Entry) -> Entry | None:
    """A person's newer change of the same values, which takes the place of this one."""
    return next((other for other in newer_of_same(entry) if other.job is None), None)


def next_after(entry: Entry) -> list[int]:
    """The rows whose turn it may be once `entry` was let go: those that waited for this very one,
    and as many of its account as there are places left, a person's only.
    """
    account, now = entry.account_id, clock.about_now()
    mine = rows().filter(account=account).exclude(pk=entry.pk)
    ready = mine.filter(~waits(), ~held(), state=State.READY, job=None)
    due = mine.filter(~held(), state__in=LOOKED_AT, claim="", due_at__lte=now)
    after = mine.filter(state=State.READY, after=entry.pk).values_list("pk", flat=True)
    return list(dict.fromkeys([*places.next_of(account, ready, due), *after]))


def set_free(entry: Entry) -> None:
    """Let the 15 minutes of a row that waited for another one begin at the end of that one."""
    ended_at = entry.after.settled_at if entry.after else None
    if ended_at and ended_at > entry.first_at:
        with writing():
            rows().filter(pk=entry.pk, state=entry.state).update(first_at=ended_at)
        entry.first_at = ended_at


def claim(entry: Entry, change: Change) -> bool:
    """Take a READY row for sending; one sender wins.

    What stands now is kept with it: everything of its lane has settled, so this is what it will
    change. False: not its turn, no place, held, too old, or another sender was first. Raises
    OverLimit.
    """
    now, token = clock.about_now(), secrets.token_hex(8)
    before = ahead_in_lane(entry.pk, entry.account_id, entry.lane)
    free = rows().filter(
        ~Exists(before),
        ~Exists(holds_of(entry)),
        pk=entry.pk,
        state=State.READY,
        first_at__gt=now - TURN,
    )
    if entry.after_id:
        free = free.filter(Exists(rows().filter(pk=entry.after_id, state__in=list(FINAL))))
    took = {"state": State.SENDING, "claim": token, "due_at": now + HELD, "tried_at": now}
    stood = None
    try:
        with writing():
            places.lock(entry.account_id)
            if places.free(entry.account_id) <= 0:
                return False
            if entry.price > 0 and not change.staff:
                limits.check_alone(entry)
            taken = free.update(**took, sent_at=now, tries=F("tries") + 1)
            if taken:  # after the claim: what was ahead of it has committed by now
                stood = change.before()
                if stood != entry.before:
                    rows().filter(pk=entry.pk).update(stood=stood)
    except IntegrityError:
        # The lane's unique index: two claims passed NOT EXISTS together, and the other was first.
        return False
    if taken:
        entry.sent_at, entry.tries = now, entry.tries + 1
        entry.stood = None if stood == entry.before else stood
        for name, value in took.items():
            setattr(entry, name, value)
    return taken == 1


def hold(entry: Entry, *, again: bool = False) -> bool:
    """Take a settled-in-doubt row for looking (DOUBT, or ABSENT and CLOSED whose evidence may still
    turn up).

    A hold of the account keeps it from being looked for too, as the look may end in a resend.
    due_at is pushed on before the work, so a row that kills its worker comes back later and stops
    nobody.
    `again`: keep the claim and renew it for a resend; the send's moment is noted.
    """
    now, token = clock.about_now(), secrets.token_hex(8)
    mine = rows().filter(
        ~Exists(holds_of(entry)), pk=entry.pk, state=entry.state, claim=entry.claim
    )
    values: dict[str, Any] = {"claim": token, "due_at": now + HELD}
    if again:
        values |= {"tried_at": now}
    else:
        mine, values = (
            mine.filter(due_at__lte=now),
            values | {"looked_at": now, "tries": F("tries") + 1},
        )
    with writing():
        places.lock(entry.account_id)
        if not again and places.free(entry.account_id) <= 0:
            return False
        taken = mine.update(**values)
    if taken:
        entry.claim, entry.due_at = token, now + HELD
        if again:
            entry.tried_at = now
        else:
            entry.looked_at, entry.tries = now, entry.tries + 1
    return taken == 1


def move(entry: Entry, to: State, **values: Any) -> bool:
    """Write a new state. Raises NoSuchMove; False when another was first, and then nothing was
    written.

    Leaves `entry` as it was: a caller's commit may still fail. A row that stops holding its lane
    lets the clock of those behind it begin: time spent waiting does not count towards the 15
    minutes, and a time that the provider named, and that is still to come, stays. Secrets are
    erased with the outcome.
    """
    check(entry.state, to)
    now = clock.about_now()
    values = {"claim": "", "due_at": None} | values
    if to not in KEEPS_SECRETS:
        values["sealed"] = None
    if to == State.NOT_SENT:  # the claim was a try: nothing left us
        values["sent_at"] = None
    if to not in OPEN:
        values["settled_at"] = now
    moved = (
        rows().filter(pk=entry.pk, state=entry.state, claim=entry.claim).update(state=to, **values)
    )
    if moved and to not in OPEN and entry.state in OPEN:
        waiting = rows().filter(
            account=entry.account_id, lane=entry.lane, state__in=WAITING, first_at__lt=now
        )
        if entry.state in WAITING:
            waiting = waiting.filter(pk__gt=entry.pk)
        waiting.update(first_at=now)
    if moved and entry.price > 0 and entry.job is None:  # a job's are noted a batch at a time
        spending.note(entry.account_id)
    return moved == 1


def push(entry: Entry, **values: Any) -> bool:
    """Write without a move, and let go of the row: looked at, not settled."""
    with writing():
        pushed = (
            rows()
            .filter(pk=entry.pk, state=entry.state, claim=entry.claim)
            .update(claim="", **values)
        )
    if pushed:
        entry.claim = ""
    return pushed == 1


def put(entry: Entry, to: State, **values: Any) -> bool:
    """move() in a commit of its own."""
    with writing():
        moved = move(entry, to, **values)
    if moved:
        entry.state, entry.claim = to, ""
    return moved
