"""Connecting an account from outside: a confirmed address, a wish that waits in line, and what the provider's answer makes of it.

The rules and their reasons: docs/decisions/0007.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from apps.accounts import access, letters, ownership, profiles, sealed, throttle, tokens
from apps.accounts.addresses import client_address, network
from apps.accounts.arrivals import Connection, ConnectLink
from apps.accounts.models import Attempt, User
from apps.accounts.throttle import Limit, Throttled
from apps.audit.services import record
from apps.voicetel import clock, line
from apps.voicetel.client import NotSent, RateLimited, Refused, Unauthorized, VoiceTelError
from apps.voicetel.client.records.account import Account as Answer
from apps.voicetel.models import Wish

LANE = "newcomers"
DAY = timedelta(days=1)
SOON = timedelta(minutes=1)
LAST_TRY = 10
State, Kind = Connection.State, Connection.Kind
OPERATIONS: dict[str, str] = {Kind.PASSWORD: "accountApiKey", Kind.KEY: "accountGet"}
WORDS: dict[str, str] = {Kind.PASSWORD: "password", Kind.KEY: "API key"}

# Letters to anybody's address; then tries, each a call of the hour. A key is counted apart, and never against the name: what
# strangers try on a name with passwords does not keep its owner from pasting the key.
LINKS = Limit("connect_links", 10, timedelta(hours=1))  # of one network
MAILS = Limit("connect_mails", 5, DAY)  # to one address
ADDRESS = Limit("connect_address", 2, DAY)  # one confirmed address, one name; keys: one address
NAME = Limit("connect_name", 4, DAY)  # passwords for one name, of all addresses together
NETWORK = Limit("connect_network", 2, DAY)  # one /24 or /48: passwords, and apart from them keys
LIMITS = (LINKS, MAILS, ADDRESS, NAME, NETWORK)


@dataclass(frozen=True)
class Typed:
    """What a person typed in the second step. number: ten digits. secret: VoiceTel password or API key."""

    number: str
    kind: str
    secret: str


@dataclass(frozen=True)
class Place:
    """ahead: how many are before it. about_at: when its call may go; None: within a minute."""

    ahead: int
    about_at: datetime | None


def wide_network(address: str) -> str:
    """The /24 of an IPv4 address, the /48 of an IPv6 one: what newcomers share tries and turns by."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    return str(ip_network(f"{found}/{48 if found.version == 6 else 24}", strict=False))


def ask_link(request: HttpRequest, email: str) -> None:
    """The first step. Known or unknown address: the same rows, and the same mail. Raises Throttled by network alone."""
    throttle.take(LINKS, network(client_address(request)))
    try:
        throttle.take(MAILS, email.strip().lower())
    except Throttled:
        return  # enough lie in their mail; whose it is learns nobody
    letters.write("connect_link", email)


def find_link(token: str) -> ConnectLink | None:
    """The link, while it works."""
    return ConnectLink.objects.filter(print=tokens.print_of(token), expires_at__gt=clock.now()).first()


def use_link(link: ConnectLink) -> bool:
    """Use it up. False: somebody was quicker."""
    return bool(ConnectLink.objects.filter(pk=link.pk).delete()[0])


def arrive(link: ConnectLink, typed: Typed, password: str, address: str) -> User | None:
    """A new person and their wish, by the link of the first step. None: the link was used meanwhile. Raises Throttled."""
    counted = count_tries(link.email, typed, wide_network(address))
    try:
        with transaction.atomic():
            if not use_link(link):
                raise IntegrityError("used")
            user = User.objects.create_user(link.email, password)
            _put_in_line(user, typed, wide_network(address))
    except IntegrityError:  # the link or the address was taken by a second press
        throttle.give_back(counted)
        return None
    return user


def ask(user: User, typed: Typed, address: str) -> Connection:
    """Another wish of a person who is known. It takes the place of one for the same number. Raises Throttled."""
    count_tries(user.email, typed, wide_network(address))
    try:
        with transaction.atomic():
            return _put_in_line(user, typed, wide_network(address))
    except IntegrityError:  # pressed twice at once: the other press is in line
        return Connection.objects.get(user=user, number=typed.number, state=State.WAITING)


def count_tries(email: str, typed: Typed, wide: str) -> list[Attempt]:
    """Count a try before it may spend a call. Raises Throttled; what was counted on the way is given back."""
    if typed.kind == Kind.KEY:
        limits = [(ADDRESS, f"key:{email}"), (NETWORK, f"key:{wide}")]
    else:
        limits = [(ADDRESS, f"{email}:{typed.number}"), (NETWORK, wide), (NAME, typed.number)]
    taken: list[Attempt] = []
    for limit, whom in limits:
        try:
            taken.append(_take(limit, whom))
        except Throttled:
            throttle.give_back(taken)
            raise
    return taken


def _take(limit: Limit, whom: str) -> Attempt:
    """throttle.take() by the clock of the hour, which the demo can move on."""
    now = clock.now()
    key = salted_hmac("throttle", f"{limit.name}:{whom}", algorithm="sha256").hexdigest()
    attempt = Attempt.objects.create(key=key, at=now, until=now + limit.within)
    if Attempt.objects.filter(key=key, at__gt=now - limit.within).count() > limit.most:
        attempt.delete()
        raise Throttled(limit)
    return attempt


