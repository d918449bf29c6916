"""How tests of calls read them through the line, and what the sandbox has."""

from typing import Any

from apps.accounts.models import Account
from apps.billing.calls import pull
from apps.billing.models import Call
from apps.sandbox.models import Call as Theirs
from apps.voicetel.hour import line
from tests.hours import pass_time

HARBOR = "1000000001"


def read(account: Account, sandbox: Any, *, minutes: float = 61, times: int = 1) -> None:
    """Looks at the calls of an account so many times, as far apart."""
    for _ in range(times):
        pull.want(account)
        line.serve(everything=True)
        if minutes:
            pass_time(sandbox, minutes=minutes)


def ours(account: Account) -> list[tuple[str, int, int, int]]:
    """What our copy has: record, start, seconds, cost; in order."""
    rows = Call.objects.of(account).values_list("record", "at", "seconds", "cost")
    return sorted((bytes(record).hex(), *rest) for record, *rest in rows)


def theirs(username: str = HARBOR, *, since: int = 0, until: int = 2**40) -> list[Any]:
    """What the provider has of the account, that it shows by now."""
    rows = Theirs.objects.filter(account=username, at__gte=since, at__lt=until)
    return sorted(rows.values_list("id", "at", "dur", "cost"))


def ring(sandbox: Any, at: int, **values: Any) -> Theirs:
    """A call at the provider that began then."""
    given = {
        "account": HARBOR,
        "cid": "2125550147",
        "dst": "2015550110",
        "dur": 60,
        "cost": 10_000,
        "rate": 10_000,
        "ip": "104.225.13.77",
        "cn": "RIVER%20CAFE",
        "shown_at": at + 60,
        **values,
    }
    row_id = values.get("id") or f"{at:016x}{Theirs.objects.count():016x}"
    return Theirs.objects.create(**{**given, "id": row_id, "at": at})
