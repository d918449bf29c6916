"""Reconnecting an account: an owner's wish waits in the line for the hour, and is settled by what
the provider says.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from apps.accounts import access, locks, profiles, sealed
from apps.accounts.models import Account, KeyExchange, User
from apps.accounts.owners import must_own, tell_owners
from apps.accounts.signing_in import throttle
from apps.audit.services import record
from apps.notifications.services import tell
from apps.running.work import SECONDS, work_off
from apps.voicetel import clock
from apps.voicetel.client import NotSent, RateLimited, Refused, Unauthorized, VoiceTelError
from apps.voicetel.client.records.account import Account as Answer
from apps.voicetel.hour import line
from apps.voicetel.models import Wish

log = logging.getLogger(__name__)

WAITS = timedelta(days=1)  # then the sealed secret is erased
PLACE_KEPT = timedelta(days=7)  # after that day, for whoever types it again
# Passwords, or keys, tried for one account, wrong or right: each spends a call of everybody's hour.
# Counts as long as one waits.
TRIES = throttle.Limit("reconnect", 4, WAITS)
TOO_NEAR = timedelta(minutes=1)  # a turn nearer than this is shown without a time
CALL_CLASS = "owners"
LAST_TRY = 10
BATCH = 200  # that expire in one sweep; the next one goes on
OPERATIONS: dict[str, str] = {
    KeyExchange.Kind.PASSWORD: "accountApiKey",
    KeyExchange.Kind.KEY: "accountGet",
}
WORDS: dict[str, str] = {KeyExchange.Kind.PASSWORD: "password", KeyExchange.Kind.KEY: "API key"}


@dataclass(frozen=True)
class KeyPosition:
    """Where a wish stands. `about`: when its call may go; None: within a minute."""

    place: int
    about: datetime | None


def ask(account: Account, user: User, kind: str, secret: str) -> KeyExchange:
    """Put an owner's wish in line; it takes the place of one that waits already. secret: VoiceTel
    password or API key.

    Raises NoOwner, and throttle.Throttled; then what waits already stays in line.
    """
    now = clock.now()
    box = sealed.seal(account.pk, secret)
    with locks.locked(account):
        must_own(account, user)
        before = last_wish(account)
        kept = before.asked_at if before and _keeps_place(before, now) else None
        _leave_the_line(_waiting_of(account))
        _waiting_of(account).delete()
        # whoever asks and cancels in a loop leaves one row
        KeyExchange.objects.of(account).filter(state=KeyExchange.State.CANCELLED).delete()
        throttle.take(TRIES, _whom(account.pk, kind), now=now)
        wish = KeyExchange.objects.of(account).create(
            account=account,
            asked_by=user,
            kind=kind,
            sealed=box,
            asked_at=kept or now,
            expires_at=now + WAITS,
        )
        operation, thing, pk = _wish(wish)
        line.want(operation, CALL_CLASS, thing, pk, account=account.number, since=wish.asked_at)
        record(user, account, "key_asked", kind=kind)
    return wish


def _keeps_place(wish: KeyExchange, now: datetime) -> bool:
    """Who types it anew keeps the place, and who comes back within a week after a day in vain."""
    return wish.state == KeyExchange.State.WAITING or (
        wish.state == KeyExchange.State.EXPIRED and now < wish.expires_at + PLACE_KEPT
    )


def free_at(account: Account, kind: str) -> datetime:
    """When the next try may be made, for who was held off."""
    return throttle.free_at(TRIES, _whom(account.pk, kind))


def cancel(account: Account, user: User) -> bool:
    """An owner withdraws the wish that waits, and its secret is forgotten.

    False: none waits. Raises NoOwner.
    """
    with locks.locked(account):
        must_own(account, user)
        return withdraw(account, user)


def withdraw(account: Account, by: User, *, asked_by: User | None = None) -> bool:
    """Within the account's lock: withdraw the wish that waits. asked_by: if it is that person's."""
    waiting = _waiting_of(account).filter(asked_by=asked_by) if asked_by else _waiting_of(account)
    _leave_the_line(waiting)
    gone = waiting.update(state=KeyExchange.State.CANCELLED, sealed=None, settled_at=clock.now())
    if gone:
        record(by, account, "key_cancelled")
    return bool(gone)


def _waiting_of(account: Account) -> QuerySet[KeyExchange]:
    return KeyExchange.objects.of(account).filter(state=KeyExchange.State.WAITING)


def _leave_the_line(wishes: QuerySet[KeyExchange]) -> None:
    """Out of the line; what cost no call gets its try back."""
    for wish in wishes:
        if line.drop(*_wish(wish)):
            throttle.give_back_one(TRIES, _whom(wish.account_id, wish.kind), wish.expires_at)


def _whom(account: int, kind: str) -> str:
    return f"{account}:{kind}"


def last_wish(account: Account) -> KeyExchange | None:
    """The wish that waits, else the last that was settled."""
    return KeyExchange.objects.of(account).order_by("-pk").first()


def line_of(wish: KeyExchange) -> KeyPosition:
    """Its place among all that wait, and about when its turn comes by what is left of the hour."""
    place = line.place(*_wish(wish))
    if place is None:
        return KeyPosition(1, None)
    return KeyPosition(
        place.ahead + 1, place.about_at if place.about_at > clock.now() + TOO_NEAR else None
    )


def _wish(wish: KeyExchange) -> tuple[str, str, int]:
    """Operation, kind and id of its wish in the line."""
    return OPERATIONS[wish.kind], "exchange", wish.pk


@line.serves("accountApiKey", "exchange")
@line.serves("accountGet", "exchange")
def serve(turn: Wish) -> bool:
    """It is this wish's turn.

    False: the answer was lost, and it is asked again less and less often, as each costs a call.
    """
    waiting = (
        KeyExchange.objects.across_accounts()
        .filter(state=KeyExchange.State.WAITING)
        .select_related("account", "asked_by")
    )
    wish = waiting.filter(pk=turn.about).first()
    if wish is None:
        raise line.Moot
    if wish.expires_at <= clock.now():
        _expire(wish)
        raise line.Moot
    return attempt(wish)


def attempt(wish: KeyExchange) -> bool:
    """Ask the provider, once.

    Whether the wish is settled. Raises BudgetSpent, NotSent and RateLimited.
    """
    try:
        key, answer = _ask_provider(wish)
    except (NotSent, RateLimited):
        raise
    except Unauthorized:
        settle(
            wish,
            KeyExchange.State.REFUSED,
            f"VoiceTel says that this {WORDS[wish.kind]} is not right.",
        )
    except Refused as refused:
        settle(wish, KeyExchange.State.REFUSED, f"VoiceTel refused it: “{refused.message}”")
    except VoiceTelError:
        return _lost(wish)
    except sealed.Unsealable:
        settle(
            wish,
            KeyExchange.State.REFUSED,
            "What you typed can no longer be opened here. Type it once more.",
        )
    else:
        if answer and answer.username != wish.account.number:
            settle(wish, KeyExchange.State.REFUSED, "This API key is not this account's.")
        elif settle(wish, KeyExchange.State.DONE, "", key=key) and answer:
            # the call was spent, and its answer is the profile
            profiles.write(wish.account, answer)
    return True


def _ask_provider(wish: KeyExchange) -> tuple[str, Answer | None]:
    """The key that works; for a pasted one also whose it is. One call of the hour."""
    secret: str = sealed.unseal(wish.account_id, bytes(wish.sealed or b""))
    number = wish.account.number
    if wish.kind == KeyExchange.Kind.PASSWORD:
        return access.public_client(call_class=CALL_CLASS, number=number).account.exchange_key(
            number, secret
        ), None
    return secret, access.client_with(secret, number, call_class=CALL_CLASS).account.get()


def settle(wish: KeyExchange, state: str, reason: str, *, key: str = "") -> bool:
    """Write the end of a wish and erase its secret; with a key, connect the account.

    False: it was withdrawn meanwhile.
    """
    now = clock.now()
    with locks.locked(wish.account) as account:
        mine = KeyExchange.objects.across_accounts().filter(
            pk=wish.pk, state=KeyExchange.State.WAITING
        )
        if not mine.update(state=state, reason=reason[:300], sealed=None, settled_at=now):
            return False
        if key:
            account.set_key(key)
            account.save(update_fields=["sealed_key", "key_state", "key_changed_at"])
        action = {
            KeyExchange.State.DONE: "key_connected",
            KeyExchange.State.EXPIRED: "key_expired",
        }.get(KeyExchange.State(state), "key_refused")
        record(wish.asked_by, wish.account, action)
        if key:
            tell_owners(
                wish.account,
                "reconnected",
                by=wish.asked_by.with_address if wish.asked_by else "An owner",
            )
        elif wish.asked_by:
            tell(wish.asked_by, "reconnect_failed", account=wish.account, reason=reason)
    return True


def _lost(wish: KeyExchange) -> bool:
    """Count an answer that did not come; the last is the end."""
    if wish.tries + 1 >= LAST_TRY:
        settle(
            wish,
            KeyExchange.State.REFUSED,
            "VoiceTel's answers could not be read. Try again later.",
        )
        return True
    KeyExchange.objects.across_accounts().filter(
        pk=wish.pk, state=KeyExchange.State.WAITING
    ).update(tries=F("tries") + 1)
    return False


def expire() -> None:
    """Wishes older than a day end, and their secret is erased.

    One that fails stops nobody, and is erased too.
    """
    waiting = KeyExchange.objects.across_accounts().filter(state=KeyExchange.State.WAITING)
    due = (
        waiting.filter(expires_at__lte=clock.now())
        .select_related("account", "asked_by")
        .order_by("expires_at", "pk")
    )

    def work(wish: KeyExchange) -> None:
        try:
            _expire(wish)
        except Exception:
            waiting.filter(pk=wish.pk).update(
                state=KeyExchange.State.EXPIRED, sealed=None, settled_at=clock.now()
            )
            raise

    work_off(due[:BATCH], work, SECONDS, log)


def _expire(wish: KeyExchange) -> None:
    settle(
        wish,
        KeyExchange.State.EXPIRED,
        "It could not be tried within a day, and what you typed was erased.",
    )
    line.drop(*_wish(wish))
