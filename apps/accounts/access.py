"""The one door to the provider: a client for an account, for staff, or for what needs no key; and
when a key counts as dead.
"""

import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.accounts import sealed
from apps.accounts.models import Account
from apps.accounts.owners import tell_owners
from apps.audit.services import record
from apps.voicetel import clock
from apps.voicetel.breaker import Guard
from apps.voicetel.budget import Meter
from apps.voicetel.client import Client, Transport, Unauthorized, VoiceTelError

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

_guard = Guard()


class KeyDead(Unauthorized):
    """The account has no key that VoiceTel takes. Nothing was sent."""

    def __init__(self, why: str) -> None:
        super().__init__(why, status=401)


class InTransaction(RuntimeError):
    """A provider call was about to run inside a transaction of ours, which would hold the database
    for as long as it takes.
    """


def client_for(account: Account, *, lane: str = "behind") -> Client:
    """An account's client with its own key. lane: who asks, one of voicetel.hour.LANES. Raises
    KeyDead.
    """
    if account.key_state != Account.Key.LIVE:
        raise KeyDead(
            "VoiceTel refuses this account's key. An owner can connect the account again under"
            " Settings, Connection."
        )
    try:
        key = account.key()
    except sealed.Unsealable:
        raise KeyDead(
            "This account's key cannot be opened here any more. An owner can connect the account"
            " again."
        ) from None
    return client_with(key, account.number, lane=lane)


def client_with(key: str, number: str, *, lane: str) -> Client:
    """A client with a key that is not the account's yet: one that was just pasted. number: whose
    call of the hour it is.
    """
    return Client(_transport(lane, number), key)


def public_client(*, lane: str = "newcomers", number: str = "") -> Client:
    """For what needs no key: the exchange, recovery, sign-up. number: for which account, as far as
    that is known.
    """
    return Client(_transport(lane, number))


def staff_client(*, lane: str = "looking") -> Client:
    """The operator's client, for staff's selectors and changes only.

    Raises KeyDead where VOICETEL_ADMIN_KEY is not set.
    """
    if not settings.VOICETEL_ADMIN_KEY:
        raise KeyDead("The operator's key, VOICETEL_ADMIN_KEY, is not set here.")
    return Client(_transport(lane, ""), settings.VOICETEL_ADMIN_KEY)


def confirm_dead(account: Account) -> bool:
    """After a 401: ask an unlimited operation with the same key, and mark the key dead only when
    that refuses it too.

    `gatewaysList` decides, as a 401 may also mean "number not on account". True: dead, now or
    before. False: it lives, or nobody can say at the moment. A key that cannot be opened here was
    refused by nobody: another process, or a mended FIELD_KEYS, may open it.
    """
    if account.key_state != Account.Key.LIVE:
        return True
    try:
        client_for(account).gateways.list()
    except KeyDead:  # our own word, before the provider's: nothing was asked
        log.error("no key of FIELD_KEYS here opens the key of account %s", account.pk)
        return False
    except Unauthorized:
        return _mark_dead(account)
    except VoiceTelError:
        return False
    return False


def _mark_dead(account: Account) -> bool:
    """Unless another key came in meanwhile: then that one decides.

    Of many who find it dead, one marks and tells it.
    """
    same = Account.objects.filter(
        pk=account.pk, key_state=Account.Key.LIVE, sealed_key=account.sealed_key
    )
    with transaction.atomic():
        if same.update(key_state=Account.Key.DEAD, key_changed_at=timezone.now()):
            record(None, account, "key_dead")
            tell_owners(account, "key_dead")
    account.refresh_from_db(fields=["key_state", "key_changed_at", "sealed_key"])
    return account.key_state != Account.Key.LIVE


def _transport(lane: str, number: str) -> Transport:
    """Cheap to make: the connections below it are kept by the client (voicetel/client/wire.py)."""
    return Transport(
        settings.VOICETEL_URL,
        adapter=_adapter(settings.VOICETEL_ADAPTER),
        meter=Meter(lane, number),
        guard=_guard,
        before=_refuse,
        now=clock.about_now,
    )


@lru_cache(maxsize=2)
def _adapter(path: str) -> Any:
    """Where requests go instead of sockets; tests name the sandbox here. None: sockets."""
    make: Callable[[], Any] | None = import_string(path) if path else None
    return make() if make else None


def _refuse() -> None:
    """A TestCase's own transaction does not count."""
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise InTransaction("a provider call inside a transaction")