def _put_in_line(user: User, typed: Typed, wide: str) -> Connection:
    now = clock.now()
    mine = Connection.objects.filter(user=user, number=typed.number)
    before = mine.order_by("-pk").first()
    keeps = before and before.state in {State.WAITING, State.EXPIRED}
    kept = before.asked_at if before and keeps else None  # who types it anew, or comes back after a day, keeps the place
    _leave_the_line(mine)
    mine.filter(state=State.WAITING).delete()
    row = Connection.objects.create(
        user=user, number=typed.number, kind=typed.kind, network=wide, asked_at=kept or now, expires_at=now + DAY
    )
    Connection.objects.filter(pk=row.pk).update(sealed=sealed.seal(f"connection:{row.pk}", typed.secret))
    row.refresh_from_db(fields=["sealed"])
    line.want(OPERATIONS[row.kind], LANE, _ref(row), account=row.number, network=wide, since=row.asked_at)
    record(user, None, "connect_asked", typed.number, kind=typed.kind)
    return row


def cancel(user: User) -> bool:
    """Withdraw what waits, and forget its secret."""
    mine = Connection.objects.filter(user=user)
    with transaction.atomic():
        _leave_the_line(mine)
        waiting = mine.filter(state=State.WAITING)
        return bool(waiting.update(state=State.CANCELLED, sealed=None, settled_at=clock.now()))


def _leave_the_line(rows: QuerySet[Connection]) -> None:
    for row in rows.filter(state=State.WAITING):
        line.drop(OPERATIONS[row.kind], _ref(row))


def _ref(row: Connection) -> str:
    return f"connection:{row.pk}"


def last_of(user: User) -> Connection | None:
    """The wish that waits, else the last one."""
    mine = Connection.objects.filter(user=user)
    return mine.filter(state=State.WAITING).first() or mine.order_by("-pk").first()


def place_of(row: Connection) -> Place:
    """Its place among all that wait for the hour, and about when its turn comes."""
    place = line.place(OPERATIONS[row.kind], _ref(row))
    if place is None:
        return Place(0, None)
    return Place(place.ahead, place.about_at if place.about_at > clock.now() + SOON else None)


@line.serves("accountApiKey", "connection")
@line.serves("accountGet", "connection")
def serve(turn: Wish) -> bool:
    """It is this wish's turn. False: the answer was lost, and it is asked again less and less often, as each costs a call."""
    row = Connection.objects.filter(pk=turn.ref.partition(":")[2], state=State.WAITING).select_related("user").first()
    if row is None:
        return True
    if row.expires_at <= clock.now():
        return expire(row)
    return attempt(row)


def attempt(row: Connection) -> bool:
    """Ask the provider, once. Whether the wish is settled. Raises BudgetSpent, NotSent and RateLimited."""
    try:
        key, answer = _ask_provider(row)
    except (NotSent, RateLimited):
        raise
    except Unauthorized:
        return refuse(row, f"VoiceTel says that this {WORDS[row.kind]} is not right for account {row.number}.")
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
        return access.public_client(lane=LANE, number=row.number).account.exchange_key(row.number, secret), None
    return secret, access.client_with(secret, row.number, lane=LANE).account.get()


def _answered(row: Connection, key: str, answer: Answer | None) -> bool:
    """The provider confirmed it: the first owner, or a request to those who are. The secret is erased either way."""
    with transaction.atomic():
        if not _close(row, State.DONE):
            return True  # withdrawn meanwhile
        account, became = ownership.claim(row.user, row.number, key)
        if became is ownership.Became.CLAIMANT:
            Connection.objects.filter(pk=row.pk).update(state=State.ASKED)
            letters.write("join_waits", row.user.email, number=row.number)
        elif became is ownership.Became.OWNER:
            letters.write("connected", row.user.email, number=row.number)
    if became is ownership.Became.OWNER:
        if answer:
            profiles.write(account, answer)  # the call was spent, and its answer is the profile
        else:
            profiles.want(account)
    return True


def refuse(row: Connection, reason: str) -> bool:
    """End it with a reason in words, and mail it."""
    with transaction.atomic():
        if _close(row, State.REFUSED, reason[:300]):
            letters.write("connect_refused", row.user.email, number=row.number, reason=reason[:300])
            record(row.user, None, "connect_refused", row.number)
    return True


def expire_due() -> None:
    """Those who waited a day: what was typed is erased, and they are asked back."""
    for row in Connection.objects.filter(state=State.WAITING, expires_at__lte=clock.now()).select_related("user"):
        expire(row)


def expire(row: Connection) -> bool:
    """A day is over: what was typed is erased, and the person is asked back; the place in line is kept."""
    with transaction.atomic():
        line.drop(OPERATIONS[row.kind], _ref(row))
        if _close(row, State.EXPIRED):
            letters.write("connect_back", row.user.email, number=row.number)
    return True


def _lost(row: Connection) -> bool:
    """Count an answer that did not come; the last is the end."""
    if row.tries + 1 >= LAST_TRY:
        return refuse(row, "VoiceTel's answers could not be read. Try again later.")
    _waiting(row).update(tries=F("tries") + 1)
    return False


def _waiting(row: Connection) -> QuerySet[Connection]:
    return Connection.objects.filter(pk=row.pk, state=State.WAITING)


def _close(row: Connection, state: str, reason: str = "") -> bool:
    return bool(_waiting(row).update(state=state, reason=reason, sealed=None, settled_at=clock.now()))
