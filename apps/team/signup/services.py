"""Opening an account: the row, the one call of it, and what its answer makes of it."""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from apps import emails
from apps.accounts import access, sealed
from apps.accounts.addresses import network, wide_network
from apps.accounts.arriving import connect, letters
from apps.accounts.models import Attempt, ConnectLink, User
from apps.accounts.signing_in import throttle
from apps.accounts.signing_in.throttle import Limit, Throttled
from apps.audit.services import record
from apps.notifications.services import tell
from apps.proxies import client_address
from apps.running.work import SECONDS, work_off
from apps.team.models import SignUp
from apps.text import shortened
from apps.voicetel import clock
from apps.voicetel.client import Absent, NotSent, RateLimited, Refused, VoiceTelError
from apps.voicetel.client.records.account import NewAccount

log = logging.getLogger(__name__)

DAY = timedelta(days=1)
LINKS = Limit("signup_links", 10, timedelta(hours=1))  # of one network
MAILS = Limit("signup_mails", 2, letters.LINK_LIVES)  # to one address
ADDRESS = Limit("signup_address", 1, DAY)  # accounts of one confirmed address
NETWORK = Limit("signup_network", 2, DAY)  # of one /24 or /48
throttle.FURTHER += (LINKS, MAILS, ADDRESS, NETWORK)
A_DAY = 20  # calls in all: the others wait in turn, so that strangers fill no bound for anybody
BROKE_OFF = timedelta(minutes=2)  # a call that began so long ago was cut off with its process
AGAIN = timedelta(minutes=1)  # after a call that didn't leave us
SHOWN, KEPT = timedelta(hours=1), timedelta(days=7)  # the password, once shown; at most
State = SignUp.State


def ask_link(request: HttpRequest, email: str) -> None:
    """The first step: a link to a mailbox. Known or unknown address: the same rows and mail.

    Raises Throttled by network alone.
    """
    throttle.take(LINKS, network(client_address(request)))
    email = emails.kept_or_typed(email)
    try:
        throttle.take(MAILS, email)
    except Throttled:
        return  # enough lie in their mail; whose it is learns nobody
    letters.write("signup_link", email)


def arrive(link: ConnectLink, company: str, promo: str, password: str, address: str) -> User | None:
    """A new person and their wish. None: there is such a person by now. Raises Throttled."""
    wide = wide_network(address)
    counted = _count(link.email, wide)
    hashed = make_password(password)  # slow on purpose: not while others wait to write
    try:
        with transaction.atomic():
            user = User.objects.create(email=link.email, password=hashed)
            _write(user, company, promo, wide)
    except IntegrityError:
        throttle.give_back(counted)
        return None
    return user


def ask(user: User, company: str, promo: str, address: str) -> SignUp:
    """The wish of a person who is known; one that waits already stays as it is. Raises
    Throttled.
    """
    under_way = SignUp.objects.filter(user=user, state__in=[State.WAITING, State.SENDING])
    if waiting := under_way.first():
        return waiting
    wide = wide_network(address)
    counted = _count(user.email, wide)
    try:
        with transaction.atomic():
            return _write(user, company, promo, wide)
    except IntegrityError:  # a second press was quicker
        throttle.give_back(counted)
        return SignUp.objects.filter(user=user).latest("pk")


def last_of(user: User) -> SignUp | None:
    return SignUp.objects.filter(user=user).order_by("-pk").first()


def password_of(row: SignUp) -> str:
    """The password that VoiceTel told once, and an event that it was shown; "" when it's over."""
    if not row.given or _is_over(row):
        return ""
    if row.shown_at is None:
        SignUp.objects.filter(pk=row.pk, shown_at=None).update(shown_at=clock.now())
    record(row.user, None, "answer_shown", row.number)
    return str(sealed.unseal(f"person:{row.user_id}", bytes(row.given)))


def forget_password(user: User) -> bool:
    """The person has stored it. False: it was gone."""
    return bool(SignUp.objects.filter(user=user, given__isnull=False).update(given=None))


def check(user: User) -> bool:
    """After a lost answer: have VoiceTel asked for its password email, which tells whether it knows
    the address. False: nothing to check.
    """
    lost = SignUp.objects.filter(user=user, state=State.LOST)
    return bool(lost.update(state=State.CHECKING, due_at=clock.now()))


