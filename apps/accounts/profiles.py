"""The copy of `accountGet`: who wants it read, and what is written then. Billing reads it, as it
keeps every balance.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from django.db import transaction

from apps.accounts.models import Account, Profile
from apps.money import micro
from apps.running.work import SECONDS, work_off
from apps.text import shortened
from apps.voicetel import clock
from apps.voicetel.client.records.account import Account as Answer
from apps.voicetel.hour import line
from apps.voicetel.models import Wish

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)  # when nobody looks
YOUNG = timedelta(minutes=10)  # not read again for someone who looks
OPERATION, KIND = "accountGet", "profile"
BATCH = 500
# called with the account's primary key, in the commit that keeps a reading: for apps above
AFTER_READING: list[Callable[[int], object]] = []


def want(account: Account) -> None:
    """Someone looks at the balance: it moves up in the line, if it is older than ten minutes.

    No query while it is young or wanted already, as long as account.profile was loaded with the
    account. A want older than an hour is said again: its wish may have been settled at the very
    moment that it was made. One with a dead key asks nothing: it would stand in the line before
    those who can be served.
    """
    if account.key_state != Account.Key.LIVE:
        return
    profile = (
        Profile.objects.get_or_create(account=account)[0]
        if not hasattr(account, "profile")
        else account.profile
    )
    now = clock.about_now()
    young = profile.read_at and now - profile.read_at < YOUNG
    wanted = profile.wanted_at and now - profile.wanted_at < EVERY
    if not young and not wanted:
        line.want(OPERATION, "looking", KIND, account.pk, account=account.number)
        Profile.objects.filter(pk=profile.pk, wanted_at=profile.wanted_at).update(
            wanted_at=clock.now()
        )


def want_all() -> None:
    """Every connected account's is wanted, once an hour, when nobody looks."""
    waiting = Wish.objects.filter(operation=OPERATION, kind=KIND).values_list("about", flat=True)
    known = set(map(int, waiting))
    live = Account.objects.filter(key_state=Account.Key.LIVE).values_list(
        "pk", "number", "profile__read_at"
    )

    def work(row: tuple[int, str, datetime | None]) -> None:
        pk, number, read_at = row
        due = read_at and read_at + EVERY
        line.want(OPERATION, "behind", KIND, pk, account=number, due_at=due)

    work_off([row for row in live if row[0] not in known][:BATCH], work, SECONDS, log)


def wanted_no_more(account: str) -> None:
    """By its primary key, until it is connected again: then someone looks anew."""
    Profile.objects.filter(account_id=account).update(wanted_at=None)


def write(account: Account, answer: Answer, *, asked: datetime | None = None) -> bool:
    """Keep what the provider said. False, and nothing kept, when it spoke of another account.

    asked: when the call began, where the caller knows; its balance holds no charge made after that.
    """
    if answer.username != account.number:
        log.error("the key of account %s answers for another account", account.pk)
        return False
    now = clock.now()
    rates = {
        name: micro(rate)
        for name, rate in (
            (field.encode_name, getattr(answer.rates, field.name))
            for field in _fields(answer.rates)
        )
        if rate is not None
    }
    services = {
        field.encode_name: bool(getattr(answer.services, field.name))
        for field in _fields(answer.services)
    }
    read = {
        "balance": micro(answer.cash),
        "services": services,
        "rates": rates,
        "email": shortened(answer.email, 254),
        "caller_id": shortened(answer.caller_id or "", 20),
        "notify": answer.notify,
        "threshold": micro(answer.notify_threshold),
        "ccs": _small(answer.ccs),
        "auth_type": _small(answer.auth_type),
        "enabled": answer.enabled,
        "created": _in_utc(answer.created),
        "asked_at": asked or now,
        "read_at": now,
        "wanted_at": None,
    }
    about = {
        "name": shortened(answer.name, 120) or account.name,
        "zone": answer.timezone if _is_zone(answer.timezone) else account.zone,
    }
    with transaction.atomic():
        Profile.objects.update_or_create(account=account, defaults=read)
        Account.objects.filter(pk=account.pk).update(**about)
        for each in AFTER_READING:
            each(account.pk)
    return True


def keep(account: Account, *, zone: str = "", **values: object) -> None:
    """Keep what a change of the account's settings set: its zone, or columns of Profile."""
    if zone:
        Account.objects.filter(pk=account.pk).update(zone=zone)
    if values:
        Profile.objects.update_or_create(account=account, defaults=values)


def _fields(record: msgspec.Struct) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(record)


def _small(number: int | None) -> int | None:
    """The number, if an integer column can hold it."""
    return number if number is not None and abs(number) < 2**31 else None


def _in_utc(at: datetime | None) -> datetime | None:
    """The moment in UTC, if it still lies between the years 1 and 9999 there."""
    try:
        return at and at.astimezone(UTC)
    except OverflowError:
        return None


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and len(name) <= 64 and bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
