"""The one door to the provider: a client for an account, for staff, or for what needs no key; and
when a key counts as dead.
"""

import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from apps.accounts import sealed
from apps.accounts.models import Account
from apps.accounts.owners import tell_owners
from apps.audit.services import record
from apps.voicetel import clock
from apps.voicetel.breaker import Guard
from apps.voicetel.client import (
    Client,
    NotSent,
    RateLimited,
    Transport,
    Unauthorized,
    VoiceTelError,
)
from apps.voicetel.hour import line
from apps.voicetel.hour.meter import Meter
from apps.voicetel.models import Wish

Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


class KeyDead(Unauthorized):
    """The account has no key that VoiceTel takes. Nothing was sent."""

    def __init__(self, why: str) -> None:
        super().__init__(why, status=401)


class KeyClosed(KeyDead):
    """The account's key is sealed with a key that this server doesn't hold. VoiceTel wasn't asked,
    and refused nothing.
    """


class KeyTurning(NotSent):
    """The account's key is being turned: its password changes, and the new key isn't here yet.
    Nothing was sent.
    """


class InTransaction(RuntimeError):
    """A provider call was about to run inside a transaction of ours, which would hold the database
    for as long as it takes.
    """


def client_for(
    account: Account, *, call_class: str = "behind", about: int = 0, turns: bool = False
) -> Client:
    """An account's client with its own key. call_class: who asks, one of rules.CLASSES. about: the
    change that is sent, by primary key, which keeps its turn while VoiceTel limits its operation.
    turns: for what turns the key itself.

    Raises KeyDead, and KeyTurning.
    """
    if not turns and is_turning(account):
        raise KeyTurning("The account's SIP password is being changed. Try again in a minute.")
    if account.key_state != Account.Key.LIVE:
        raise KeyDead(
            "VoiceTel no longer accepts this account's connection. An owner can reconnect it under"
            " Settings, Connection."
        )
    try:
        key = account.key()
    except sealed.Unsealable:
        raise KeyClosed(
            "This server can't open the account's saved connection. An owner can reconnect it under"
            " Settings, Connection."
        ) from None
    return Client(_transport(call_class, account.number, about), key)


def is_turning(account: Account) -> bool:
    """Whether the account's key is being turned."""
    return account.turning_until is not None and account.turning_until > clock.about_now()


def was_turned(account: Account) -> bool:
    """After a 401: whether the key that `account` holds is being turned, or was since it was read.
    Then the 401 says nothing of the key.
    """
    now = Account.objects.filter(pk=account.pk).only("sealed_key", "turning_until").first()
    return now is not None and (is_turning(now) or now.sealed_key != account.sealed_key)


def client_with(key: str, number: str, *, call_class: str) -> Client:
    """A client with a key that is not the account's yet: one that was just pasted. number: whose
    call of the hour it is.
    """
    return Client(_transport(call_class, number), key)


def public_client(*, call_class: str = "newcomers", number: str = "") -> Client:
    """For what needs no key: the exchange, recovery, sign-up. number: for which account, as far as
    that is known.
    """
    return Client(_transport(call_class, number))


def staff_client(*, call_class: str = "looking") -> Client:
    """The operator's client, for staff's selectors and changes only.

    Raises KeyDead where VOICETEL_ADMIN_KEY is not set.
    """
    if not settings.VOICETEL_ADMIN_KEY:
        raise KeyDead("The operator's key, VOICETEL_ADMIN_KEY, is not set here.")
    return Client(_transport(call_class, ""), settings.VOICETEL_ADMIN_KEY)


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
    except KeyClosed:  # our own word, before the provider's: nothing was asked
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
    ).exclude(turning_until__gt=clock.about_now())
    with transaction.atomic():
        if same.update(key_state=Account.Key.DEAD, key_changed_at=timezone.now()):
            record(None, account, "key_dead")
            tell_owners(account, "key_dead")
    account.refresh_from_db(fields=["key_state", "key_changed_at", "sealed_key"])
    return account.key_state != Account.Key.LIVE


def _transport(call_class: str, number: str, about: int = 0) -> Transport:
    """Cheap to make: the connections below it are kept by the client (voicetel/client/wire.py)."""
    return Transport(
        settings.VOICETEL_URL,
        adapter=_adapter(settings.VOICETEL_ADAPTER),
        meter=Meter(call_class, number, about),
        guard=Guard(number),
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


def read_in_turn(
    turn: Wish,
    ask: Callable[[Client], Answer],
    write: Callable[[Account, Answer], bool],
    unwanted: Callable[[str], object],
) -> bool:
    """Make the call of a wish that is about an account, and write what came.

    False: it is to be asked again.

    write: says whether the answer was of use. unwanted: told the primary key once nothing can be
    asked any more, so that someone who looks after the account is connected again is heard. Raises
    BudgetSpent, NotSent and RateLimited; line.Moot when the account's key was dead before anything
    was asked; whatever write raises. A key that cannot be opened here costs no call, and is tried
    again as a lost answer is.
    """
    account = Account.objects.filter(pk=turn.about, key_state=Account.Key.LIVE).first()
    if account is None:
        unwanted(turn.about)
        raise line.Moot
    try:
        answer = ask(client_for(account, call_class=turn.call_class))
    except KeyTurning:
        return False  # others' turns don't wait for it
    except (NotSent, RateLimited):
        raise
    except Unauthorized:
        dead = confirm_dead(account)
        if dead:
            unwanted(turn.about)
        return dead
    except VoiceTelError as lost:
        log.warning("%s of account %s was not read: %s", turn.operation, account.pk, lost)
        return False
    try:
        return write(account, answer)
    except (OperationalError, InterfaceError):  # the database was away, which passes
        raise
    except Exception:
        # A mistake of ours meets the next answer too: each try would cost everybody a call of the
        # hour.
        Wish.objects.filter(pk=turn.pk).update(
            tries=line.PARKED_AFTER, due_at=clock.now() + line.PARKED
        )
        raise
