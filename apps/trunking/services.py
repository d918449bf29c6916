"""What is written of a trunk here: by changes, by reads of one thing, and by people's own notes."""

import ipaddress
import re
from collections.abc import Collection

from django.db import transaction

from apps.accounts import access
from apps.accounts.models import Account, User
from apps.audit.services import record
from apps.copies import claims
from apps.numbers.models import GATEWAYS, NUMBERS, Gateway, Number
from apps.numbers.services.gateways import remove_one, write_one
from apps.numbers.services.shape import is_number, text
from apps.trunking.models import ACCESS, AclEntry, GatewayReading, Trunk
from apps.trunking.sources import entry
from apps.voicetel import clock
from apps.voicetel.client import errors

SHOWN = 50  # numbers of a gateway that are kept with a reading


def write_ranges(account: Account, cidrs: Collection[str], *, listed: bool) -> None:
    """A change of ours listed these ranges, or took them off."""
    with transaction.atomic():
        copy = claims.locked(account, ACCESS)
        if listed:
            rows = [row for cidr in cidrs if (row := entry(account, cidr))]
            AclEntry.objects.of(account).bulk_create(rows, ignore_conflicts=True)
        else:
            AclEntry.objects.of(account).filter(cidr__in=cidrs).delete()
        copy.touched_at = clock.now()
        copy.save(update_fields=["touched_at"])


def note_range(account: Account, cidr: str, note: str, *, by: User) -> bool:
    """Give a range a note of our own; an empty one takes it away. False: it isn't listed."""
    with transaction.atomic():
        row = AclEntry.objects.of(account).select_for_update().filter(cidr=cidr).first()
        if row is None:
            return False
        if row.note != note:
            record(by, account, "range_noted", cidr, before=row.note, after=note)
            row.note = note
            row.save(update_fields=["note"])
    return True


def write_type(account: Account, number: int) -> None:
    """A change of ours set the type. VoiceTel's words for it are read back."""
    values = {"auth_type": number, "auth_words": "", "chosen": number}
    Trunk.objects.of(account).update_or_create(account=account, defaults=values)


def mark_password(account: Account, by: str) -> None:
    """The SIP password was set here."""
    values = {"password_at": clock.now(), "password_by": by[:254]}
    Trunk.objects.of(account).update_or_create(account=account, defaults=values)


def read_registration(account: Account) -> bool:
    """Ask who is registered, and keep it. Never raises for VoiceTel's failures: they are told on
    the row. Whether it was told.
    """
    asked = clock.now()
    rows = Trunk.objects.of(account)
    try:
        told = access.client_for(account).account.registration()
    except errors.VoiceTelError as error:
        rows.update_or_create(
            account=account,
            defaults={"registration_at": asked, "registration_failed": _why(error)},
        )
        if isinstance(error, errors.Unauthorized):
            access.confirm_dead(account)
        return False
    values = {
        "uri": text(told.uri, 255) if told else "",
        "agent": text(told.agent, 200) if told else "",
        "registration_at": asked,
        "registration_failed": "",
    } | ({"registered_at": asked} if told else {})
    rows.update_or_create(account=account, defaults=values)
    return True


def _why(error: errors.VoiceTelError) -> str:
    match error:
        case errors.BudgetSpent() | errors.RateLimited():
            return "VoiceTel asked us to wait. Try again later."
        case errors.Unauthorized():
            return "VoiceTel no longer accepts the account's connection."
        case errors.NotSent():
            return "VoiceTel is unreachable."
        case _:
            return "VoiceTel's answer couldn't be read."


def read_gateway(account: Account, gateway: int) -> bool:
    """Ask for one gateway and the numbers that route to it, and keep both. Whether it was told.

    Numbers that our copy has elsewhere have the list of numbers read again.
    """
    asked = clock.now()
    mine = GatewayReading.objects.of(account)
    try:
        client = access.client_for(account)
        write_one(account, client.gateways.get(gateway), asked=asked)
        told = [each.number for each in client.gateways.numbers(gateway) if is_number(each.number)]
    except errors.Absent:
        claims.mark_due(account, GATEWAYS)  # the list decides, with its second look
        mine.filter(gateway=gateway).delete()
        return False
    except errors.VoiceTelError as error:
        values = {"read_at": asked, "failed": _why(error)}
        mine.update_or_create(account=account, gateway=gateway, defaults=values)
        if isinstance(error, errors.Unauthorized):
            access.confirm_dead(account)
        return False
    values = {"read_at": asked, "failed": "", "held": len(told), "first": sorted(told)[:SHOWN]}
    mine.update_or_create(account=account, gateway=gateway, defaults=values)
    ours = set(Number.objects.of(account).filter(route=gateway).values_list("number", flat=True))
    if ours != set(told):
        claims.mark_due(account, NUMBERS)
    return True


def forget_gateway(account: Account, gateway: int) -> None:
    """It was deleted: what was read of it goes."""
    remove_one(account, gateway)
    GatewayReading.objects.of(account).filter(gateway=gateway).delete()


HOST = re.compile(r"^sips?:(?:[^@>]*@)?(\[[^\]]*\]|[^:;>?]+)", re.IGNORECASE)


def host_of(uri: str) -> str:
    """The host of a SIP address: "203.0.113.10" of "sip:1000000001@203.0.113.10:5060"."""
    found = HOST.match(uri.strip().lstrip("<"))
    return found[1].strip() if found else ""


def address_of(text_of_it: str) -> ipaddress.IPv4Address | None:
    """The IPv4 address that a gateway's address[:port], or a host, names; None for a name."""
    host = text_of_it.rpartition(":")[0] if text_of_it.count(":") == 1 else text_of_it
    try:
        return ipaddress.IPv4Address(host.strip())
    except ValueError:
        return None


def find_gateway(account: Account, gateway: int) -> Gateway | None:
    """The account's row of that gateway."""
    return Gateway.objects.of(account).filter(gateway=gateway).first()
