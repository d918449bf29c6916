"""A new SIP password, and with it a new API key.

VoiceTel's password change ends the key at once, and the exchange for a new one costs a call of the
hour. So an owner's wish waits in the line before anything is sent. When its turn comes: a hold on
every other change, the change itself (an entry as any), and the exchange right after it. Reads wait
too, and nobody calls the old key dead meanwhile. With `at_once` the password goes first, and
changes wait until the exchange has its turn.
"""

import time
from datetime import UTC, datetime, timedelta

import structlog
from django.db.models import Q, QuerySet

from apps.accounts import access, locks, sealed
from apps.accounts.models import Account, User
from apps.accounts.owners import must_own
from apps.audit.services import record
from apps.changes import machine
from apps.changes.models import Entry, Hold
from apps.changes.states import DEADLINE, FINAL, State
from apps.running.work import SECONDS, work_off
from apps.trunking.changes import TurnPassword
from apps.trunking.models import KeyTurn
from apps.voicetel import clock
from apps.voicetel.client import NotSent, RateLimited, Unauthorized, VoiceTelError
from apps.voicetel.hour import line
from apps.voicetel.models import Wish

log = structlog.get_logger("trunking")
OPERATION, KIND, CALL_CLASS = "accountApiKey", "turn", "owners"
WAITS = timedelta(days=1)  # then the sealed password is erased
FIRST_HOLD, HOLD = 120.0, 7200.0  # seconds: until the turn is written down, and after that
DRAIN, EACH = 20.0, 0.2  # seconds for what was claimed before the hold, and between two looks
CLAIM = timedelta(seconds=120)
TRIES = 3  # exchanges that tell nothing, or contradict what VoiceTel said
WHY = "The SIP password is being changed."
OPEN = (KeyTurn.State.WAITING, KeyTurn.State.TURNING)


def ask(account: Account, user: User, password: str, token: str, *, at_once: bool) -> KeyTurn:
    """Put an owner's wish in line; it takes the place of one that waits. token: of the form.

    One that is being sent already comes back as it is. Raises NoOwner.
    """
    now = clock.now()
    box = sealed.seal(account.pk, password)
    with locks.locked(account):
        must_own(account, user)
        same = KeyTurn.objects.of(account).filter(Q(state=KeyTurn.State.TURNING) | Q(token=token))
        if before := same.first():
            return before
        for waiting in KeyTurn.objects.of(account).filter(state=KeyTurn.State.WAITING):
            _end(waiting, KeyTurn.State.CANCELED, "Replaced by a newer request.", by=user)
        row = KeyTurn.objects.of(account).create(
            account=account,
            asked_by=user,
            sealed=box,
            token=token,
            at_once=at_once,
            asked_at=now,
            expires_at=now + WAITS,
        )
        _want(row)
        record(user, account, "password_asked")
    return row


def cancel(account: Account, user: User) -> bool:
    """An owner withdraws the wish while nothing is sent. False: none waits. Raises NoOwner."""
    with locks.locked(account):
        must_own(account, user)
        row = KeyTurn.objects.of(account).filter(state=KeyTurn.State.WAITING).first()
        return row is not None and _end(row, KeyTurn.State.CANCELED, "", by=user)


def find_turn(account: Account) -> KeyTurn | None:
    """The wish that is open, else the last one."""
    return KeyTurn.objects.of(account).order_by("-pk").first()


def place_of(row: KeyTurn) -> line.Position | None:
    """Where it stands in the line; None once it has left it."""
    return line.place(OPERATION, KIND, row.pk)


def _want(row: KeyTurn) -> None:
    line.want(OPERATION, CALL_CLASS, KIND, row.pk, account=row.account.number)


def _open() -> QuerySet[KeyTurn]:
    rows = KeyTurn.objects.across_accounts().filter(state__in=OPEN)
    return rows.select_related("account", "asked_by")


@line.serves(OPERATION, KIND)
def serve(turn: Wish) -> bool:
    """It is this wish's turn: there is room for the exchange. False: its answer told nothing.

    Raises Moot where no call is needed any more; BudgetSpent, NotSent and RateLimited.
    """
    row = _open().filter(pk=turn.about).first()
    if row is None:
        raise line.Moot
    if row.state == KeyTurn.State.WAITING and row.expires_at <= clock.now():
        _expire(row)
        raise line.Moot
    return advance(row)


