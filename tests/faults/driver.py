"""The hand inside the stand: presses changes, sweeps as beat would, and says what the rows are.

JSON lines in, JSON lines out.
"""

import json
import os
import random
import select
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after setup
from django.db import close_old_connections, connection  # noqa: E402
from django.test import Client  # noqa: E402

from apps.accounts import access  # noqa: E402
from apps.accounts.models import Account, Membership  # noqa: E402
from apps.changes import machine  # noqa: E402
from apps.changes.engine import rows, tokens  # noqa: E402
from apps.changes.models import Entry  # noqa: E402
from apps.copies.services import look  # noqa: E402
from apps.jobs import services as jobs  # noqa: E402
from apps.jobs.models import Job  # noqa: E402
from apps.numbers import sources  # noqa: E402
from apps.numbers.changes import SetForward  # noqa: E402
from apps.numbers.models import Number  # noqa: E402
from apps.running import broker  # noqa: E402
from apps.running.models import Sweep  # noqa: E402
from portal import schedule  # noqa: E402

NORTHWIND = "1000000002"
SWEEPS = ("changes.send", "changes.settle", "jobs.run")
sweeping = False


def account(number: str = NORTHWIND) -> Account:
    return Account.objects.get(number=number)


def owner(number: str = NORTHWIND) -> Any:
    owners = Membership.objects.select_related("user").filter(role="owner")
    return owners.filter(account=account(number))[0].user


def prepare() -> list[str]:
    """Schema, people and the copy of the list: all numbers of the account."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("seed_demo", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    look(account(), sources.numbers)
    return sorted(Number.objects.of(account()).values_list("number", flat=True))


def press(number: str, to: str, after: int | None = None) -> int:
    change = SetForward(account(), number, to=to)
    earlier = rows.rows().get(pk=after) if after else None
    return machine.submit(change, by=owner(), token=tokens.mint(), after=earlier).pk


def start_job(numbers: list[str], to: str, undoes: int = 0) -> int:
    """A job that forwards the numbers, or undoes another one; started."""
    whose, by = account(), owner()
    if undoes:
        job = jobs.undo(Job.objects.of(whose).get(pk=undoes), by=by)
    else:
        job = jobs.draft_same(SetForward(whose, "", to=to), numbers, by=by)
    jobs.start(job, by=by, mark=job.print, fresh_at=None)
    return job.pk


def job(pk: int) -> dict[str, Any]:
    """How the job stands: its state, and the states of its changes by number."""
    found = Job.objects.of(account()).get(pk=pk)
    mine = rows.rows().filter(job=pk).values_list("subject", "state")
    return {"state": found.state, "reason": found.reason, "changes": dict(mine)}


def press_and_wait(number: str, to: str) -> dict[str, Any]:
    began = time.monotonic()
    entry = machine.wait(
        machine.submit(SetForward(account(), number, to=to), by=owner(), token=tokens.mint())
    )
    return {"pk": entry.pk, "state": entry.state, "seconds": time.monotonic() - began}


def press_many(number: str, to: str, times: int, unique: bool) -> int:
    """One form pressed by many threads at once; answers how many rows. unique=False: the key is
    made at the press, as a control.
    """
    whose, by, token = account(), owner(), tokens.mint()
    together = threading.Barrier(times)
    if not unique:
        tokens.read = lambda token: tokens.secrets.token_urlsafe(16)
        machine._same = lambda *_: None

    def one(_: int) -> int:
        together.wait()
        try:
            return machine.submit(SetForward(whose, number, to=to), by=by, token=token).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as people:
        return len(set(people.map(one, range(times))))


def states(pks: list[int] | None = None) -> dict[str, str]:
    found = rows.rows().filter(pk__in=pks) if pks is not None else rows.rows()
    return {str(pk): state for pk, state in found.values_list("pk", "state")}


def entries_of(number: str) -> list[list[Any]]:
    return [
        list(row)
        for row in rows.rows()
        .filter(subject=number)
        .order_by("pk")
        .values_list("pk", "state", "args__to")
    ]


def copies() -> dict[str, str]:
    return dict(Number.objects.of(account()).values_list("number", "forward_to"))


def provider_forwards() -> dict[str, str]:
    return {
        each.number: each.forward_to or "" for each in access.client_for(account()).numbers.list()
    }


def sweep(on: bool) -> bool:
    """Sweep by itself from now on, three times a second."""
    global sweeping
    sweeping = on
    return on


def sweeps() -> dict[str, float]:
    """When each sweep last finished, in seconds since 1970."""
    found = Sweep.objects.filter(finished_at__isnull=False)
    return {name: at.timestamp() for name, at in found.values_list("name", "finished_at")}


def numbers_here(number: str) -> list[str]:
    """The numbers of that account, by its own number, as our copy has them."""
    whose = Account.objects.get(number=number)
    return sorted(Number.objects.of(whose).values_list("number", flat=True))


def session(number: str = NORTHWIND) -> dict[str, str]:
    """Cookies of a browser in which the account's owner signed in."""
    browser = Client()
    browser.force_login(owner(number))
    return {name: cookie.value for name, cookie in browser.cookies.items()}


