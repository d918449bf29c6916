"""Bring our copy of `portList` up to date, with an event for everything that it shows to have
changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef

from apps import locks
from apps.accounts.models import Account
from apps.copies import claims, source
from apps.copies.models import Copy
from apps.numbers.models import Number
from apps.porting import pace
from apps.porting.models import NO_DATE, PORTS, Port, PortEvent, PortNumber
from apps.porting.rules.stages import Stage, settled, stage_of
from apps.porting.services import telling
from apps.voicetel import clock
from apps.voicetel.client import Client
from apps.voicetel.client.records.porting import Port as Told

Kind = PortEvent.Kind
# What a look writes of a port that we have; the rest is an order's, a reading's or a member's.
WRITTEN = (
    *("status", "message", "foc", "foc_on", "sort_on", "stage", "row", "support_url"),
    *("corrected_at", "missed_at", "closed_at", "changed_at", "read_due_at"),
)


@dataclass(slots=True)
class Change:
    """A port of ours that VoiceTel tells differently now: the row with its new values, and what is
    to be written of it.
    """

    port: Port
    events: list[PortEvent] = field(default_factory=list)


class Difference(source.Difference):
    """What differs between their ports and ours, by pid."""

    def __init__(self, account: Account, told: list[Told]) -> None:
        self.account, self.asked = account, clock.now()
        ours = {port.pid: port for port in Port.objects.of(account)}
        listed = {each.pid: each for each in told}
        self.new = [each for pid, each in listed.items() if pid not in ours]
        self.changed = [
            change
            for pid, each in listed.items()
            if pid in ours and (change := compare(ours[pid], each))
        ]
        self.left = [p for pid, p in ours.items() if pid not in listed and p.missed_at is None]
        self.gone = [port.pk for port in self.left]
        self.held = sum(port.missed_at is None for port in ours.values())

    @property
    def any(self) -> bool:
        return bool(self.new or self.changed or self.left)

    def spare(self, copy: Copy, asked: datetime) -> None:
        """Leave alone what an order made since the list was asked for."""
        self.asked = asked
        self.left = [port for port in self.left if port.seen_at < asked]
        self.gone = [port.pk for port in self.left]

    def write(self, copy: Copy) -> None:
        hold(self.account)
        before_at = copy.read_at
        known = set(Port.objects.of(self.account).values_list("pid", flat=True))
        made = [make(self.account, each, self.asked) for each in self.new if each.pid not in known]
        Port.objects.across_accounts().bulk_create(made)
        events = [event_of(port, Kind.SEEN, now=port.status) for port in made]
        for change in self.changed:
            change.port.changed_at = self.asked
            if change.events:
                change.port.read_due_at = self.asked
            change.port.save(update_fields=WRITTEN)
            events += change.events
        for port in self.left:
            port.missed_at = port.changed_at = self.asked
            port.closed_at = port.closed_at or self.asked
            port.save(update_fields=["missed_at", "changed_at", "closed_at"])
            events.append(event_of(port, Kind.GONE))
        for event in events:
            event.at, event.before_at = self.asked, before_at
        PortEvent.objects.across_accounts().bulk_create(events)
        if not copy.first:
            telling.tell(self.account, events)


def hold(account: Account) -> None:
    """Within a transaction: no other writer of the account's ports until its end."""
    locks.hold(f"ports:{account.pk}")


def ask(client: Client) -> list[Told]:
    """What `portList` tells, newest first."""
    return client.ports.list()


def make(account: Account, told: Told, at: datetime) -> Port:
    """A row for a port that we did not have, not saved yet."""
    created = told.created_at or at
    foc_on = firm(told.foc_date, created)
    stage = settled(Stage.SENT, stage_of(told.status), dated=foc_on is not None, arrived=False)
    return Port(
        account=account,
        pid=told.pid,
        row=told.id[:64],
        status=told.status[:200],
        message=told.message or "",
        foc=(told.foc or "")[:40],
        foc_on=foc_on,
        sort_on=foc_on or NO_DATE,
        stage=stage,
        support_url=(told.support_url or "")[:300],
        created_at=created,
        seen_at=at,
        changed_at=created,
        closed_at=at if stage == Stage.COMPLETE else None,
        read_due_at=at,
    )


def firm(on: date | None, created: datetime) -> date | None:
    """A date that the losing carrier can have committed to: none before the order."""
    return on if on and on >= created.date() else None


