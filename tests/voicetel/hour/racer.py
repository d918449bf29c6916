"""A test tool: processes of threads that race for the hour with the real client, told what to do
line by line.

`python -m tests.voicetel.hour.racer SANDBOX_URL SHIFT_FILE` reads JSON lists from stdin and answers
each with a line: ["start", processes, threads, broken] forks racers; broken "": as it is, "lock":
without the lock, "stamp": a call counts from its sending, "steps": a clock that was set is not
noticed. ["kill", n] ends n of them by SIGKILL. ["advance", s] moves both clocks. ["shift", s] sets
the database's. ["noticed"] says whether somebody has seen that. ["spent"] says how many calls were
reserved so far, and how many of them settled.
"""

import contextlib
import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.voicetel.hour.racer_settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - settings first
from django.db import close_old_connections, connection, connections  # noqa: E402
from django.db.backends.signals import connection_created  # noqa: E402

from apps.voicetel import clock  # noqa: E402
from apps.voicetel.client import BudgetSpent, Client, Transport, VoiceTelError  # noqa: E402
from apps.voicetel.hour import budget, clock_steps, window  # noqa: E402
from apps.voicetel.hour.meter import Meter  # noqa: E402
from apps.voicetel.hour.rules import ACCOUNT as ACCOUNT_POOL  # noqa: E402
from apps.voicetel.management.commands.clock import move_sandbox  # noqa: E402
from apps.voicetel.models import Spent  # noqa: E402
from tests.voicetel import clocks  # noqa: E402

ACCOUNT, PASSWORD = "1000000001", "demo1234"
GAP = 0.01  # seconds between the count and the row, in every mode: what the lock must close


def race(url: str, key: str, threads: int) -> None:
    """One thread: any of the four operations, as fast as the hour lets it."""
    while os.getppid() != 1:
        client = Client(
            Transport(url, meter=Meter(random.choice(["owners", "looking"]), ACCOUNT)), key
        )
        calls = [
            client.account.get,
            client.account.recurring_charges,
            lambda client=client: client.account.cdr(
                datetime.now(UTC), datetime.now(UTC) - timedelta(minutes=1)
            ),
            lambda client=client: client.account.exchange_key(ACCOUNT, PASSWORD),
        ]
        try:
            random.choice(calls)()
        except BudgetSpent:
            time.sleep(random.uniform(0.004, 0.02) * threads)  # as eager in all, however many
        except VoiceTelError:
            pass
        close_old_connections()


def widen() -> None:
    """Wait between the count and what follows from it."""
    count = window.locked

    def slowly(*args: Any) -> Any:
        view = count(*args)
        time.sleep(GAP)
        return view

    window.locked = slowly


def break_it(broken: str) -> None:
    if broken == "lock":
        budget.transaction.atomic = lambda **_: contextlib.nullcontext()  # type: ignore[assignment]
        window.lock = lambda name: None
    if broken == "stamp":
        budget.LONGEST_CALL *= 0
        budget.settle = lambda ticket: None
    if broken == "steps":
        clock_steps.expected = clock_steps.stepped = lambda *_: None


def run(url: str, key: str, threads: int, broken: str) -> None:
    """A racing process."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    widen()
    break_it(broken)
    for _ in range(threads):
        threading.Thread(target=race, args=(url, key, threads), daemon=True).start()
    while os.getppid() != 1:
        time.sleep(0.2)
    os._exit(0)


class Parent:
    def __init__(self, url: str, shift: Path, key: str) -> None:
        self.url, self.shift, self.key = url, shift, key
        self.children: list[int] = []

    def start(self, processes: int, threads: int, broken: str) -> None:
        self.leave_database()
        for _ in range(processes):
            child = os.fork()
            if child == 0:
                run(self.url, self.key, threads, broken)
            self.children.append(child)

    def kill(self, number: int) -> None:
        for _ in range(min(number, len(self.children))):
            child = self.children.pop(0)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)

    def advance(self, seconds: float) -> None:
        move_sandbox(self.url, seconds)
        clock.advance(seconds)

    def shift_clock(self, seconds: float) -> None:
        clocks.set_to(connection, self.shift, seconds)

    def spent(self) -> tuple[int, int]:
        return Spent.objects.count(), Spent.objects.exclude(answered_at=None).count()

    def noticed(self) -> bool:
        """Whether somebody who asked has seen that the database's clock was set."""
        view = window.look(ACCOUNT_POOL, "accountGet")
        return view is not None and view.stepped() is None

    def leave_database(self) -> None:
        """A child must not inherit a connection."""
        connections.close_all()
        if connection.vendor == "postgresql":
            connection.close_pool()


def main() -> None:
    url, shift, key = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    call_command("migrate", verbosity=0, skip_checks=True)
    clocks.settable(connection, shift)
    connection_created.connect(lambda connection, **_: clocks.attach(connection, shift), weak=False)
    parent = Parent(url, shift, key)
    verbs: dict[str, Callable[..., Any]] = {
        "start": parent.start,
        "kill": parent.kill,
        "advance": parent.advance,
        "shift": parent.shift_clock,
        "noticed": parent.noticed,
        "spent": parent.spent,
    }
    print("null", flush=True)
    for line in sys.stdin:
        verb, *rest = json.loads(line)
        print(json.dumps(verbs[verb](*rest)), flush=True)
    parent.kill(len(parent.children))


if __name__ == "__main__":
    main()
