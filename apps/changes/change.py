"""Change: the class of what can be done at the provider, and its way into a row and back.

One small class each, registered under its own name, which is stored in the row: never renamed
without a migration. Its row, its states and when it is sent are the machine's (machine.py).
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import Field, dataclass, field, fields, replace
from datetime import timedelta
from functools import cache
from typing import Any, ClassVar, Self, TypeVar, cast, dataclass_transform, get_type_hints

import msgspec
from django.utils.crypto import salted_hmac

from apps.accounts.models import Account
from apps.accounts.roles import Right
from apps.accounts.sealed import seal, unseal
from apps.changes.models import Entry
from apps.changes.states import State
from apps.things import Thing, remember
from apps.voicetel.client import Client
from apps.voicetel.client.errors import Conflict, part_in_words

# whether another row of the account is bound to that id of the provider's
Taken = Callable[[str], bool]
MARKS = frozenset({"fresh", "keyed", "again", "patience", "staff"})


def secret(*, kw_only: bool = True) -> Any:
    """A field that never enters `args` nor repr(): sealed with the row, erased when it settles."""
    return field(kw_only=kw_only, repr=False, metadata={"secret": True})


@dataclass(frozen=True)
class Found:
    """It is true there. answer: what send() would have answered.

    partial: only some of it shows so far, and the rest may still be on its way: it settles once
    looks have found no more for as long as it takes to call something absent.
    """

    answer: Any
    partial: bool = False


@dataclass(frozen=True)
class Absent:
    """It is not there. Proves something only for a read that covers it whole.

    shows: what the provider shows instead, in a few words: "not forwarded".
    """

    shows: str = ""


@dataclass(frozen=True)
class Unclear:
    """The read does not tell. ask: looking again will not help, a person must say.

    shows: what the provider shows, in a few words.
    """

    why: str
    ask: bool = False
    shows: str = ""


Look = Found | Absent | Unclear


@dataclass(frozen=True, slots=True)
class Step:
    """The one value that a change sets, in words: what it's called, what it was, what was asked."""

    called: str
    was: str
    now: str


@dataclass(frozen=True)
class Result:
    """One of several results of one call: a number of an order, an entry of the access list."""

    subject: str
    state: State  # DONE, REFUSED, or DOUBT where the answer does not say
    said: str = ""


@dataclass(frozen=True)
class Verdict:
    """What an answer means: DONE, PARTLY or REFUSED; the words for it; one result a part. DOUBT
    where it does not say of some part: looks alone must tell, nothing is sent again.
    """

    state: State
    said: str = ""
    results: tuple[Result, ...] = ()


