"""The copy of `accountGet`: who wants it read, and what is written when it was."""

from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from django.db import transaction

from apps.accounts.models import Account, Profile
from apps.voicetel import clock
from apps.voicetel.client.records.account import Account as Answer

MICRO = 1_000_000
EVERY = timedelta(hours=1)  # when nobody looks
YOUNG = timedelta(minutes=10)  # not read again for somebody who looks


def want(account: Account) -> None:
    """Somebody looks at the balance: read it as soon as the hour allows, if it is older than ten minutes.

    No query while it is young or wanted already, as long as account.profile was loaded with the account.
    """
    profile = Profile.objects.get_or_create(account=account)[0] if not hasattr(account, "profile") else account.profile
    young = profile.read_at and clock.about_now() - profile.read_at < YOUNG
    if not young and profile.wanted_at is None:
        now = clock.now()
        Profile.objects.filter(pk=profile.pk, wanted_at=None).update(wanted_at=now, due_at=now)


def write(account: Account, answer: Answer) -> bool:
    """Keep what the provider said. False, and nothing kept, when it spoke of another account."""
    if answer.username != account.number:
        return False
    now = clock.now()
    rates = {
        name: int(rate * MICRO)
        for name, rate in ((field.encode_name, getattr(answer.rates, field.name)) for field in _fields(answer.rates))
        if rate is not None
    }
    services = {field.encode_name: bool(getattr(answer.services, field.name)) for field in _fields(answer.services)}
    read = {
        "balance": int(answer.cash * MICRO),
        "services": services,
        "rates": rates,
        "read_at": now,
        "due_at": now + EVERY,
        "wanted_at": None,
    }
    about = {"name": answer.name[:120] or account.name, "zone": answer.timezone if _is_zone(answer.timezone) else account.zone}
    with transaction.atomic():
        Profile.objects.update_or_create(account=account, defaults={**read, "tries": 0})
        Account.objects.filter(pk=account.pk).update(**about)
    return True


def _fields(record: msgspec.Struct) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(record)


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and len(name) <= 64 and bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
