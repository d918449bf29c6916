"""Reconnecting an account: an owner's wish waits in line for a call of the hour, and is settled by what the provider says."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from apps.accounts import access, profiles, sealed
from apps.accounts.models import Account, KeyExchange, User
from apps.audit.services import record
from apps.voicetel import budget, clock
from apps.voicetel.client import BudgetSpent, NotSent, RateLimited, Refused, Unauthorized, VoiceTelError
from apps.voicetel.client.records.account import Account as Answer
from apps.voicetel.hour import HOUR, LANES

log = logging.getLogger(__name__)

WAITS = timedelta(days=1)  # then the sealed secret is erased
CLAIM = timedelta(minutes=2)  # whoever tries it holds it so long
LANE = "owners"
LAST_TRY = 10
WORDS: dict[str, str] = {KeyExchange.Kind.PASSWORD: "password", KeyExchange.Kind.KEY: "API key"}


@dataclass(frozen=True)
class Line:
    """Where a wish stands. `about`: when its call may go; None: within a minute."""

    place: int
    about: datetime | None


def ask(account: Account, user: User, kind: str, secret: str) -> KeyExchange:
    """Put an owner's wish in line; it takes the place of one that waits already. secret: VoiceTel password or API key."""
    now = clock.now()
    box = sealed.seal(account.pk, secret)
    with transaction.atomic():
        before = last_wish(account)
        keeps = before and before.state in {KeyExchange.State.WAITING, KeyExchange.State.EXPIRED}
        kept = before.asked_at if before and keeps else None  # who types it anew, or comes back after a day, keeps the place
        KeyExchange.objects.of(account).filter(state=KeyExchange.State.WAITING).delete()
        wish = KeyExchange.objects.of(account).create(
            account=account, asked_by=user, kind=kind, sealed=box, asked_at=kept or now, due_at=now, expires_at=now + WAITS
        )
        record(user, account, "key_asked", kind=kind)
    return wish


def cancel(account: Account, user: User) -> bool:
    """Withdraw the wish that waits, and forget its secret."""
    with transaction.atomic():
        waiting = KeyExchange.objects.of(account).filter(state=KeyExchange.State.WAITING)
        gone = waiting.update(state=KeyExchange.State.CANCELLED, sealed=None, settled_at=clock.now())
        if gone:
            record(user, account, "key_cancelled")
    return bool(gone)


def last_wish(account: Account) -> KeyExchange | None:
    """The wish that waits, else the last that was settled."""
    return KeyExchange.objects.of(account).order_by("-pk").first()


def line_of(wish: KeyExchange) -> Line:
    """Its place among all that wait, and about when its turn comes by what is left of the hour."""
    waiting = KeyExchange.objects.across_accounts().filter(state=KeyExchange.State.WAITING)
    place = 1 + waiting.filter(asked_at__lt=wish.asked_at).count()
    outlook = budget.outlook(lane=LANES[LANE])
    if place <= outlook.left:
        return Line(place, None)
    later = sorted([call.at + HOUR for call in outlook.calls])
    behind = place - outlook.left - 1
    about = later[behind] if behind < len(later) else (outlook.next_at or clock.now()) + HOUR
    return Line(place, max(about, outlook.next_at or about))


def attempt(wish: KeyExchange) -> bool:
    """Try a wish that this process claimed. False: no call is to be had now, so nobody behind it need try either.

    Raises nothing that the provider may do.
    """
    try:
        key, answer = _ask_provider(wish)
    except (BudgetSpent, RateLimited) as full:
        _push(wish, full.retry_at)
        return False
    except NotSent:
        return False  # the claim's two minutes are the pause
    except Unauthorized:
        settle(wish, KeyExchange.State.REFUSED, f"VoiceTel says that this {WORDS[wish.kind]} is not right.")
    except Refused as refused:
        settle(wish, KeyExchange.State.REFUSED, f"VoiceTel refused it: “{refused.message}”")
    except VoiceTelError:
        _again(wish)
    except sealed.Unsealable:
        settle(wish, KeyExchange.State.REFUSED, "What you typed can no longer be opened here. Type it once more.")
    else:
        if answer and answer.username != wish.account.number:
            settle(wish, KeyExchange.State.REFUSED, "This API key is not this account's.")
        elif settle(wish, KeyExchange.State.DONE, "", key=key) and answer:
            profiles.write(wish.account, answer)  # the call was spent, and its answer is the profile
    return True


def _ask_provider(wish: KeyExchange) -> tuple[str, Answer | None]:
    """The key that works; for a pasted one also whose it is. One call of the hour."""
    secret: str = sealed.unseal(wish.account_id, bytes(wish.sealed or b""))
    number = wish.account.number
    if wish.kind == KeyExchange.Kind.PASSWORD:
        return access.public_client(lane=LANE, number=number).account.exchange_key(number, secret), None
    return secret, access.client_with(secret, number, lane=LANE).account.get()


def settle(wish: KeyExchange, state: str, reason: str, *, key: str = "") -> bool:
    """Write the end of a wish and erase its secret; with a key, connect the account. False: it was withdrawn meanwhile."""
    now = clock.now()
    with transaction.atomic():
        mine = KeyExchange.objects.across_accounts().filter(pk=wish.pk, state=KeyExchange.State.WAITING)
        if not mine.update(state=state, reason=reason[:300], sealed=None, settled_at=now):
            return False
        if key:
            account = Account.objects.select_for_update().get(pk=wish.account_id)
            account.set_key(key)
            account.save(update_fields=["sealed_key", "key_state", "key_changed_at"])
        action = {KeyExchange.State.DONE: "key_connected", KeyExchange.State.EXPIRED: "key_expired"}.get(
            KeyExchange.State(state), "key_refused"
        )
        record(wish.asked_by, wish.account, action)
    return True


def claim(wish: KeyExchange, now: datetime) -> bool:
    """Push it on before it is tried, so that one that fails, or kills its process, stops nobody else."""
    free = KeyExchange.objects.across_accounts().filter(pk=wish.pk, state=KeyExchange.State.WAITING, due_at=wish.due_at)
    return bool(free.update(due_at=now + CLAIM))


def failed(wish: KeyExchange) -> None:
    """Something of ours broke on it: tried again later, ten times at most."""
    _again(wish)


def _again(wish: KeyExchange) -> None:
    """The answer was lost: asked again, less and less often, as each costs a call of the hour."""
    if wish.tries + 1 >= LAST_TRY:
        settle(wish, KeyExchange.State.REFUSED, "VoiceTel's answers could not be read. Try again later.")
        return
    waits = min(timedelta(minutes=2) * 2**wish.tries, timedelta(hours=1))
    waiting = KeyExchange.objects.across_accounts().filter(pk=wish.pk, state=KeyExchange.State.WAITING)
    waiting.update(tries=wish.tries + 1, due_at=clock.now() + waits)


def _push(wish: KeyExchange, until: datetime) -> None:
    waiting = KeyExchange.objects.across_accounts().filter(pk=wish.pk, state=KeyExchange.State.WAITING)
    waiting.update(due_at=until)
