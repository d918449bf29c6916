"""What a member says of a port, and corrects of it."""

from collections.abc import Sequence

from django.db import transaction

from apps.accounts.models import Account, User
from apps.audit.services import record
from apps.changes.models import Entry
from apps.porting.models import Port, PortEvent
from apps.porting.services import ports
from apps.porting.thing import PORT
from apps.voicetel import clock


def say_uploaded(account: Account, port: Port, by: User) -> bool:
    """A member says that the signed letter and the bill are uploaded. False: that was said."""
    now = clock.about_now()
    with transaction.atomic():
        ports.hold(account)
        mine = Port.objects.of(account).filter(pk=port.pk, uploaded_at=None)
        if not mine.update(uploaded_at=now):
            return False
        event = ports.event_of(port, PortEvent.Kind.NOTED, now="Letter and bill uploaded")
        event.at, event.by = now, by.with_address[:254]
        event.save()
        ports.look_soon(account)
        record(by, account, "port_uploaded", port.pid, thing=PORT.name)
    return True


def corrected(account: Account, pid: str, lines: Sequence[Sequence[str]], comment: str) -> None:
    """A correction is in the port's ticket. Within the settling commit."""
    ports.hold(account)
    port = Port.objects.of(account).filter(pid=pid).first()
    if port is None:
        return
    now = clock.about_now()
    Port.objects.of(account).filter(pk=port.pk).update(corrected_at=now)
    entries = Entry.objects.of(account).filter(thing=PORT.name, subject=pid).order_by("-pk")
    entry = entries.first()
    event = ports.event_of(port, PortEvent.Kind.NOTED, now="Correction sent")
    said = [f"{name}: {was or 'nothing'} → {value}" for name, was, value in lines]
    event.was = "\n".join([*said, *([comment] if comment else [])])
    event.at, event.by = now, entry.by_name if entry else ""
    event.save()
    ports.look_soon(account)
