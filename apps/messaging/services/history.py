"""A number's history taken in: each record once, each sent row with its record, each receipt with
the message that it is most likely of.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from apps import locks
from apps.accounts.models import Account
from apps.changes.models import Entry
from apps.changes.states import State
from apps.messaging import segments
from apps.messaging.models import Feed, Kind, Message, Receipt
from apps.messaging.services import conversations, opting
from apps.messaging.thing import MESSAGE, ends
from apps.money import micro
from apps.voicetel import clock
from apps.voicetel.client.records.messaging import Message as Record

AROUND = timedelta(minutes=5)  # between our moment of a sending and the history's
ALONE = timedelta(minutes=2)  # a sole candidate whose text the provider changed
SAME = 500  # ids in one question to the database


def take_in(account: Account, number: str, kind: str, records: Sequence[Record]) -> int:
    """Write what `messageHistory` told of one number; how many records were new.

    Spans may overlap and come in any order. The caller has no transaction open.
    """
    with transaction.atomic():
        locks.hold(f"messages:{account.pk}:{number}")
        new = (
            _receipts(account, number, records)
            if kind == Kind.DLR
            else _messages(account, number, kind, records)
        )
        if kind != Kind.DLR:
            adopt(account, number)
            bind(account, number, kind)
        match_receipts(account, number)
    return new


def _messages(account: Account, number: str, kind: str, records: Sequence[Record]) -> int:
    mine = Message.objects.of(account).filter(number=number, kind=kind)
    known = set[str | None]()
    for first in range(0, len(records), SAME):
        some = [each.id[:64] for each in records[first : first + SAME]]
        known |= set(mine.filter(ident__in=some).values_list("ident", flat=True))
    now, rows = clock.now(), dict[str, Message]()
    for record in sorted(records, key=lambda each: (each.at, each.id)):
        ident = record.id[:64]
        if ident in known or ident in rows or not record.far_end:
            continue
        rows[ident] = Message(
            account=account,
            number=number,
            far=record.far_end[:15],
            kind=kind,
            out=record.outbound,
            text=record.text.replace("\0", ""),
            at=record.at,
            ident=ident,
            cost=None if record.cost is None else micro(record.cost),
            seen_at=now,
        )
    made = list(rows.values())
    Message.objects.of(account).bulk_create(made)
    conversations.heard(account, number, made)
    opting.read(account, number, made)
    return len(made)


def adopt(account: Account, number: str) -> None:
    """Rows for sendings that are done without one: a person said that it happened, or our copy
    failed when it settled.
    """
    lost = Entry.objects.of(account).filter(
        thing=MESSAGE.name,
        subject__startswith=f"{number}:",
        state=State.DONE,
        copy_stale=True,
        sent_at__isnull=False,
    )
    have = Message.objects.of(account).filter(number=number, entry__in=lost)
    for entry in lost.exclude(pk__in=have.values("entry")):
        row = row_of(entry)
        row.save()
        conversations.heard(account, number, [row])


def row_of(entry: Entry) -> Message:
    """The message of an entry, not saved yet: as it was sent, bound to no record."""
    number, far = ends(entry.subject)
    media = list(entry.args.get("media") or [])
    return Message(
        account=entry.account,
        number=number,
        far=far,
        kind=Kind.MMS if media else Kind.SMS,
        out=True,
        text=entry.args.get("text", ""),
        at=entry.sent_at or entry.created_at,
        entry=entry,
        media=media,
    )


def unbound(account: Account, number: str, kind: str = "") -> QuerySet[Message]:
    """Sent rows whose record was not found yet, oldest first."""
    found = Message.objects.of(account).filter(
        number=number, out=True, ident=None, entry__isnull=False
    )
    return (found.filter(kind=kind) if kind else found).order_by("at", "pk")


def bind(account: Account, number: str, kind: str) -> None:
    """Give each sent row its record: the one with its own id; else the oldest of the same far end
    and text around it; else a sole one of the same far end right beside it, whose text the
    provider changed. Every record is one row's alone.
    """
    sent = list(unbound(account, number, kind))
    if not sent:
        return
    found = list(
        Message.objects.of(account)
        .filter(
            number=number,
            kind=kind,
            out=True,
            entry=None,
            far__in={row.far for row in sent},
            at__gte=sent[0].at - AROUND,
            at__lte=sent[-1].at + AROUND,
        )
        .order_by("at", "pk")
    )
    for row, record in pairs(sent, found):
        _merge(row, record)


def pairs(sent: Sequence[Message], found: Sequence[Message]) -> list[tuple[Message, Message]]:
    """(sent row, its record) for those that have one. Both lists oldest first."""
    made: list[tuple[Message, Message]] = []
    rows, records = list(sent), list(found)

    def take(row: Message, record: Message) -> None:
        made.append((row, record))
        rows.remove(row)
        records.remove(record)

    by_id = {record.ident: record for record in records}
    for row in list(rows):
        if (record := by_id.get(row.sent_id)) and record.far == row.far:
            take(row, record)
    for row in list(rows):
        fits = (record for record in records if fits_row(row, record.far, record.text, record.at))
        if record := next(fits, None):
            take(row, record)
    for row in list(rows):
        near = [each for each in records if each.far == row.far and abs(each.at - row.at) <= ALONE]
        rivals = [each for each in rows if each.far == row.far and abs(each.at - row.at) <= ALONE]
        if len(near) == 1 and len(rivals) == 1:
            take(row, near[0])
    return made


def fits_row(row: Message, far: str, text: str, at: datetime) -> bool:
    """Whether a record may be of that sending."""
    same = row.far == far and segments.clean(row.text) == segments.clean(text)
    return same and abs(row.at - at) <= AROUND


def _merge(row: Message, record: Message) -> None:
    """One row of two: the record's leaves, what it told stays."""
    record.delete()
    row.ident, row.cost, row.seen_at = record.ident, record.cost, record.seen_at
    row.receipt_at = row.receipt_at or record.receipt_at
    if segments.clean(record.text) != segments.clean(row.text):
        row.sent_as = record.text
    row.save(update_fields=["ident", "cost", "seen_at", "receipt_at", "sent_as"])


