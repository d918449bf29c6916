"""One send: the call, what its answer or its error means, and the commit that says so."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import DataError, IntegrityError, InterfaceError, OperationalError

from apps.accounts import access
from apps.accounts.models import Membership, User
from apps.accounts.roles import allows, roles_with
from apps.changes.change import Change, Result
from apps.changes.engine import given, kill_points, rows
from apps.changes.engine.telling import mark_done, tell_done
from apps.changes.models import Entry, Item
from apps.changes.states import DEADLINE, FINAL, FIRST_PAUSE, LATE, PUT_OFFS, TWIN, State, pause
from apps.voicetel import clock
from apps.voicetel.client import Client, Transport, errors

log = structlog.get_logger("changes")
UNKEPT = "VoiceTel answered, but its words could not be kept here."
NOTHING: Any = object()  # no answer to bring the copy up to date with


@dataclass(frozen=True)
class Outcome:
    """What a send or a look showed. due_at: when to take the row up again, for states that are not
    final.
    """

    state: State
    said: str = ""
    answer: Any = NOTHING
    results: tuple[Result, ...] = ()
    again: bool = True  # False: not to be sent again, whatever its class allows: a look must tell
    due_at: datetime | None = None
    status: int | None = None  # the provider's, where a line came
    dead_key: bool = False  # a 401 came: access must confirm what it means
    promised: bool = False  # due_at is the provider's word: the 15 minutes count from then


def may(entry: Entry, change: Change) -> bool:
    """Whether the person who pressed still has the right; asked again at every claim."""
    return may_press(entry.by_id, entry.account_id, type(change))


def may_press(person: int | None, account: int | None, kind: type[Change]) -> bool:
    """Whether that person, by primary key, has the right on that account, or is of the staff."""
    if kind.staff:
        found = User.objects.filter(pk=person or 0, is_active=True)
        return found.values_list("staff", flat=True).first() in {User.Staff.ADMIN, kind.staff}
    member = Membership.objects.filter(user=person, account=account, user__is_active=True)
    role = member.values_list("role", flat=True).first()
    return role is not None and allows(role, kind.needs)


def who_may(kind: type[Change]) -> str:
    """What the person who presses must have, in words: "the manager role"."""
    return "the portal's staff" if kind.staff else f"the {roles_with(kind.needs)} role"


def client_of(entry: Entry, kind: type[Change]) -> Client:
    """The client that sends and looks: with the account's key, or for staff the operator's.

    Raises access.KeyDead.
    """
    if kind.staff:
        return access.staff_client()
    assert entry.account is not None
    return access.client_for(entry.account, about=entry.pk, turns=kind.turns_key)


def attempt(entry: Entry, change: Change, claimed: float) -> Outcome:
    """Send once. claimed: monotonic moment just before the claim was written.

    Never raises for what the send did.
    """
    try:
        client = client_of(entry, type(change))
        _in_time(client.transport, claimed)
        kill_points.reach("before_send", entry)
        answer = change.send(client, entry.token)
    except Exception as error:  # noqa: BLE001 - what is not known to have stayed here is in doubt
        outcome = _of_turned_key(error, entry, change) or classify(error, entry, change)
    else:
        outcome = judged(change, answer)
    kill_points.reach("after_send", entry)
    return outcome


def _of_turned_key(error: Exception, entry: Entry, change: Change) -> Outcome | None:
    """A 401 of a call that was begun with a key which is turned meanwhile: nothing was done, and it
    is sent again with the new one.
    """
    refused = isinstance(error, errors.Unauthorized) and not isinstance(error, access.KeyDead)
    if not refused or change.staff or change.turns_key or entry.account is None:
        return None
    if not access.was_turned(entry.account):
        return None
    said = "The account's SIP password was being changed."
    due_at = clock.about_now() + pause(entry.tries - 1)
    return Outcome(State.NOT_SENT, said, due_at=due_at)


def judged(change: Change, answer: Any, said: str = "", status: int | None = None) -> Outcome:
    """What the class makes of an answer. said: words for one that has none of its own."""
    try:
        verdict = change.verdict(answer)
    except Exception:
        log.exception("an answer could not be judged", kind=type(change).__name__)
        verdict = Change.verdict(change, answer)
    doubt = verdict.state == State.DOUBT
    return Outcome(
        verdict.state,
        verdict.said or said,
        answer=answer,
        results=verdict.results,
        status=status,
        again=not doubt,
        due_at=clock.about_now() + DEADLINE + FIRST_PAUSE / 10 if doubt else None,
    )


class Paused(errors.NotSent):
    """This process stood still between its claim and the sending; another may hold the
    row by now.
    """


def _in_time(transport: Transport, claimed: float) -> None:
    """Ask once more just before the socket whether the claim is fresh: a late waker
    must not send.
    """
    guarded = transport.before

    def before() -> None:
        if guarded:
            guarded()
        if time.monotonic() - claimed > LATE.total_seconds():
            raise Paused("This machine paused before the sending, so nothing was sent.")

    transport.before = before


def classify(error: Exception, entry: Entry, change: Change) -> Outcome:
    """What an error of the client says about the provider. What is not listed is DOUBT."""
    now = clock.about_now()
    match error:
        case errors.BudgetSpent() | errors.RateLimited():
            last = entry.put_off + 1 >= PUT_OFFS  # the sweep ends it, and need not wait for that
            due_at = now if last else error.retry_at
            return Outcome(State.NOT_SENT, str(error), due_at=due_at, promised=True)
        case errors.NotSent():
            return Outcome(State.NOT_SENT, str(error), due_at=now + pause(entry.tries - 1))
        case errors.Conflict() if error.failed or isinstance(error, errors.PartlyDone):
            return judged(change, error, str(error), error.status)
        case errors.OutcomeUnknown(status=409):
            return Outcome(
                State.DOUBT,
                "VoiceTel is still busy with it.",
                due_at=now + TWIN,
                status=error.status,
            )
        case errors.Malformed() | access.KeyDead():  # our own words: it never left
            dead = isinstance(error, access.KeyDead)
            return Outcome(State.REFUSED, str(error), dead_key=dead)
        case errors.Unauthorized():
            return Outcome(State.REFUSED, str(error), status=error.status, dead_key=True)
        case errors.Refused() if error.status >= 500:
            # The document calls it harmless. A charge is not believed so before a look agrees, and
            # is not sent again meanwhile.
            return Outcome(
                State.DOUBT,
                f"{str(error).rstrip('.')}.",
                due_at=(entry.tried_at or now) + DEADLINE + FIRST_PAUSE / 10,
                status=error.status,
                again=False,
            )
        case errors.Refused():
            return Outcome(State.REFUSED, str(error), status=error.status)
        case errors.OutcomeUnknown() | errors.Unavailable():
            likely = isinstance(error, errors.OutcomeUnknown) and error.likely_done
            said = (
                "VoiceTel accepted it, but its answer could not be read: most likely done."
                if likely
                else "VoiceTel's answer was lost."
            )
            return Outcome(
                State.DOUBT,
                said,
                due_at=now if change.again else now + pause(0),
                status=error.status,
            )
    log.error(
        "a change's send failed in our own code", entry=entry.pk, kind=entry.kind, exc_info=error
    )
    return Outcome(State.DOUBT, "The sending broke off.", due_at=now + pause(0))


def nothing_more(written: bool) -> None:
    """What settle() writes beside an outcome, usually."""


def settle(
    entry: Entry,
    change: Change,
    outcome: Outcome,
    then: Callable[[bool], None] = nothing_more,
) -> bool:
    """Outcome, results and our copy in one commit; when the copy fails, the outcome alone.

    then: called with True to write more in the same commit; with False when that was rolled back.

    False: another process settled it. What the database does not take of the provider's words is
    left out: an outcome that they undo would be sent again. A one-time answer is never lost.
    """
    bare: dict[str, Any] = {"due_at": outcome.due_at, "status": outcome.status}
    if outcome.promised and outcome.due_at:
        bare |= {
            "first_at": max(entry.first_at, outcome.due_at),
            "put_off": entry.put_off + (entry.job is None),
        }
    if not outcome.again:
        bare["reads_only"] = True
    answered = outcome.state in FINAL and outcome.answer is not NOTHING
    if answered and (sealed := given.sealed_of(entry, change, outcome.answer)):
        bare["given"] = sealed
    values, said = bare | {"said": outcome.said}, outcome.said
    try:
        if answered:
            values |= {
                "answer": change.summary(outcome.answer),
                "bound": change.binds(outcome.answer),
                "charged": change.charged(outcome.answer),
            }
        with rows.writing():
            won = _write(entry, change, outcome, values)
            if won and answered:
                change.done(outcome.answer)
            kill_points.reach("before_settle", entry)
            then(True)
    except Exception:
        then(False)
        log.exception("a change's answer was not taken in whole", entry=entry.pk, kind=entry.kind)
        try:
            won = _settle_alone(entry, change, outcome, values)
        except (DataError, TypeError, ValueError):
            said = UNKEPT
            won = _settle_alone(entry, change, outcome, bare | {"said": said})
        except (OperationalError, InterfaceError):
            if "given" not in bare:
                raise
            won = given.keep(lambda: _settle_alone(entry, change, outcome, values), entry, values)
    if won:
        entry.state, entry.claim, entry.due_at, entry.said = outcome.state, "", outcome.due_at, said
        log.info(
            "change",
            entry=entry.pk,
            kind=entry.kind,
            state=outcome.state.value,
            status=outcome.status,
        )
        if outcome.state in FINAL and (outcome.results or entry.copy_stale):
            _read_again(entry, change)
    if outcome.dead_key and entry.account and not change.staff:
        access.confirm_dead(entry.account)
    return won


def _write(entry: Entry, change: Change, outcome: Outcome, values: dict[str, Any]) -> bool:
    """The row, its results and what owners are told, within the caller's commit."""
    final = outcome.state in FINAL
    stale = {"copy_stale": final and outcome.answer is NOTHING} | values
    won = rows.move(entry, outcome.state, **stale)
    if won and outcome.results:
        found = [
            Item(entry=entry, subject=each.subject[:120], state=each.state, said=each.said)
            for each in outcome.results
        ]
        if entry.state == State.DOUBT:  # of what the first answer did not say
            told = {each.subject: each for each in found}
            known = Item.objects.filter(entry=entry, state=State.DOUBT)
            known = known.filter(subject__in=told)
            for item in known:
                item.state, item.said = told[item.subject].state, told[item.subject].said
            Item.objects.bulk_update(known, ["state", "said"])
        Item.objects.bulk_create(found, ignore_conflicts=True)
    if won and final:
        mark_done(entry, change)
        tell_done(entry, change)
    if won:
        entry.copy_stale = stale["copy_stale"]
    return won


def _read_again(entry: Entry, change: Change) -> None:
    try:
        change.read_again()
    except Exception:
        log.exception("a copy was not asked to be read again", entry=entry.pk, kind=entry.kind)


def _settle_alone(entry: Entry, change: Change, outcome: Outcome, values: dict[str, Any]) -> bool:
    """The copy may fail, the outcome may not; but what another row is bound to is not its own."""
    try:
        with rows.writing():
            return _write(entry, change, outcome, values | {"copy_stale": outcome.state in FINAL})
    except IntegrityError:
        log.error("an answer names what another change made", entry=entry.pk, kind=entry.kind)
        doubt = {
            "said": "VoiceTel's answer names what another change made.",
            "due_at": clock.about_now() + pause(entry.tries),
        }
        if entry.state == State.SENDING:
            rows.put(entry, State.DOUBT, **doubt)
        else:
            rows.push(entry, **doubt)
        return False
