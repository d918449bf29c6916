"""The account itself: key exchange, profile and balance, monthly charges, call records."""

import secrets
from typing import Any

from apps.sandbox import clock
from apps.sandbox.handlers.books import caller_id_of
from apps.sandbox.handlers.registry import plays
from apps.sandbox.models import Account, Call, Number, World
from apps.sandbox.rules import Asked, Refusal
from apps.sandbox.wire import dollars
from apps.sandbox.world import calls


@plays("accountApiKey")
def exchange_key(asked: Asked) -> dict[str, Any]:
    try:
        username, password = asked.text("username"), asked.text("password")
    except Refusal:
        raise Refusal(400, "Fields Required: username, password") from None
    account = Account.objects.filter(username=username, enabled=True).first()
    if account is None or not secrets.compare_digest(account.password.encode(), password.encode()):
        raise Refusal(401, "Invalid username or password")
    return {"apikey": account.apikey}


@plays("accountGet")
def profile(asked: Asked) -> dict[str, Any]:
    account = asked.account
    return {
        "username": account.username,
        "name": account.name,
        "email": account.email,
        "created": clock.iso(account.created),
        "enabled": account.enabled,
        "timezone": account.zone,
        "cash": dollars(account.cash),
        "ccs": account.ccs,
        "authType": account.auth_type,
        "notify": account.notify,
        "notifyThreshold": account.notify_threshold,
        "callerId": caller_id_of(account),
        "services": account.services,
        "rates": {name: dollars(rate) for name, rate in account.rates.items()},
    }


@plays("accountRecurringCharges")
def recurring_charges(asked: Asked) -> dict[str, Any]:
    charges = [
        (f"{label} ({count} at {dollars(each)})", count * each)
        for label, count, each in _services(asked)
        if count
    ]
    return {
        "charges": [{"description": label, "amount": dollars(amount)} for label, amount in charges],
        "total": dollars(sum(amount for _, amount in charges)),
    }


def _services(asked: Asked) -> list[tuple[str, int, int]]:
    """Monthly services of the account: label, how many, micro-dollars each."""
    held = Number.objects.filter(account=asked.account.pk)
    return [
        ("Telephone numbers", held.count(), asked.account.rates["did"]),
        ("Fax to email", held.exclude(fax="").count(), asked.account.rates["fax"]),
    ]


@plays("accountCdr")
def call_records(asked: Asked) -> dict[str, Any]:
    """Newest first; cut when long, so that the caller goes on from the oldest row. start is the
    newer end.
    """
    start, end = asked.unix("start", asked.at), asked.unix("end", asked.at - 86_400)
    calls.play_until(asked.at)
    world = World.objects.get()
    rows = (
        Call.objects.filter(
            account=asked.account.pk, at__lte=start, at__gte=end, shown_at__lte=int(asked.at)
        )
        .order_by("-at", "id")
        .values_list("id", "at", "cid", "dst", "dur", "cost", "rate", "ip", "cn")[
            : world.most_calls
        ]
    )
    username = asked.account.pk
    return {
        "start": start,
        "end": end,
        "cdr": [
            {
                "id": row_id,
                "key": [username, str(at)],
                "value": {
                    "cid": cid,
                    "dst": dst,
                    "dur": str(dur),
                    "ba": f"{cost // 1_000_000}.{cost % 1_000_000:06d}",
                    "nr": str(dollars(rate)),
                    "ip": ip,
                    "cn": cn,
                },
            }
            for row_id, at, cid, dst, dur, cost, rate, ip, cn in rows
        ],
    }