@dataclass(frozen=True)
class Change:
    """What to send, what it costs, what is true there."""

    operation: ClassVar[str] = ""
    thing: ClassVar[Thing]  # the kind of what it is done to
    needs: ClassVar[Right]
    # asks for a fresh sign-in; wants_fresh() where it depends on the arguments
    fresh: ClassVar[bool] = False
    # the provider knows the key: the same body may be sent again with it
    keyed: ClassVar[bool] = False
    # sending it again changes nothing more (PUT, DELETE whose 404 means done)
    again: ClassVar[bool] = False
    # made by the portal's own people with the operator's key: User.Staff; "" is a member's
    staff: ClassVar[str] = ""
    # looks that find nothing must span this before it is absent
    patience: ClassVar[timedelta] = timedelta(minutes=10)
    # it ends the key by which changes go: a hold that waits for that keeps all but this
    turns_key: ClassVar[bool] = False
    # what a person is asked where nothing at VoiceTel shows what became of it; then the answers are
    # to send it again, or not
    unseen: ClassVar[str] = ""
    # why for_subject() answers None, after "left out:"
    unfit: ClassVar[str] = "this can't be set on them"

    account: Account  # staff's changes may have none
    subject: str

    def lane(self) -> str:
        """Changes of one lane go one at a time, in the order in which they were pressed."""
        return f"{self.thing.name}:{self.subject}"

    def price(self) -> int:
        """Micro-dollars, from our copy of the rates."""
        return 0

    def for_subject(self, subject: str) -> "Change | None":
        """The same change for another thing of the account; None where it makes no sense there."""
        return replace(self, subject=subject)

    def is_so(self, before: dict[str, Any]) -> bool:
        """Whether our copy says already what this change would make of it. before: its before()."""
        return False

    def wants_fresh(self) -> bool:
        return self.fresh

    def fresh_because(self) -> str:
        """A sentence for the person who is asked for a fresh sign-in; "" where the form says it."""
        return ""

    def before(self) -> dict[str, Any]:
        """What our copy says now (JSON values).

        Taken twice: at the press, for the preview and for which values this change is of; and when
        its turn came, for the look and the undo.
        """
        return {}

    @classmethod
    def before_many(cls, changes: Sequence[Self]) -> list[dict[str, Any]]:
        """before() of many changes of this class and of one account, in their order.

        A class of which people change hundreds at once overrides it with one query.
        """
        return [each.before() for each in changes]

    @classmethod
    def done_many(cls, pairs: Sequence[tuple[Self, Any]]) -> None:
        """done() of many changes of this class and of one account, each with its answer."""
        for each, answer in pairs:
            each.done(answer)

    @classmethod
    def steps(cls, asked: Sequence[tuple[Self, dict[str, Any]]]) -> list[Step | None]:
        """The step of each change of one account, given what before() said of it; None for one
        that sets no single value. Pages show hundreds: a class that has to look words up overrides
        it with one query.
        """
        return [None] * len(asked)

    def now_true(self) -> str:
        """What is true once it is done, as a title: "Forwarding to (917) 555-0142"."""
        return f"Done: {self.describe()}"

    def words(self, name: str, value: Any) -> str:
        """One value of before() or summary() as people read it: in strips, activity, previews."""
        return "" if value is None else str(value)

    def called(self, name: str) -> str:
        """What people call a value of before() or summary()."""
        return name[:1].upper() + name[1:]

    def describe(self) -> str:
        """A few words without secrets, beginning with the verb: "forward 2015551234 to
        9175550000".
        """
        raise NotImplementedError

    def send(self, client: Client, key: str) -> Any:
        """The one call. key: the Idempotency-Key, for operations that take one."""
        raise NotImplementedError

    def verdict(self, answer: Any) -> Verdict:
        """What an answer means. A 409 that lists its parts is an answer too: PartlyDone, or the
        Conflict of which no part was done.
        """
        if isinstance(answer, Conflict):
            return verdict_of_parts(answer)
        return Verdict(State.PARTLY if getattr(answer, "failed", None) else State.DONE)

    def charged(self, answer: Any) -> int | None:
        """Micro-dollars that the provider says it took; None where it does not say."""
        return None

    def gives(self, answer: Any) -> dict[str, Any] | None:
        """What is told once and never again (a password, a key): JSON values, kept sealed."""
        return None

    def done(self, answer: Any) -> None:
        """Bring our copy up to date; runs in the settling commit, so: short, and no call."""

    def mark(self, by: str) -> None:
        """Keep who changed the thing last, where our copy has a place for it; no call here."""

    def read_again(self) -> None:
        """Ask for our copy to be read soon: what came told only a part of it. No call here."""

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        """Read what is true there after a doubt. Raises what the client raises."""
        return Unclear("nothing shows it")

    def undo(self, before: dict[str, Any]) -> "Change | None":
        """The change that brings back what was before; None where there is none."""
        return None

    def binds(self, answer: Any) -> str:
        """The provider's id of what was made, so that no other row takes it for its own."""
        return ""

    def summary(self, answer: Any) -> dict[str, Any]:
        """What the journal keeps of the answer: JSON values, no secrets."""
        return {}


def verdict_of_parts(answer: Conflict) -> Verdict:
    """Each part with its outcome, and every reason quoted."""
    done = [part_in_words(part)[0] for part in getattr(answer, "done", [])]
    failed = [part_in_words(part) for part in answer.failed]
    reasons = "; ".join(": ".join(filter(None, part)) for part in failed)
    said = f"{answer.message.rstrip('.')}: {reasons}" if reasons else answer.message
    results = [Result(name, State.DONE) for name in done]
    results += [Result(name, State.REFUSED, why) for name, why in failed]
    return Verdict(State.PARTLY if done else State.REFUSED, said, tuple(results))