def pairs(numbers: list[str], apart: float, lanes: bool) -> int:
    """Two changes of each number pressed `apart` seconds from each other, sent by 8 threads of this
    process.

    lanes=False: each row has a lane of its own, as a control. Ends when every row is settled;
    answers how many pairs.
    """
    broker.rest()
    whose, by = account(), owner()
    if not lanes:
        SetForward.lane = lambda self: f"{self.subject}-{random.random()}"  # type: ignore[method-assign]
    sender = ThreadPoolExecutor(8)

    def taken(pk: int) -> None:
        close_old_connections()
        machine.run(pk)

    def send(pk: int) -> bool:
        sender.submit(taken, pk)
        return True

    broker.nudge = send

    def pair(number: str) -> None:
        close_old_connections()
        first, second = (
            f"917555{random.randint(0, 4999):04}",
            f"917555{random.randint(5000, 9999):04}",
        )
        later = threading.Timer(apart, lambda: submitted(number, second))
        later.start()
        submitted(number, first)
        later.join()

    def submitted(number: str, to: str) -> None:
        machine.submit(SetForward(whose, number, to=to), by=by, token=tokens.mint())
        connection.close()

    with ThreadPoolExecutor(4) as people:
        list(people.map(pair, numbers))
    end = time.monotonic() + 60
    while (
        time.monotonic() < end
        and rows.rows()
        .filter(subject__in=numbers, state__in=["ready", "sending", "not_sent", "doubt"])
        .exists()
    ):
        for name in SWEEPS:
            schedule.run(name)
        time.sleep(0.1)
    sender.shutdown()
    return len(numbers)


def direct(numbers: list[str], to: str) -> list[float]:
    """Seconds of the bare call to the provider for each number, without a row, a worker
    or a page.
    """
    client, taken = access.client_for(account()), []
    for number in numbers:
        began = time.perf_counter()
        client.numbers.set_forward(number, to)
        taken.append(time.perf_counter() - began)
    return taken


def lasts(numbers: list[str]) -> dict[str, str]:
    """The forward that was pressed last, of each number."""
    found = Entry.objects.across_accounts().filter(subject__in=numbers).order_by("pk")
    return {subject: args["to"] for subject, args in found.values_list("subject", "args")}


COMMANDS: dict[str, Callable[..., Any]] = {
    command.__name__: command
    for command in (
        prepare,
        press,
        start_job,
        job,
        press_and_wait,
        press_many,
        states,
        entries_of,
        copies,
        provider_forwards,
        sweep,
        sweeps,
        session,
        numbers_here,
        pairs,
        direct,
        lasts,
    )
}


def main() -> None:
    swept = 0.0
    while True:
        asked = select.select([sys.stdin], [], [], 0.1)[0]
        if sweeping and time.monotonic() - swept > 0.3:
            for name in SWEEPS:
                schedule.run(name)
            swept = time.monotonic()
        if os.getppid() == 1:
            return
        if asked:
            line = sys.stdin.readline()
            if not line:
                return
            words = json.loads(line)
            print(json.dumps(COMMANDS[words.pop("what")](**words)), flush=True)


if __name__ == "__main__":
    main()