def start(pk: int) -> None:
    """Send one that cannot wait, before its exchange has a turn. Whatever is left is the line's."""
    row = _open().filter(pk=pk, at_once=True).first()
    if row is None:
        return
    try:
        advance(row)
    except (line.Moot, NotSent, RateLimited) as later:
        log.info("a password goes on in its turn", turn=pk, why=str(later))


def advance(row: KeyTurn) -> bool:
    """Bring one as far as it goes now; one process at a time. Raises as serve()."""
    mine = KeyTurn.objects.across_accounts().filter(pk=row.pk)
    now = clock.now()
    free = mine.filter(Q(claim_until=None) | Q(claim_until__lte=now), state__in=OPEN)
    if not free.update(claim_until=now + CLAIM):
        raise NotSent("Another process is at it.")
    try:
        row.refresh_from_db()
        if row.state == KeyTurn.State.WAITING:
            _begin(row)
        return _exchange_if_sent(row, _send(row))
    finally:
        mine.update(claim_until=None)


def _begin(row: KeyTurn) -> None:
    """Stop the account's other changes and reads, then write down that the password may go."""
    account = Account.objects.get(pk=row.account_id)
    if not account.connected:
        _end(row, KeyTurn.State.REFUSED, "The account isn't connected. Nothing was sent.")
        raise line.Moot
    hold = machine.take_hold(account, Hold.Over.EVERYTHING, WHY, FIRST_HOLD)
    if hold is None:
        raise NotSent("The account's other changes are held for something else.")
    until = time.monotonic() + DRAIN
    while machine.is_held_up(hold):
        if time.monotonic() > until:
            machine.release_hold(hold.token)
            raise NotSent("Other changes of the account are still being sent.")
        time.sleep(EACH)
    with locks.locked(account) as held:
        mine = KeyTurn.objects.of(account).filter(pk=row.pk, state=KeyTurn.State.WAITING)
        begun = mine.update(state=KeyTurn.State.TURNING, hold=hold.token)
        if begun:
            held.turning_until = clock.now() + timedelta(seconds=HOLD)
            held.save(update_fields=["turning_until"])
    if not begun:  # canceled meanwhile
        machine.release_hold(hold.token)
        raise line.Moot
    machine.extend_hold(hold.token, HOLD)
    row.state, row.hold = KeyTurn.State.TURNING, hold.token


def _send(row: KeyTurn) -> Entry:
    """Its change, sent once however often this runs: the form's token makes one row. Raises Moot
    where it may not be sent any more.
    """
    account = Account.objects.get(pk=row.account_id)
    if row.entry is None:
        if row.asked_by is None:
            _end(row, KeyTurn.State.REFUSED, "Nobody asks for it any more. Nothing was sent.")
            raise line.Moot
        password = sealed.unseal(account.pk, bytes(row.sealed or b""))
        change = TurnPassword(account, "password", turn=row.pk, password=password)
        try:
            # the fresh sign-in was given when it was asked for
            entry = machine.submit(
                change, by=row.asked_by, token=row.token, fresh_at=datetime.now(UTC)
            )
        except machine.Declined as declined:
            _end(row, KeyTurn.State.REFUSED, str(declined))
            raise line.Moot from None
        KeyTurn.objects.of(account).filter(pk=row.pk).update(entry=entry.pk)
        row.entry = entry.pk
    machine.run(row.entry)
    return Entry.objects.of(account).get(pk=row.entry)


def _exchange_if_sent(row: KeyTurn, entry: Entry) -> bool:
    """The exchange, once the password may be the new one. Raises NotSent while that isn't known."""
    if entry.state in {State.REFUSED, State.CLOSED, State.ABSENT} or (
        entry.state == State.ASK and entry.sent_at is None
    ):
        _end(row, KeyTurn.State.REFUSED, entry.said or "Nothing was changed.")
        raise line.Moot  # the call goes back
    if entry.state in {State.READY, State.NOT_SENT, State.SENDING}:
        raise NotSent("The password is not sent yet.")
    if entry.state == State.DOUBT and entry.tried_at:
        over = entry.tried_at + DEADLINE
        if clock.about_now() <= over:
            raise NotSent("The send may still be on its way.")
    return _exchange(row, entry)