def left_over(
    account: Account, subject: str, kind: str, text: str, since: datetime, records: Iterable[Record]
) -> list[Record]:
    """The records that can only be a sending of that subject and text whose answer was lost, oldest
    first. since: when it was sent. records: of the history around that moment.

    A record that a row is bound to, or that was known before the sending, is none. Of the others,
    sendings that are done and not bound yet take theirs first.
    """
    number, far = ends(subject)
    told = [
        each
        for each in records
        if each.outbound
        and each.far_end == far
        and segments.clean(each.text) == segments.clean(text)
        and abs(each.at - since) <= AROUND
    ]
    mine = Message.objects.of(account).filter(number=number, kind=kind)
    known = mine.filter(ident__in=[each.id[:64] for each in told])
    gone = set(known.filter(entry__isnull=False).values_list("ident", flat=True))
    gone |= set(known.filter(seen_at__lt=since).values_list("ident", flat=True))
    free = sorted(
        (each for each in told if each.id[:64] not in gone), key=lambda each: (each.at, each.id)
    )
    done = [
        row
        for row in unbound(account, number, kind)
        if fits_row(row, far, text, row.at) and abs(row.at - since) <= AROUND * 2
    ]
    shapes = [
        Message(far=far, text=each.text, at=each.at, ident=each.id[:64], kind=kind) for each in free
    ]
    taken = {id(record) for _, record in pairs(done, shapes)}
    return [each for each, shape in zip(free, shapes, strict=True) if id(shape) not in taken]


def _receipts(account: Account, number: str, records: Sequence[Record]) -> int:
    mine = Receipt.objects.of(account).filter(number=number)
    before = mine.count()
    mine.bulk_create(
        [
            Receipt(
                account=account,
                number=number,
                far=each.far_end[:15],
                ident=each.id[:64],
                at=each.at,
            )
            for each in records
            if each.far_end
        ],
        ignore_conflicts=True,
    )
    return mine.count() - before


def match_receipts(account: Account, number: str) -> None:
    """Receipts name no message. Each goes, in time order, to the newest earlier message of its pair
    without one, once both histories are read up to it.
    """
    waiting = Receipt.objects.of(account).filter(number=number, used=False).order_by("at", "pk")
    if not waiting:
        return
    read = dict(
        Feed.objects.of(account)
        .filter(number=number, kind__in=[Kind.SMS, Kind.MMS])
        .values_list("kind", "covered_to")
    )
    ends_at = [read.get(Kind.SMS), read.get(Kind.MMS)]
    if None in ends_at:
        return
    until = min(at for at in ends_at if at)
    for receipt in waiting.filter(at__lte=until):
        row = (
            Message.objects.of(account)
            .filter(number=number, far=receipt.far, out=True, receipt_at=None, at__lte=receipt.at)
            .order_by("-at", "-pk")
            .first()
        )
        if row:
            row.receipt_at = receipt.at
            row.save(update_fields=["receipt_at"])
        Receipt.objects.of(account).filter(pk=receipt.pk).update(used=True)


def sent(account: Account, subject: str, answer_id: str, ident: str, **told: object) -> None:
    """A sending is done: its row, within the commit that settles it. answer_id: what the entry is
    bound to. ident: of the record that proved it, "" where the answer came.
    """
    number, _ = ends(subject)
    entry = Entry.objects.of(account).filter(bound=answer_id, thing=MESSAGE.name).first()
    if entry is None:
        return
    locks.hold(f"messages:{account.pk}:{number}")
    row = row_of(entry)
    if ident:
        known = Message.objects.of(account).filter(number=number, kind=row.kind, ident=ident)
        if (record := known.first()) and record.entry_id is None:
            record.delete()
            row.cost, row.receipt_at = record.cost, record.receipt_at
        row.ident, row.seen_at = ident, clock.about_now()
    for name, value in told.items():
        setattr(row, name, value)
    row.save()
    conversations.heard(account, number, [row])
