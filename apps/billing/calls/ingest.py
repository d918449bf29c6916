"""Records into rows: none twice, in slices, each with its own commit."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db import transaction

from apps import locks
from apps.accounts.models import Account
from apps.billing.calls.shape import UNKNOWN, Row, area_of, sides
from apps.billing.models import Call, Pull
from apps.numbers.models import Gone, Number

SLICE = 10_000
INSERTED, UPDATED = 2_000, 500  # rows a statement
FIELDS = Row._fields


@dataclass(slots=True)
class Taken:
    """What an answer brought: its rows; of these new, changed, and late: new, of a time held
    before.
    """

    rows: int = 0
    new: int = 0
    changed: int = 0
    late: int = 0


def numbers_of(account: Account) -> frozenset[str]:
    """The numbers that the account has, and had."""
    held = Number.objects.of(account).values_list("number", flat=True)
    return frozenset(held) | frozenset(Gone.objects.of(account).values_list("number", flat=True))


def place_again(account: Account, numbers: frozenset[str]) -> int:
    """Gives calls a direction that had none, now that more numbers are known. Returns how many."""
    mine = Call.objects.of(account).filter(direction=UNKNOWN)
    placed = []
    for call in mine.only("own", "far").iterator(chunk_size=INSERTED):
        # without a direction, own is the caller
        own, far, direction = sides(call.own, call.far, numbers)
        if direction != UNKNOWN:
            call.own, call.far, call.direction, call.area = own, far, direction, area_of(far)
            placed.append(call)
    Call.objects.of(account).bulk_update(
        placed, ["own", "far", "direction", "area"], batch_size=UPDATED
    )
    return len(placed)


def take_in(account: Account, rows: Iterable[Row], pull: Pull, *, held_until: int) -> Taken:
    """Writes rows that are not here yet, and those with other values. held_until: a new one before
    this moment is late.
    """
    taken = Taken()
    # the last of two with one id counts
    whole = sorted({row.record: row for row in rows}.values())
    for part in _slices(whole):
        with transaction.atomic():
            locks.hold(f"billing.calls:{account.pk}")
            _take_part(account, part, pull, held_until, taken)
    return taken


def _slices(rows: Sequence[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while part := list(islice(left, SLICE)):
        yield part


def _take_part(
    account: Account, part: list[Row], pull: Pull, held_until: int, taken: Taken
) -> None:
    since, until = part[0].at, part[-1].at
    ours = Call.objects.of(account).filter(at__gte=since, at__lte=until)
    known = {
        bytes(values[1]): (pk, Row(values[0], bytes(values[1]), *values[2:]))
        for pk, *values in ours.values_list("pk", *FIELDS)
    }
    new: list[Call] = []
    changed: list[Call] = []
    for row in part:
        pk, was = known.get(row.record, (None, None))
        if was == row:
            continue
        call = Call(pk=pk, account=account, pull=pull.pk, **row._asdict())
        (changed if was else new).append(call)
    Call.objects.of(account).bulk_create(new, batch_size=INSERTED)
    if changed:
        names = [name for name in FIELDS if name != "record"]
        Call.objects.of(account).bulk_update(changed, [*names, "pull"], batch_size=UPDATED)
    taken.rows += len(part)
    taken.new += len(new)
    taken.changed += len(changed)
    taken.late += sum(call.at < held_until for call in new)