C = TypeVar("C", bound=Change)
REGISTRY: dict[str, type[Change]] = {}


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(secret,))
def change(
    operation: str, *, needs: Right | None = None, **marks: Any
) -> Callable[[type[C]], type[C]]:
    """Register a change: the provider's operation, the right it needs, and marks (fresh, keyed,
    again, patience, staff).

    One of staff's needs no right: its mark says who of the staff may.
    """
    if not marks.keys() <= MARKS:
        raise TypeError(f"no such mark: {', '.join(sorted(marks.keys() - MARKS))}")
    if needs is None and not marks.get("staff"):
        raise TypeError(f"{operation}: say which right it needs")

    def register(cls: type[C]) -> type[C]:
        remember(cls.thing)
        cls = dataclass(frozen=True, kw_only=True)(cls)
        cls.operation, cls.needs = operation, needs or Right.OWN
        for name, value in marks.items():
            setattr(cls, name, value)
        if REGISTRY.setdefault(cls.__name__, cls) is not cls:
            raise RuntimeError(f"two changes named {cls.__name__}")
        return cls

    return register


def own_fields(cls: type[Change]) -> list[Field[Any]]:
    """The arguments of a class: its fields but account and subject."""
    return [f for f in fields(cls) if f.name not in {"account", "subject"}]


def owner_of(account: Account | None) -> int:
    """For whom secrets of a change are sealed: its account; 0, the operator, where it has none."""
    return account.pk if account else 0


def pack(c: Change) -> tuple[dict[str, Any], bytes | None, str]:
    """(clear arguments, sealed secret ones or None, print of the whole: 64 hex digits).

    The print is an HMAC: the bare hash of a four-digit PIN is the PIN.
    """
    clear: dict[str, Any] = {}
    hidden: dict[str, Any] = {}
    for f in own_fields(type(c)):
        (hidden if f.metadata.get("secret") else clear)[f.name] = msgspec.to_builtins(
            getattr(c, f.name)
        )
    whole = [type(c).__name__, owner_of(c.account), c.subject, clear, hidden]
    body = json.dumps(whole, sort_keys=True)
    mark = salted_hmac("apps.changes.print", body, algorithm="sha256").hexdigest()
    return clear, seal(owner_of(c.account), hidden) if hidden else None, mark


def unpack(e: Entry) -> Change:
    """The change of a row.

    Raises KeyError, msgspec.ValidationError, ValueError, Unsealable: of another release.
    """
    cls = REGISTRY[e.kind]
    args = e.args | (unseal(owner_of(e.account), bytes(e.sealed)) if e.sealed else {})
    return _made(cls, e, args, erased=frozenset())


def recall(e: Entry) -> Change:
    """The change of a settled row, to look or to undo with, not to send: its erased secrets are
    None. Raises as unpack().
    """
    cls = REGISTRY[e.kind]
    return _made(
        cls,
        e,
        e.args,
        erased=frozenset(f.name for f in own_fields(cls) if f.metadata.get("secret")),
    )


def still_so(e: Entry, now: dict[str, Any]) -> bool:
    """Whether our copy says what this change made of it: what was changed elsewhere since shows
    there. now: its before(), taken just now.
    """
    return all(now[name] == value for name, value in e.answer.items() if name in now)


@cache
def _hints(kind: str) -> dict[str, Any]:
    """Evaluating them takes longer than the rest of it."""
    return get_type_hints(REGISTRY[kind])


def _made(cls: type[Change], e: Entry, args: dict[str, Any], *, erased: frozenset[str]) -> Change:
    if set(args) | erased != {f.name for f in own_fields(cls)}:
        raise msgspec.ValidationError("arguments differ")
    hints = _hints(e.kind)
    known = {name: msgspec.convert(value, hints[name]) for name, value in args.items()}
    account = cast(Account, e.account)  # none for staff's alone, whose classes know that
    return cls(account, e.subject, **known, **dict.fromkeys(erased))