def _exchange(row: KeyTurn, entry: Entry) -> bool:
    """One call of the hour: the key for the new password. Whether the wish is settled."""
    account = Account.objects.get(pk=row.account_id)
    password = sealed.unseal(account.pk, bytes(row.sealed or b""))
    client = access.public_client(call_class=CALL_CLASS, number=account.number)
    try:
        key = client.account.exchange_key(account.number, password)
    except (NotSent, RateLimited):
        raise
    except Unauthorized:
        return _wrong(row, entry, account)
    except VoiceTelError as lost:
        log.warning("a key exchange told nothing", turn=row.pk, why=type(lost).__name__)
        return _lost(row, account)
    return _end(row, KeyTurn.State.DONE, "", key=key)


def _wrong(row: KeyTurn, entry: Entry, account: Account) -> bool:
    """The new password opens nothing. If the old key lives, the password wasn't changed."""
    if not _lives(account):
        return _disconnect(row, account)
    if entry.state in FINAL and row.tries + 1 < TRIES:  # it may take a moment there
        KeyTurn.objects.of(account).filter(pk=row.pk).update(tries=row.tries + 1)
        return False
    said = "VoiceTel didn't take the new password. The old one still works."
    return _end(row, KeyTurn.State.REFUSED, said)


def _lives(account: Account) -> bool:
    """Whether VoiceTel still takes the old key. Raises NotSent where nobody can say."""
    try:
        access.client_for(account, turns=True).gateways.list()
    except Unauthorized:
        return False
    except VoiceTelError as error:
        raise NotSent("VoiceTel doesn't say whether the old key works.") from error
    return True


def _lost(row: KeyTurn, account: Account) -> bool:
    """An exchange whose answer told nothing: tried again in a while, as each costs a call."""
    if row.tries + 1 < TRIES:
        KeyTurn.objects.of(account).filter(pk=row.pk).update(tries=row.tries + 1)
        return False
    return False if _lives(account) else _disconnect(row, account)


def _disconnect(row: KeyTurn, account: Account) -> bool:
    """The password is changed, or the key dead, and no exchange works: owners reconnect."""
    said = "The new password can't be used to reconnect. Reconnect the account with the password."
    ended = _end(row, KeyTurn.State.LOST, said)
    access.confirm_dead(Account.objects.get(pk=account.pk))  # marks it, and tells the owners
    return ended


def _end(row: KeyTurn, state: str, reason: str, *, key: str = "", by: User | None = None) -> bool:
    """Write the outcome and erase the password; with a key, connect the account by it. The
    account's other changes go on. Always true.
    """
    with locks.locked(row.account) as account:
        mine = KeyTurn.objects.of(account).filter(pk=row.pk, state__in=OPEN)
        now = clock.now()
        if mine.update(state=state, reason=reason[:300], sealed=None, settled_at=now):
            account.turning_until = None
            if key:
                account.set_key(key)
            fields = ["turning_until", "sealed_key", "key_state", "key_changed_at"]
            account.save(update_fields=fields)
            record(by or row.asked_by, account, ACTIONS[KeyTurn.State(state)])
    if row.hold:
        machine.release_hold(row.hold)
    line.drop(OPERATION, KIND, row.pk)
    if row.entry:
        machine.run(row.entry)  # a doubt is settled by what was learned
    return True


ACTIONS = {
    KeyTurn.State.DONE: "password_turned",
    KeyTurn.State.REFUSED: "password_kept",
    KeyTurn.State.LOST: "password_lost",
    KeyTurn.State.EXPIRED: "password_expired",
    KeyTurn.State.CANCELED: "password_canceled",
}


def tend() -> None:
    """The sweep: wishes of yesterday end, and what was begun never falls out of the line."""
    now = clock.now()

    def work(row: KeyTurn) -> None:
        if row.state == KeyTurn.State.TURNING:
            _want(row)
        elif row.expires_at <= now:
            _expire(row)

    due = Q(state=KeyTurn.State.TURNING) | Q(expires_at__lte=now)
    work_off(_open().filter(due).order_by("pk"), work, SECONDS, log)


def _expire(row: KeyTurn) -> None:
    said = "It couldn't be changed within a day, and what you typed was erased."
    _end(row, KeyTurn.State.EXPIRED, said)
