"""The works of bench/numbers.py, each run in a process of its own: `python -m bench._numbers WORK
ARGS` prints JSON.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import django

django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.template.loader import get_template  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from apps.accounts.middleware import load  # noqa: E402
from apps.accounts.models import Account, Membership, User  # noqa: E402
from apps.accounts.signing_in.browsers import SessionStore  # noqa: E402
from apps.copies import claims  # noqa: E402
from apps.copies.models import Copy  # noqa: E402
from apps.copies.selectors import find_copy  # noqa: E402
from apps.copies.services import Outcome, take_in  # noqa: E402
from apps.numbers import selectors, sources  # noqa: E402
from apps.numbers.models import NUMBERS, Number  # noqa: E402
from apps.numbers.services.refresh import count_facets  # noqa: E402
from apps.numbers.services.shape import shape_all  # noqa: E402
from apps.ui import render  # noqa: E402
from apps.voicetel import clock  # noqa: E402
from apps.voicetel.client.answers import decode  # noqa: E402
from apps.voicetel.client.records.numbers import Numbers  # noqa: E402
from bench.numbers import described, told  # noqa: E402

FIRST_NAMES = (
    "Front desk",
    "Dr Okafor",
    "Night line",
    "Billing",
    "Second surgery",
    "Sales east",
    "Sales west",
    "Fax room",
)


def migrate() -> None:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)


def account(number: str) -> Account:
    return Account.objects.get_or_create(
        number=number, defaults={"name": "Bench", "key_state": "live"}
    )[0]


def body(records: list[dict[str, Any]]) -> bytes:
    return json.dumps({"status": "success", "data": {"numbers": records}}).encode()


def take(whose: Account, answer: bytes) -> float:
    """Seconds from the answer's bytes to the commit."""
    asked = clock.now()
    token = claims.claim(whose, NUMBERS, asked)
    began = time.perf_counter()
    numbers = decode(answer, Numbers)
    rows, odd = shape_all(numbers.numbers)
    assert not odd
    del numbers
    outcome = take_in(whose, sources.numbers, token, asked, rows)
    assert outcome == Outcome.TAKEN, outcome
    return time.perf_counter() - began


def fill(whose: Account, count: int) -> list[dict[str, Any]]:
    """The account holds so many numbers, one in five with a label."""
    records = told(count)
    take(whose, body(records))
    with connection.cursor() as cursor:
        labels = [
            (f"{FIRST_NAMES[i % 8]} {i}", 32, whose.pk, each["number"])
            for i, each in enumerate(records[::5])
        ]
        cursor.executemany(
            "UPDATE numbers_number SET label = %s, traits = traits + %s WHERE account_id = %s AND"
            " number = %s",
            labels,
        )
    facets = count_facets(whose, {each["route"]: each["gateway"] for each in records})
    Copy.objects.of(whose).filter(name=NUMBERS).update(facts=facets.dump())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE numbers_number")
    return records


class Lock:
    """How long SQLite's write lock was held at a stretch, at most."""

    def __init__(self) -> None:
        self.longest = self.began = 0.0
        if connection.vendor == "sqlite":
            cls: Any = type(connections["default"])
            take_turn, end_turn = cls._take_turn, cls._end_turn

            def taken(wrapper: Any) -> None:
                take_turn(wrapper)
                self.began = time.perf_counter()

            def ended(wrapper: Any) -> None:
                if self.began:
                    self.longest = max(self.longest, time.perf_counter() - self.began)
                    self.began = 0.0
                end_turn(wrapper)

            cls._take_turn, cls._end_turn = taken, ended

    def read(self) -> float:
        longest, self.longest = self.longest, 0.0
        return round(longest, 3)


def status(name: str) -> float:
    """Megabytes."""
    return (
        next(
            int(line.split()[1])
            for line in Path("/proc/self/status").read_text().splitlines()
            if line.startswith(name)
        )
        / 1024
    )


def refresh(count: str) -> dict[str, Any]:
    whose = account("1000000001")
    records = told(int(count))
    lock = Lock()
    found: dict[str, Any] = {"first": round(take(whose, body(records)), 3)}
    found["lock_first"] = lock.read()
    Number.objects.of(whose).filter(number=records[7]["number"]).update(label="kept")
    dice, some, held_some, peaks = random.Random(2), [], [], []  # noqa: S311 - nobody's secret
    for _ in range(3):
        answer = body(changed(records, dice))
        before = status("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")
        some.append(take(whose, answer))
        peaks.append(status("VmHWM") - before)
        held_some.append(lock.read())
    every, held_all = [], []
    for turn in range(3):
        answer = body([everything(each, turn) for each in records])
        before = status("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")
        every.append(take(whose, answer))
        peaks.append(status("VmHWM") - before)
        held_all.append(lock.read())
    assert Number.objects.of(whose).get(number=records[7]["number"]).label == "kept"
    return found | {
        "some": round(median(some), 3),
        "all": round(median(every), 3),
        "lock": max(held_all),
        "lock_some": max(held_some),
        "peak": round(max(peaks)),
    }


