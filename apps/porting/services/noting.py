"""What a member says of a port."""

from django.db import transaction

from apps.accounts.models import Account, User
from apps.audit.services import record
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
