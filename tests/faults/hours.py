"""The hand beside a running demo: seeds accounts, moves the clock, asks for sweeps as beat does,
looks into the line. The commands of driver.py are here too."""

import io
from datetime import datetime
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after setup
from django.test import Client  # noqa: E402
from kombu.exceptions import OperationalError  # noqa: E402

from apps.accounts import reconnect  # noqa: E402
from apps.accounts.models import Account, Membership, User  # noqa: E402
from apps.accounts.roles import Role  # noqa: E402
from apps.sandbox import people  # noqa: E402
from apps.voicetel import clock  # noqa: E402
from apps.voicetel.hour import line, turns  # noqa: E402
from apps.voicetel.models import Spent, Wish  # noqa: E402
from portal import celery, schedule  # noqa: E402
from tests.faults import driver  # noqa: E402


def seed(numbers: list[str]) -> list[str]:
    """Connect these accounts, each with an owner; answers every connected one."""
    for number in numbers:
        account = Account.objects.create(number=number, name=f"Account {number}")
        account.set_key(people.key_of(number))
        account.save()
        owner = User.objects.create_user(f"owner@{number}.test", None)
        Membership.objects.create(user=owner, account=account, role=Role.OWNER)
    return sorted(
        Account.objects.filter(key_state=Account.Key.LIVE).values_list("number", flat=True)
    )


def owner_of(number: str) -> Any:
    return (
        Membership.objects.select_related("user")
        .filter(account__number=number, role=Role.OWNER)[0]
        .user
    )


def cookies(number: str) -> dict[str, str]:
    """Of a browser in which the account's owner is signed in."""
    browser = Client()
    browser.force_login(owner_of(number))
    return {name: cookie.value for name, cookie in browser.cookies.items()}


def advance(seconds: float) -> float:
    """`manage.py clock --advance`; answers the time by which everything is due, in Unix seconds."""
    call_command("clock", advance=seconds, verbosity=0, stdout=io.StringIO())
    return clock.now().timestamp()


def ask_sweeps(names: list[str]) -> bool:
    """Ask for sweeps as beat does, which comes ten seconds of real time too seldom for a day of
    minutes. False: no broker.
    """
    for name in names:
        each = schedule.BY_NAME[name]
        try:
            celery.sweep.apply_async(
                args=[name], queue=celery.SWEEPS_QUEUE, expires=max(5, each.every - 5)
            )
        except OperationalError:
            return False
    return True


def standing() -> dict[str, float]:
    """now: Unix seconds. wait: seconds until the line may serve somebody; 0: it may now. under_way:
    calls without an answer yet, or, where a process was killed, not yet past the latest moment at
    which one could have come."""
    held, now, shut = line._hour("")
    waiting = Wish.objects.filter(due_at__lte=now)
    found = turns.next(
        held,
        {
            call_class: call_class
            for call_class in turns.ORDER
            if waiting.filter(call_class=call_class).exists()
        },
        now,
    )
    later = (
        Wish.objects.filter(due_at__gt=now)
        .order_by("due_at")
        .values_list("due_at", flat=True)
        .first()
    )
    wakes = [at for at in (shut, found if isinstance(found, datetime) else None, later) if at]
    wait = (
        0.0
        if isinstance(found, str) and not shut
        else (min(wakes) - now).total_seconds()
        if wakes
        else 60.0
    )
    under_way = Spent.objects.filter(answered_at=None, at__gt=now).count()
    return {"now": now.timestamp(), "wait": wait, "under_way": under_way}


def reconnected(number: str) -> int:
    """Its key dies, and its owner types the VoiceTel password."""
    Account.objects.filter(number=number).update(key_state=Account.Key.DEAD, sealed_key=None)
    return reconnect.ask(
        Account.objects.get(number=number), owner_of(number), "password", people.PASSWORD
    ).pk


def connected() -> list[str]:
    return sorted(
        Account.objects.filter(key_state=Account.Key.LIVE).values_list("number", flat=True)
    )


def spent() -> list[dict[str, Any]]:
    """Every call that was counted: class, account, and whether its answer was seen."""
    rows = Spent.objects.order_by("pk").values("operation", "call_class", "account", "answered_at")
    return [{**row, "answered_at": row["answered_at"] is not None} for row in rows]


driver.COMMANDS.update(
    {
        command.__name__: command
        for command in (seed, cookies, advance, ask_sweeps, standing, reconnected, connected, spent)
    }
)

if __name__ == "__main__":
    driver.main()
