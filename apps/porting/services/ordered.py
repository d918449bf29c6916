"""What an order became, as our own rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from apps.accounts.models import Account
from apps.changes.models import Entry
from apps.porting.models import NO_DATE, Group, Port, PortEvent, PortNumber
from apps.porting.services import ports
from apps.voicetel import clock
from apps.voicetel.client.records.porting import Submitted


@dataclass(frozen=True, slots=True)
class Bill:
    """What a port's page says of the order. due: the date that was asked for."""

    carrier: str
    toll_free: bool
    due: date | None


def write(
    account: Account,
    group: int,
    entry: Entry | None,
    made: Mapping[str, tuple[str, ...]],
    told: Submitted | None,
    bill: Bill,
) -> None:
    """Keep the ports of an order, with links and ticket where its answer told them, and forget the
    PIN. Within the settling commit.
    """
    ports.hold(account)
    now = clock.about_now()
    for pid, numbers in made.items():
        port = Port.objects.of(account).filter(pid=pid).first() or Port(
            account=account, pid=pid, created_at=now, seen_at=now, read_due_at=now
        )
        port.carrier, port.toll_free, port.entry = bill.carrier, bill.toll_free, entry
        port.wished_on, port.changed_at = bill.due, now
        port.sort_on = port.foc_on or bill.due or NO_DATE
        if told is not None and told.pid == pid:
            port.loa_url, port.port_url = (
                (each or "")[:300] for each in (told.loa_url, told.port_url)
            )
            port.ticket, port.links_told = told.ticket, True
            port.message = port.message or told.message or ""
        port.save()
        PortNumber.objects.across_accounts().bulk_create(
            [PortNumber(account=account, port=port, number=number) for number in numbers],
            ignore_conflicts=True,
        )
        event = ports.event_of(port, PortEvent.Kind.ORDERED, now=port.message, stage=port.stage)
        event.at, event.by = now, entry.by_name if entry else ""
        event.save()
    ports.look_soon(account)
    Group.objects.of(account).filter(pk=group).update(sealed_pin=None, pin_at=None)