def changed(records: list[dict[str, Any]], dice: Any) -> list[dict[str, Any]]:
    """1 % changed, 0.1 % gone, 0.1 % new; `records` follows."""
    count = len(records)
    for at in dice.sample(range(8, count), count // 100):
        records[at] = described(records[at]["number"], dice)
    for at in sorted(dice.sample(range(8, count), count // 1000), reverse=True):
        del records[at]
    known = {each["number"] for each in records}
    while len(records) < count:
        number = f"646{dice.randrange(200, 1000)}{dice.randrange(10_000):04}"
        if number not in known:
            known.add(number)
            records.append(described(number, dice))
    return records


def everything(record: dict[str, Any], turn: int) -> dict[str, Any]:
    """The record with route, gateway, forwarding and a service changed."""
    return record | {
        "route": 2000 + turn,
        "gateway": f"198.51.100.{turn + 1}:5060",
        "forward": True,
        "forwardTo": f"6465550{turn}00",
        "smsEnabled": turn % 2 == 0,
    }


def people(count: str, fewer: str = "0") -> dict[str, str]:
    """Two accounts with so many numbers and an owner each: mail to session cookie."""
    return {
        name: signed_in(account(number), f"{name}@bench.test", int(size))
        for name, number, size in (("many", "1000000001", count), ("some", "1000000002", fewer))
        if int(size)
    }


def signed_in(whose: Account, email: str, count: int) -> str:
    fill(whose, count)
    owner = User.objects.create(email=email)
    Membership.objects.create(user=owner, account=whose, role="owner")
    browser = Client()
    browser.force_login(owner)
    return f"sessionid={browser.cookies['sessionid'].value}"


def search(count: str, rounds: str) -> dict[str, float]:
    """p95 milliseconds of the SQL of a search for four digits: hits up to the cap, then a page of
    them.
    """
    whose = account("1000000001")
    fill(whose, int(count))
    copy = find_copy(whose, NUMBERS)
    dice, times = random.Random(3), []  # noqa: S311 - nobody's secret
    for _ in range(int(rounds)):
        state = selectors.list_state(copy, {"q": f"{dice.randrange(10_000):04}"})
        with SqlTime() as timed:
            selectors.list_numbers(whose, copy, state)
        times.append(timed.seconds * 1000)
    return {"p95": sorted(times)[int(len(times) * 0.95)], "p50": median(times)}


class SqlTime:
    """Seconds in the database while it is entered, the fetching included."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._wrap = connection.execute_wrapper(self._time)

    def __enter__(self) -> "SqlTime":
        self._wrap.__enter__()
        return self

    def __exit__(self, *args: Any) -> None:
        self._wrap.__exit__(*args)

    def _time(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - began


def queries(path: str) -> int:
    """How many a page makes for someone signed in."""
    browser = Client()
    browser.force_login(User.objects.get(email="many@bench.test"))
    browser.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(path).status_code == 200
    return len(caught)


def parts(cookie: str, calls: str) -> dict[str, float]:
    """Milliseconds of CPU of one list page and of its parts, in this process: the least of so many
    calls, taken in turn.
    """
    kept: dict[str, Any] = {}
    rendering = render.render

    def keep(request: Any, template: str, context: Any, **rest: Any) -> Any:
        kept.update(request=request, context=context)
        return rendering(request, template, context, **rest)

    render.render = keep  # type: ignore[attr-defined]
    handler, asked = WSGIHandler(), RequestFactory(headers={"cookie": cookie})

    def page() -> None:
        answer = handler(asked.get("/numbers/").environ, lambda status, headers: None)
        assert answer.status_code == 200
        answer.close()

    page()
    request, context = kept["request"], kept["context"]
    key, account = cookie.partition("=")[2], request.account
    copy, state = find_copy(account, NUMBERS), context["listing"].state
    works: dict[str, Callable[[], Any]] = {
        "page": page,
        "session": lambda: SessionStore(key).load(),
        "person": lambda: load(request.user.pk),
        "copy": lambda: find_copy(account, NUMBERS),
        "rows": lambda: selectors.list_numbers(account, copy, state),
        "template": lambda: get_template("numbers/list.html").render(context, request),
        "template.table": lambda: get_template("numbers/_table.html").render(context, request),
        "template.frame": lambda: get_template("base.html").render({}, request),
    }
    least = dict.fromkeys(works, 1e9)
    for _ in range(int(calls)):
        for name, work in works.items():
            began = time.process_time()
            work()
            least[name] = min(least[name], (time.process_time() - began) * 1000)
    named = ("session", "person", "copy", "rows", "template")
    return least | {"rest": least["page"] - sum(least[name] for name in named)}


WORKS: dict[str, Callable[..., Any]] = {
    "migrate": migrate,
    "refresh": refresh,
    "people": people,
    "parts": parts,
    "search": search,
    "queries": queries,
}

if __name__ == "__main__":
    print(json.dumps(WORKS[sys.argv[1]](*sys.argv[2:])))
