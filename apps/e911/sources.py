"""VoiceTel's list of 911 records, the only thing that proves that a number has none."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from apps.accounts.models import Account
from apps.changes.models import Entry
from apps.changes.services import look_soon
from apps.changes.states import HELD_BY_SENDER
from apps.copies import source
from apps.copies.models import Copy
from apps.copies.source import Source, register
from apps.e911 import lines
from apps.e911.models import E911, Record
from apps.e911.services import facts
from apps.e911.thing import ADDRESS
from apps.voicetel.client import Client

Standing, Told = Record.Standing, Record.Told
EVERY, STALE = timedelta(hours=6), timedelta(minutes=10)
WRITTEN = [
    *lines.WHOLE,
    *("standing", "told", "told_at", "wished", "read_due_at", "confirmed_at", "confirmed_by"),
]
NOBODY = (None, "")
BEFORE_ANY = datetime.min.replace(tzinfo=UTC)
HAS = frozenset({Standing.PROTECTED, Standing.SAID})


@dataclass(slots=True)
class Difference(source.Difference):
    """What differs between their records and our rows.

    told: the lines of the records that are new or changed, by number. gone: our key of each record
    that the list doesn't name, by number; bare: the same of numbers of which nothing was known,
    with since when the number is.
    """

    account: Account
    told: dict[str, lines.Lines]
    wished: dict[str, lines.Lines] = field(default_factory=dict)
    confirmed: dict[str, tuple[datetime | None, str]] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    bare: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    held: int = 0
    asked: datetime = BEFORE_ANY

    @property
    def any(self) -> bool:
        return bool(self.told or self.gone or self.bare)

    def spare(self, copy: Copy, asked: datetime) -> None:
        """Leave alone what a change wrote, or began, since the list was asked for; and numbers that
        arrived after it.
        """
        self.asked = asked
        written = written_since(self.account, copy, asked)
        self.told = {each: row for each, row in self.told.items() if each not in written}
        self.gone = {each: pk for each, pk in self.gone.items() if each not in written}
        self.bare = {
            each: (pk, since)
            for each, (pk, since) in self.bare.items()
            if since < asked and each not in written
        }

    def write(self, copy: Copy) -> None:
        rows = Record.objects.of(self.account)
        made = [self._row(number, told) for number, told in self.told.items()]
        rows.bulk_create(
            made,
            batch_size=2000,
            update_conflicts=True,
            unique_fields=["account", "number"],
            update_fields=WRITTEN,
        )
        absent = [*self.gone.values(), *(pk for pk, _ in self.bare.values())]
        for at in range(0, len(absent), 2000):
            nothing = dict.fromkeys(lines.WHOLE, "")
            rows.filter(pk__in=absent[at : at + 2000]).update(
                **nothing,
                standing=Standing.NONE,
                told=Told.LISTED,
                told_at=self.asked,
                wished={},
                read_due_at=None,
                confirmed_at=None,
                confirmed_by="",
            )
        facts.count(copy, self.account)
        look_soon(self.account, ADDRESS, self.told.keys() | self.gone.keys())

    def _row(self, number: str, told: lines.Lines) -> Record:
        wished = self.wished.get(number, {})
        return Record(
            account=self.account,
            number=number,
            standing=Standing.PROTECTED,
            told=Told.LISTED,
            told_at=self.asked,
            wished={} if lines.same(wished, told) else wished,
            confirmed_at=self.confirmed.get(number, NOBODY)[0],
            confirmed_by=self.confirmed.get(number, NOBODY)[1],
            **told,
        )


def ask(client: Client) -> dict[str, lines.Lines]:
    """What `e911QueryAll` tells, by number; {} where it says that there is nothing."""
    return {
        record.number: lines.of_record(record)
        for record in client.e911.list()
        if len(record.number) == 10 and record.number.isdecimal()
    }


def compare(account: Account, told: dict[str, lines.Lines]) -> Difference:
    """Difference between their records and our rows; empties `told` of what is known already."""
    found = Difference(account, told)
    rows = Record.objects.of(account).values_list(
        *("pk", "number", "standing", "told_at", "wished", "confirmed_at", "confirmed_by"),
        *lines.WHOLE,
    )
    for pk, number, standing, told_at, wished, at, by, *values in rows:
        theirs = told.get(number)
        if standing in HAS:
            found.held += 1
        if theirs is None:
            if standing in HAS:
                found.gone[number] = pk
            elif standing == Standing.UNKNOWN:
                found.bare[number] = (pk, told_at)
        elif standing == Standing.PROTECTED and [*theirs.values()] == values:
            del told[number]
        else:
            found.wished[number] = wished
            if at and lines.same_place(theirs, dict(zip(lines.WHOLE, values, strict=True))):
                found.confirmed[number] = (at, by)
    return found


def written_since(account: Account, copy: Copy, asked: datetime) -> set[str]:
    """Numbers whose record a change made here wrote, or began to, after the list was asked for."""
    begun = set(
        Entry.objects.of(account)
        .filter(thing=ADDRESS.name, state__in=HELD_BY_SENDER, tried_at__gte=asked)
        .values_list("subject", flat=True)
    )
    if copy.touched_at is None or copy.touched_at < asked:
        return begun
    rows = Record.objects.of(account).filter(touched_at__gte=asked)
    return begun.union(rows.values_list("number", flat=True))


records = register(Source(E911, "911 record", ask, compare, EVERY, STALE, "/e911/"))
