"""Single rows: what an answer of the provider told about one number, and our label."""

from datetime import datetime
from typing import Any

from django.db import transaction

from apps.accounts.models import Account, User
from apps.audit.models import Event
from apps.audit.services import record
from apps.changes.services import look_soon
from apps.copies import claims
from apps.numbers.facets import Facets
from apps.numbers.models import NUMBERS, Gateway, Number
from apps.numbers.services.shape import is_number, shape
from apps.numbers.thing import NUMBER
from apps.numbers.traits import LABELED, traits_of
from apps.text import folded
from apps.voicetel import clock

LONGEST_FOLDED = 320  # a few signs fold to many letters


def write_route(account: Account, number: str, route: int) -> None:
    """A change of ours set the route.

    The gateway's name comes from our copy; unknown, it waits for the next look.
    """
    known = Gateway.objects.of(account).filter(gateway=route).first()
    write(account, number, route=route, gateway=known.address if known else "")


def write_detail(
    account: Account, record: Any, asked: datetime, targets: dict[str, Any] | None = None
) -> bool:
    """`numbersGet` told all of one number. targets: columns that other reads told with it.

    False when it is no evidence: it names no number, or a change was written since `asked`.
    """
    if not is_number(record.number):
        return False
    told = shape(record)._asdict()
    number = told.pop("number")
    values = told | (targets or {}) | {"detail_at": clock.now()}
    if not write(account, number, unless_since=asked, **values):
        return False
    look_soon(account, NUMBER, {number})
    return True


def label_number(
    account: Account, number: str, label: str, *, by: User | None = None
) -> Event | None:
    """Give a number our own name; empty takes it away. The event, None where it was so already.

    label: as text.name() gives it, 80 characters at most.
    """
    with transaction.atomic():
        claims.locked(account, NUMBERS)  # as write() does: a second tab sees what the first gave
        row = Number.objects.of(account).filter(number=number).only("label").first()
        if row is None or row.label == label:
            return None
        if write(account, number, label=label, folded=_folded(label)):
            mark_changed(account, number, by.with_address if by else "")
            facts = {"before": row.label, "after": label}
            return record(by, account, "number_labeled", number, thing=NUMBER.name, **facts)
    return None


def add_labeled(account: Account, labels: dict[str, str]) -> None:
    """Rows for numbers that no list has told yet, with our labels; the next list fills them in.
    Numbers that we hold already stay as they are.
    """
    Number.objects.of(account).bulk_create(
        [
            Number(
                account=account,
                number=number,
                reversed=number[::-1],
                label=label,
                folded=_folded(label),
                traits=LABELED,
            )
            for number, label in labels.items()
        ],
        ignore_conflicts=True,
    )


def accept_cost(account: Account, number: str, to: str, *, by: User) -> bool:
    """An owner has seen that this number's calls go where they cost more, and lets them. False:
    they go elsewhere by now, or that was said before.
    """
    row = Number.objects.of(account).filter(number=number, forward_to=to)
    with transaction.atomic():
        if not row.exclude(cost_seen=to).update(cost_seen=to):
            return False
        record(by, account, "forward_accepted", number, thing=NUMBER.name, to=to)
    return True


def mark_changed(account: Account, number: str, by: str) -> None:
    """A change made here is done. by: who made it, as they are called now."""
    row = Number.objects.of(account).filter(number=number)
    row.update(changed_at=clock.now(), changed_by=by[:254])


def write(
    account: Account, number: str, *, unless_since: datetime | None = None, **values: Any
) -> bool:
    """Write columns of one row, its traits, and the counts by cell, together. False when nothing
    was written.

    touched_at is set: what is written here is newer than any list that was asked for before, and
    such a list leaves the row alone. unless_since: write nothing when the row was touched at or
    after that moment.
    """
    with transaction.atomic():
        copy = claims.locked(account, NUMBERS)  # its lock also orders the writers of the counts
        row = Number.objects.of(account).select_for_update().filter(number=number).first()
        if row is None or (unless_since and row.touched_at and row.touched_at >= unless_since):
            return False
        before = (row.traits, row.route)
        for name, value in values.items():
            setattr(row, name, value)
        row.traits = traits_of(
            number,
            forward_to=row.forward_to,
            sms=row.sms,
            fax=row.fax,
            cnam=row.cnam,
            translated=row.translated,
            label=row.label,
        )
        row.touched_at = copy.touched_at = clock.now()
        row.save(update_fields=[*values, "traits", "touched_at"])
        if before != (row.traits, row.route):
            facets = Facets.load(copy.facts)
            facets.moved(before, (row.traits, row.route), row.gateway)
            copy.facts = facets.dump()
        copy.save(update_fields=["facts", "touched_at"])
    return True


def _folded(label: str) -> str:
    return folded(label)[:LONGEST_FOLDED]
