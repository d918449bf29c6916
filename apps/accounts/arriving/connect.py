"""Connecting an account from outside: a confirmed address, a wish that waits in line, and what the
provider's answer makes of it.

The rules and their reasons: docs/decisions/0007.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest

from apps import emails
from apps.accounts import access, members, profiles, sealed
from apps.accounts.addresses import network, wide_network
from apps.accounts.arriving import letters, link_tokens
from apps.accounts.models import Attempt, Connection, ConnectLink, User
from apps.accounts.reconnect import LAST_TRY, OPERATIONS, WORDS
from apps.accounts.signing_in import throttle
from apps.accounts.signing_in.throttle import Limit, Throttled
from apps.audit.services import record
from apps.notifications.services import tell
from apps.proxies import client_address
from apps.running.work import SECONDS, work_off
from apps.voicetel import clock
from apps.voicetel.client import NotSent, RateLimited, Refused, Unauthorized, VoiceTelError
from apps.voicetel.client.records.account import Account as Answer
from apps.voicetel.hour import line
from apps.voicetel.models import Wish

log = logging.getLogger(__name__)

CALL_CLASS = "newcomers"
DAY = timedelta(days=1)
TOO_NEAR = timedelta(minutes=1)  # a turn nearer than this is shown without a time
BATCH = 200  # that expire in one sweep; the next one goes on
State, Kind = Connection.State, Connection.Kind

# Letters to anybody's address; then tries, each a call of the hour: one that cost none is given
# back. A key is counted apart, and never against the name: what strangers try on a name with
# passwords does not keep its owner from pasting the key.
LINKS = Limit("connect_links", 10, timedelta(hours=1))  # of one network
# to one address: who is held off has one that works
MAILS = Limit("connect_mails", 2, letters.LINK_LIVES)
ADDRESS = Limit("connect_address", 2, DAY)  # one confirmed address, one name; keys: one address
NAME = Limit("connect_name", 4, DAY)  # passwords for one name, of all addresses together
NETWORK = Limit("connect_network", 2, DAY)  # one /24 or /48: passwords, and apart from them keys
LIMITS = (LINKS, MAILS, ADDRESS, NAME, NETWORK)


@dataclass(frozen=True)
class Typed:
    """What a person typed in the second step. number: ten digits. secret: VoiceTel password or API
    key.
    """

    number: str
    kind: str
    secret: str


@dataclass(frozen=True)
class ProofPosition:
    """Where a wish is in the queue.

    ahead: how many are before it. about_at: when its call goes unless others come before it; None:
    within a minute. latest_at: when it goes whoever comes. minutes: how long until about_at, in
    fives; 0: more than an hour.
    """

    ahead: int
    about_at: datetime | None
    latest_at: datetime | None = None
    minutes: int = 0


def ask_link(request: HttpRequest, email: str) -> None:
    """The first step.

    Known or unknown address: the same rows, and the same mail. Raises Throttled by network alone.
    """
    throttle.take(LINKS, network(client_address(request)))
    email = emails.kept_or_typed(email)
    try:
        throttle.take(MAILS, email)
    except Throttled:
        return  # enough lie in their mail; whose it is learns nobody
    letters.write("connect_link", email)


def find_link(token: str) -> ConnectLink | None:
    """The link, while it works: once for someone new, whom it makes known.

    Then, as for all who are known, it leads to the sign-in.
    """
    return ConnectLink.objects.filter(
        print=link_tokens.print_of(token), expires_at__gt=clock.now()
    ).first()


def arrive(link: ConnectLink, typed: Typed, password: str, address: str) -> User | None:
    """A new person and their wish, by the link of the first step.

    None: there is such a person by now. Raises Throttled.
    """
    now, wide = clock.now(), wide_network(address)
    counted = _count(_counts(link.email, typed.number, typed.kind, wide), now)
    hashed = make_password(password)  # slow on purpose: not while others wait to write
    try:
        with transaction.atomic():
            user = User.objects.create(email=link.email, password=hashed)
            _put_in_line(user, typed, wide, now)
    except IntegrityError:  # a second press was quicker
        throttle.give_back(counted)
        return None
    return user


def ask(user: User, typed: Typed, address: str) -> Connection:
    """Another wish of a person who is known. It takes the place of one for the same number. Raises
    Throttled.

    Tries of a waiting one that cost no call yet pass on to it, so that a slip can be mended however
    little is left of the day.
    """
    now, wide = clock.now(), wide_network(address)
    counts = _counts(user.email, typed.number, typed.kind, wide)
    passed_on = [
        each
        for waits in _waiting_of(user, typed.number)
        if line.is_untried(*_wish(waits))
        for each in _counts_of(waits)
    ]
    counted = _count([each for each in counts if each not in passed_on], now)
    try:
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=user.pk)  # one press at a time
            _leave_the_line(_waiting_of(user, typed.number))
            # in vain if its call began this very moment
            _count([each for each in counts if each in passed_on], now)
            return _put_in_line(user, typed, wide, now)
    except Throttled:
        throttle.give_back(counted)
        raise


def begin(user: User, typed: Typed, wide: str) -> Connection:
    """The wish that the portal makes for a person whose account VoiceTel has just opened; not
    counted as a try. wide: the network it began from. In the caller's transaction.
    """
    return _put_in_line(user, typed, wide, clock.now())


def _counts(email: str, number: str, kind: str, wide: str) -> list[tuple[Limit, str]]:
    """What a try counts against."""
    if kind == Kind.KEY:
        return [(ADDRESS, f"key:{email}"), (NETWORK, f"key:{wide}")]
    return [(ADDRESS, f"{email}:{number}"), (NETWORK, wide), (NAME, number)]


def _counts_of(row: Connection) -> list[tuple[Limit, str]]:
    return _counts(row.user.email, row.number, row.kind, row.network)


def _count(counts: list[tuple[Limit, str]], now: datetime) -> list[Attempt]:
    """Count a try before it may spend a call.

    Raises Throttled; what was counted on the way is given back.
    """
    taken: list[Attempt] = []
    for limit, whom in counts:
        try:
            taken.append(throttle.take(limit, whom, now=now))
        except Throttled:
            throttle.give_back(taken)
            raise
    return taken


def _put_in_line(user: User, typed: Typed, wide: str, now: datetime) -> Connection:
    """now: the moment of its tries, which count until it expires."""
    mine = Connection.objects.filter(user=user, number=typed.number)
    before = mine.order_by("-pk").first()
    kept = before.asked_at if before and keeps_place(before) else None
    mine.filter(state=State.WAITING).delete()
    # whoever asks and cancels in a loop leaves one row, whatever numbers they type
    Connection.objects.filter(user=user, state=State.CANCELLED).delete()
    row = Connection.objects.create(
        user=user,
        number=typed.number,
        kind=typed.kind,
        network=wide,
        asked_at=kept or now,
        expires_at=now + DAY,
    )
    Connection.objects.filter(pk=row.pk).update(
        sealed=sealed.seal(f"connection:{row.pk}", typed.secret)
    )
    row.refresh_from_db(fields=["sealed"])
    operation, kind, about = _wish(row)
    line.want(
        operation, CALL_CLASS, kind, about, account=row.number, network=wide, since=row.asked_at
    )
    record(user, None, "connect_asked", typed.number, kind=typed.kind)
    return row


def keeps_place(row: Connection) -> bool:
    """Who types it anew keeps the place, and who comes back after a day in vain, while the way back
    by mail works.
    """
    return row.state == State.WAITING or (
        row.state == State.EXPIRED and clock.about_now() < row.expires_at + letters.BACK_LIVES
    )


def cancel(user: User, number: str) -> bool:
    """Withdraw what waits for that account, and forget its secret. Whether something waited."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        waiting = _waiting_of(user, number)
        _leave_the_line(waiting)
        return bool(waiting.update(state=State.CANCELLED, sealed=None, settled_at=clock.now()))


