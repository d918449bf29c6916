"""The tests' hand on the provider that this process plays: the verbs of /_sandbox/, looks at its
state, changes behind our back.

The fixture `sandbox` is this module: `sandbox.lose_answer("numbersForwardSet")`,
`sandbox.requests("numbersForwardSet")`. remote.py has the same verbs for a provider in a process of
its own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.sandbox import people, verbs
from apps.sandbox.database import writing
from apps.sandbox.front import provider
from apps.sandbox.models import Account, Call, Gateway, Number, Port, World
from apps.sandbox.seed import FEW_CALLS, FEW_NUMBERS
from apps.sandbox.wire import Request


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as the log has it. status 0: cut without an answer. at: by the
    provider's clock.
    """

    operation: str
    account: str
    status: int
    at: datetime
    idempotency_key: str | None
    peer: str


@dataclass(frozen=True, slots=True)
class Charged:
    operation: str
    amount: Decimal
    at: datetime
    subject: str


password = people.PASSWORD


def key(account: str) -> str:
    """The account's API key now."""
    return str(Account.objects.values_list("apikey", flat=True).get(pk=account))


def reset(seed: int = 1, numbers: int = FEW_NUMBERS, calls: int = FEW_CALLS) -> None:
    """Begin anew: the small world unless sizes are said."""
    provider.probe = None
    verbs.reset(seed, numbers, calls)


def ready() -> bool:
    """Seed the small world if there is none; True when it had to.

    For suites that seed once and roll each test back.
    """
    provider.probe = None
    if World.objects.exists():
        return False
    reset()
    return True


# The log, the money, the clock


def requests(operation: str | None = None) -> list[Seen]:
    """What arrived, oldest first, refused ones included."""
    return [
        Seen(**{**row, "at": datetime.fromisoformat(row["at"])})
        for row in verbs.requests(operation)["requests"]
    ]


def count(operation: str | None = None) -> int:
    return len(verbs.requests(operation)["requests"])


def charges(account: str) -> list[Charged]:
    rows = verbs.charges(account)["charges"]
    return [
        Charged(r["operation"], Decimal(r["amount"]), datetime.fromisoformat(r["at"]), r["subject"])
        for r in rows
    ]


def balance(account: str) -> Decimal:
    return Decimal(verbs.charges(account)["balance"])


def advance(seconds: float) -> None:
    """Move the provider's clock on."""
    verbs.advance(seconds)


# Faults by kind, and by what a test means


def fault(operation: str, kind: str, times: int | None = 1, **options: Any) -> None:
    """Spoil the next `times` answers (None: all). options: seconds, status, location, probability,
    flavor, done.
    """
    verbs.add_fault(operation, kind, times, **options)


def clear_faults() -> None:
    verbs.clear_faults()


def lose_answer(operation: str, times: int | None = 1) -> None:
    """Done at the provider, but the connection is cut before the answer."""
    fault(operation, "drop_after", times)


def lose_request(operation: str, times: int | None = 1) -> None:
    """Nothing done, and the connection cut."""
    fault(operation, "drop_before", times)


def slow(operation: str, seconds: float, times: int | None = 1) -> None:
    """Held for so long before it is taken up; a caller with less patience sees a read time-out, and
    it is done.
    """
    fault(operation, "delay", times, seconds=seconds)


def down(operation: str = "*", times: int | None = None) -> None:
    """Every answer is a proxy's HTML 502, until clear_faults()."""
    fault(operation, "html", times)


def refuse(operation: str, status: int, times: int | None = 1, message: str = "Refused") -> None:
    """Nothing done, an error envelope with this status."""
    fault(operation, "status", times, status=status, message=message)


# What is true there


def number_of(account: str, number: str) -> Number | None:
    """The row of a number that the account holds, or None."""
    return Number.objects.filter(account=account, pk=number).first()


def numbers_of(account: str) -> list[str]:
    return list(
        Number.objects.filter(account=account).order_by("number").values_list("number", flat=True)
    )


def gateways_of(account: str) -> list[Gateway]:
    return list(Gateway.objects.filter(account=account).order_by("pk"))


def account(username: str) -> Account:
    return Account.objects.get(pk=username)


def calls_of(account: str) -> int:
    return Call.objects.filter(account=account).count()


# What happens there without us


def set_number(number: str, **values: Any) -> None:
    """Change a number's row behind the portal's back, as the provider's own site would."""
    if Number.objects.filter(pk=number).update(**values) != 1:
        raise LookupError(number)


def take_number(number: str) -> None:
    """The number leaves its account by itself (ported away)."""
    Number.objects.filter(pk=number).delete()


def give_number(account: str, number: str, **values: Any) -> Number:
    return Number.objects.create(account=account, number=number, **values)


def set_account(username: str, **values: Any) -> None:
    """Balance (cash, micro-dollars), services, rates, password, apikey, ... at the provider."""
    if Account.objects.filter(pk=username).update(**values) != 1:
        raise LookupError(username)


def set_port(pid: str, **values: Any) -> None:
    """Words (said), numbers, done_at, ... of an order at the provider."""
    if Port.objects.filter(pid=pid).update(**values) != 1:
        raise LookupError(pid)


def rotate_key(username: str) -> str:
    """A new key, as after a password changed elsewhere: the old one answers 401."""
    fresh = people.key_of(f"{username} {key(username)}", 0)
    set_account(username, apikey=fresh)
    return fresh


def shorten(*, most_calls: int | None = None, most_tickets: int | None = None) -> None:
    """Cut the answers of accountCdr and ticketsList after so many rows."""
    wanted = {"most_calls": most_calls, "most_tickets": most_tickets}
    World.objects.update(**{name: most for name, most in wanted.items() if most is not None})


@contextmanager
def probe(look: Callable[[str, Request], None]) -> Iterator[list[str]]:
    """Call look(operation, request) on each charge or change as it arrives, before anything is
    done.

    Yields the operations looked at; what look() raises is raised at the end of the block, not
    inside the portal.
    """
    seen: list[str] = []
    failures: list[Exception] = []

    def looked(operation: str, request: Request) -> None:
        seen.append(operation)
        try:
            look(operation, request)
        except Exception as failure:  # noqa: BLE001 (any failure is the test's: kept for it, out of the portal's way)
            failures.append(failure)

    provider.probe = looked
    try:
        yield seen
    finally:
        provider.probe = None
    if failures:
        raise failures[0]


def add_account(username: str, **values: Any) -> Account:
    """One more account at the provider, with every service and the usual rates."""
    with writing():
        return Account.objects.create(
            username=username,
            **{
                "name": f"Account {username}",
                "email": f"{username}@demo.test",
                "password": people.PASSWORD,
                "apikey": people.key_of(username),
                "cash": 100_000_000,
                "created": 1_700_000_000.0,
                "master": username,
                "services": dict.fromkeys(people.SERVICES, True),
                "rates": dict(people.RATES),
            }
            | values,
        )