def compare(port: Port, told: Told) -> Change | None:
    """Put what is told into the row; None where it says so already."""
    events: list[PortEvent] = []
    was = (port.status, port.message, port.foc, port.row, port.support_url, port.missed_at)
    status, message, foc = told.status[:200], told.message or "", (told.foc or "")[:40]
    if port.missed_at is not None:
        port.missed_at = port.closed_at = None
        events.append(event_of(port, Kind.BACK))
    foc_on = firm(told.foc_date, port.created_at)
    before, said = port.stage, stage_of(status)
    port.stage = settled(
        port.stage,
        said if status != port.status else None,
        dated=foc_on is not None,
        arrived=port.stage == Stage.ARRIVED,
    )
    led = port.stage if port.stage != before else ""
    if status != port.status:
        events.append(
            event_of(
                port, Kind.STATUS, port.status, status, stage=led, unknown=bool(status and not said)
            )
        )
    if (status, message) != (port.status, port.message):
        port.corrected_at = None
    if message != port.message:
        events.append(event_of(port, Kind.MESSAGE, port.message, message))
    if foc_on != port.foc_on:
        then, now = (each.isoformat() if each else "" for each in (port.foc_on, foc_on))
        events.append(event_of(port, Kind.DATE, then, now, stage=led))
    port.status, port.message, port.foc, port.foc_on = status, message, foc, foc_on
    port.sort_on = foc_on or port.wished_on or NO_DATE
    port.row = told.id[:64] or port.row
    port.support_url = (told.support_url or "")[:300] or port.support_url
    if port.stage == Stage.COMPLETE:
        port.closed_at = port.closed_at or clock.now()
    elif port.missed_at is None:
        port.closed_at = None
    now_is = (port.status, port.message, port.foc, port.row, port.support_url, port.missed_at)
    return Change(port, events) if events or now_is != was else None


def event_of(port: Port, kind: str, was: str = "", now: str = "", **more: object) -> PortEvent:
    """An event of a port at this moment, not saved yet."""
    return PortEvent(
        account_id=port.account_id,
        port=port,
        kind=kind,
        was=was,
        now=now,
        at=clock.about_now(),
        **more,
    )


def write_numbers(port: Port, numbers: Iterable[str], at: datetime) -> None:
    """The numbers that VoiceTel lists for a port; within a transaction that holds the account's
    ports.
    """
    told = {number for number in numbers if len(number) == 10 and number.isdigit()}
    ours = set(port.own_numbers().values_list("number", flat=True))
    if not told or told == ours:
        return
    port.own_numbers().filter(number__in=ours - told).delete()
    PortNumber.objects.across_accounts().bulk_create(
        [
            PortNumber(account_id=port.account_id, port=port, number=number)
            for number in sorted(told - ours)
        ]
    )
    if ours:
        event = event_of(port, Kind.NUMBERS, ", ".join(sorted(ours)), ", ".join(sorted(told)))
        event.before_at = port.read_at
        event.at = at
        event.save()


def mark_arrived(account: Account, at: datetime) -> int:
    """Ports whose numbers have come onto our copy of the account's list; how many numbers did.

    Within a transaction that holds the account's ports.
    """
    here = Number.objects.of(account).filter(number=OuterRef("number"))
    waiting = PortNumber.objects.of(account).filter(arrived_at=None, port__closed_at=None)
    came = list(waiting.filter(Exists(here)).select_related("port"))
    PortNumber.objects.of(account).filter(pk__in=[each.pk for each in came]).update(arrived_at=at)
    for port in {each.port_id: each.port for each in came}.values():
        _arrive(port, [each.number for each in came if each.port_id == port.pk], at)
    return len(came)


def _arrive(port: Port, numbers: list[str], at: datetime) -> None:
    whole = not port.own_numbers().filter(arrived_at=None).exists()
    led = ""
    if whole and port.stage not in {Stage.ARRIVED, Stage.COMPLETE}:
        led = port.stage = Stage.ARRIVED
    port.changed_at = at
    port.save(update_fields=["stage", "changed_at"])
    event_of(port, Kind.ARRIVED, now=", ".join(sorted(numbers)), stage=led).save()


def look_soon(account: Account) -> None:
    """Something was done that VoiceTel will answer: its list is read within half an hour."""
    soon = clock.about_now() + pace.LIVELY
    claims.row(account, PORTS).filter(next_at__gt=soon).update(next_at=soon)