def _waiting_of(user: User, number: str) -> QuerySet[Connection]:
    waiting = Connection.objects.filter(user=user, number=number, state=State.WAITING)
    return waiting.select_related("user")


def _leave_the_line(rows: QuerySet[Connection]) -> None:
    """Out of the line; those that cost no call get their tries back."""
    for row in rows:
        if line.drop(*_wish(row)):
            for limit, whom in _counts_of(row):
                throttle.give_back_one(limit, whom, row.expires_at)


def _wish(row: Connection) -> tuple[str, str, int]:
    """Operation, kind and id of its wish in the line."""
    return OPERATIONS[row.kind], "connection", row.pk


def last_of(user: User) -> Connection | None:
    """The wish that waits, else the last one."""
    mine = Connection.objects.filter(user=user)
    return mine.filter(state=State.WAITING).first() or mine.order_by("-pk").first()


def place_of(row: Connection) -> ProofPosition:
    """Its place among all that wait for the hour, and when its turn comes."""
    place, now = line.place(*_wish(row)), clock.now()
    if place is None or place.about_at <= now + TOO_NEAR:
        return ProofPosition(place.ahead if place else 0, None)
    fives = ceil((place.about_at - now) / timedelta(minutes=5))
    return ProofPosition(
        place.ahead, place.about_at, place.latest_at, 5 * fives if fives <= 12 else 0
    )