def send_due(*, everything: bool = False) -> None:
    """A sweep: those that wait, one network after another; those whose process died; checks."""
    now = clock.about_now()
    cut = SignUp.objects.filter(state=State.SENDING, sent_at__lt=now - BROKE_OFF)
    work_off(cut, lambda row: _settle(row, State.LOST), SECONDS, log)
    over = SignUp.objects.filter(given__isnull=False)
    work_off(over.select_related("user"), _forget_old, SECONDS, log)
    due = SignUp.objects.select_related("user")
    if not everything:
        due = due.filter(due_at__lte=now)
    work_off(due.filter(state=State.CHECKING), _ask_voicetel, SECONDS, log)
    sent = SignUp.objects.filter(sent_at__gt=now - DAY)
    room = A_DAY - sent.count()
    served = Counter(sent.values_list("network", flat=True))
    waiting = in_turn(due.filter(state=State.WAITING).order_by("asked_at")[:500], served)
    if len(waiting) > room:
        log.error("%s sign-ups wait: %s were sent within a day", len(waiting), A_DAY - room)
    work_off(waiting[: max(room, 0)], _send, SECONDS, log)


def in_turn(rows: Iterable[SignUp], served: Counter[str]) -> list[SignUp]:
    """One of each network after another, the longest-waiting first; served: how many each got."""
    turns = []
    for row in rows:
        served[row.network] += 1
        turns.append((served[row.network], row.asked_at, row.pk, row))
    return [row for *_, row in sorted(turns, key=lambda turn: turn[:3])]


def _send(row: SignUp) -> None:
    """The one call. A row that says it is being sent is never sent again."""
    now = clock.now()
    mine = SignUp.objects.filter(pk=row.pk, state=State.WAITING)
    if not mine.update(state=State.SENDING, sent_at=now):
        return
    row.state = State.SENDING
    try:
        answer = access.public_client().account.sign_up(
            row.company, row.user.email, row.promo or None
        )
    except (NotSent, RateLimited):
        SignUp.objects.filter(pk=row.pk, state=State.SENDING).update(
            state=State.WAITING, sent_at=None, due_at=now + AGAIN
        )
    except Refused as no:
        _settle(row, State.DECLINED, said=shortened(no.message, 300))
    except VoiceTelError:
        _settle(row, State.LOST)
    else:
        _made(row, answer)


def _made(row: SignUp, answer: NewAccount) -> None:
    """The password is kept in the commit that says the account is open, and its connection waits in
    line like any newcomer's.
    """
    with transaction.atomic():
        box = sealed.seal(f"person:{row.user_id}", answer.password)
        if _settle(row, State.MADE, number=answer.username, given=box):
            typed = connect.Typed(answer.username, connect.Kind.PASSWORD, answer.password)
            connect.begin(row.user, typed, row.network)


def _ask_voicetel(row: SignUp) -> None:
    """`accountRecovery` of a confirmed address: sent, so the account is there; 404, so it isn't."""
    mine = SignUp.objects.filter(pk=row.pk, state=State.CHECKING)
    if not mine.update(due_at=clock.now() + BROKE_OFF):
        return
    try:
        access.public_client().account.recover(row.user.email)
    except (NotSent, RateLimited):
        return
    except Absent:
        _settle(row, State.DECLINED, said="VoiceTel doesn't know your address: nothing was opened.")
    except VoiceTelError as lost:
        log.warning("the check of sign-up %s: %s", row.pk, lost)
        _settle(row, State.LOST)
    else:
        _settle(row, State.MAILED)


def _settle(row: SignUp, state: str, **values: object) -> bool:
    moved = SignUp.objects.filter(pk=row.pk, state=row.state).update(
        state=state, settled_at=clock.now(), **values
    )
    if moved and state == State.MADE:
        tell(row.user, "account_opened", opened=str(values["number"]))
    return bool(moved)


def _is_over(row: SignUp) -> bool:
    now = clock.about_now()
    shown = row.shown_at is not None and row.shown_at < now - SHOWN
    return shown or bool(row.settled_at and row.settled_at < now - KEPT)


def _forget_old(row: SignUp) -> None:
    if _is_over(row):
        SignUp.objects.filter(pk=row.pk).update(given=None)


def _count(email: str, wide: str) -> list[Attempt]:
    """Count a sign-up. Raises Throttled; what was counted on the way is given back."""
    taken = [throttle.take(NETWORK, wide)]
    try:
        taken.append(throttle.take(ADDRESS, email))
    except Throttled:
        throttle.give_back(taken)
        raise
    return taken


def _write(user: User, company: str, promo: str, wide: str) -> SignUp:
    now = clock.now()
    record(user, None, "signed_up", company)
    return SignUp.objects.create(
        user=user, company=company, promo=promo, network=wide, asked_at=now, due_at=now
    )