@line.serves("accountApiKey", "connection")
@line.serves("accountGet", "connection")
def serve(turn: Wish) -> bool:
    """It is this wish's turn.

    False: the answer was lost, and it is asked again less and less often, as each costs a call.
    """
    row = (
        Connection.objects.filter(pk=turn.about, state=State.WAITING).select_related("user").first()
    )
    if row is None:
        raise line.Moot
    if row.expires_at <= clock.now():
        expire(row)
        raise line.Moot
    if not row.user.is_active:
        raise line.Moot  # who may not sign in owns nothing; what they typed goes when it expires
    return attempt(row)


def attempt(row: Connection) -> bool:
    """Ask the provider, once.

    Whether the wish is settled. Raises BudgetSpent, NotSent and RateLimited.
    """
    try:
        key, answer = _ask_provider(row)
    except (NotSent, RateLimited):
        raise
    except Unauthorized:
        return refuse(
            row, f"VoiceTel says that this {WORDS[row.kind]} is not right for account {row.number}."
        )
    except Refused as refused:
        return refuse(row, f"VoiceTel refused it: “{refused.message}”")
    except VoiceTelError:
        return _lost(row)
    except sealed.Unsealable:
        return refuse(row, "What you typed can no longer be opened here.")
    if answer and answer.username != row.number:
        return refuse(row, "This API key is not that account's.")
    return _answered(row, key, answer)


def _ask_provider(row: Connection) -> tuple[str, Answer | None]:
    """The key that works; for a pasted one also whose it is. One call of the hour."""
    secret: str = sealed.unseal(f"connection:{row.pk}", bytes(row.sealed or b""))
    if row.kind == Kind.PASSWORD:
        return access.public_client(call_class=CALL_CLASS, number=row.number).account.exchange_key(
            row.number, secret
        ), None
    return secret, access.client_with(secret, row.number, call_class=CALL_CLASS).account.get()


def _answered(row: Connection, key: str, answer: Answer | None) -> bool:
    """The provider confirmed it: the first owner, or a request to those who are.

    The secret is erased either way.
    """
    with transaction.atomic():
        if not _close(row, State.DONE):
            return True  # withdrawn meanwhile
        account, became = members.claim(row.user, row.number, key)
        if became is members.Became.CLAIMANT:
            Connection.objects.filter(pk=row.pk).update(state=State.ASKED)
            tell(row.user, "join_waits", number=row.number)
        elif became is members.Became.OWNER:
            tell(row.user, "connected", account=account)
    if became is members.Became.OWNER:
        if answer:
            profiles.write(account, answer)  # the call was spent, and its answer is the profile
        else:
            profiles.want(account)
    return True


def refuse(row: Connection, reason: str) -> bool:
    """End it with a reason in words, and tell it."""
    with transaction.atomic():
        if _close(row, State.REFUSED, reason[:300]):
            tell(row.user, "connect_refused", number=row.number, reason=reason[:300])
            record(row.user, None, "connect_refused", row.number)
    return True


def expire_due() -> None:
    """Those who waited a day: what was typed is erased, and they are asked back.

    One that fails stops nobody, and is erased too.
    """
    due = Connection.objects.filter(
        state=State.WAITING, expires_at__lte=clock.now()
    ).select_related("user")
    work_off(due.order_by("expires_at", "pk")[:BATCH], _expire_anyway, SECONDS, log)


def _expire_anyway(row: Connection) -> None:
    try:
        expire(row)
    except Exception:
        _close(row, State.EXPIRED)
        raise


def expire(row: Connection) -> None:
    """A day is over: what was typed is erased, and the person is asked back; the place in line is
    kept.
    """
    with transaction.atomic():
        line.drop(*_wish(row))
        if _close(row, State.EXPIRED):
            letters.write("connect_back", row.user.email, number=row.number)


def _lost(row: Connection) -> bool:
    """Count an answer that did not come; the last is the end."""
    if row.tries + 1 >= LAST_TRY:
        return refuse(row, "VoiceTel's answers could not be read. Try again later.")
    _waiting(row).update(tries=F("tries") + 1)
    return False


def _waiting(row: Connection) -> QuerySet[Connection]:
    return Connection.objects.filter(pk=row.pk, state=State.WAITING)


def _close(row: Connection, state: str, reason: str = "") -> bool:
    return bool(
        _waiting(row).update(state=state, reason=reason, sealed=None, settled_at=clock.now())
    )
