"""numbers.refresh_100k, numbers.list, numbers.list.floor, numbers.search: our copy of a long list,
on SQLite and PostgreSQL.

Each measurement runs in a process of its own with a database of its own; PostgreSQL where
BENCH_POSTGRES (default postgres://postgres@127.0.0.1:5432/portal_bench) answers, else its lines are
left out with a word on stderr.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from bench._serve import best, free_port, p95, rounds, serving

ROOT = Path(__file__).parent.parent
POSTGRES = os.environ.get("BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432/portal_bench")
MANY, SOME = 100_000, 1_000
AREAS = ("201", "212", "305", "312", "415", "503", "617", "713", "808", "917")


def line(
    name: str, value: float, unit: str, against: float | None = None, ratio: float | None = None
) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "against": against, "ratio": ratio}


def environment(home: str, url: str = "") -> dict[str, str]:
    """A portal of its own. DEBUG is off, as in life: the demo's settings."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in {"PATH", "HOME", "LANG", "TMPDIR"}
    }
    return kept | {
        "DEMO": "1",
        "DATA_DIR": home,
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "LOG_LEVEL": "ERROR",
        "PYTHONHASHSEED": "0",
        "VOICETEL_URL": "http://127.0.0.1:9",
    }


def child(work: str, env: dict[str, str], *args: str) -> Any:
    """What bench._numbers prints as JSON when it does that work."""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "bench._numbers", work, *args],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def on_sqlite(*works: tuple[str, ...]) -> list[Any]:
    with tempfile.TemporaryDirectory(prefix="bench-numbers-") as home:
        env = environment(home)
        child("migrate", env)
        return [child(work, env, *args) for work, *args in works]


def on_postgres(*works: tuple[str, ...]) -> list[Any] | None:
    """None where no server answers."""
    with postgres() as url, tempfile.TemporaryDirectory(prefix="bench-numbers-") as home:
        if not url:
            return None
        env = environment(home, url)
        child("migrate", env)
        return [child(work, env, *args) for work, *args in works]


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of an empty database of ours, dropped afterwards; "" where no server answers."""
    import psycopg

    at = urlsplit(POSTGRES)
    name, server = at.path.lstrip("/"), POSTGRES.removesuffix(at.path) + "/postgres"
    try:
        with psycopg.connect(server, autocommit=True, connect_timeout=2) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}"')
    except psycopg.OperationalError:
        print(
            f"numbers: no PostgreSQL at {at.hostname}:{at.port}; its lines are left out",
            file=sys.stderr,
        )
        yield ""
        return
    try:
        yield POSTGRES
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def told(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """A numbersList of so many, the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - nobody's secret
    numbers = (
        f"{AREAS[i % 10]}{200 + i // 10 % 800}{i // 8000 * 37 % 10000:04}" for i in range(count)
    )
    return [described(number, dice) for number in numbers]


def described(number: str, dice: random.Random) -> dict[str, Any]:
    own = dice.random() < 0.4
    route = 1000 + dice.randrange(5) if own else 4
    forward = dice.random() < 0.1
    return {
        "number": number,
        "route": route,
        "gateway": f"203.0.113.{route - 990}:5060" if own else "DID",
        "translated": number,
        "forward": forward,
        "forwardTo": f"917555{dice.randrange(10_000):04}" if forward else None,
        "cnam": dice.random() < 0.7,
        "smsEnabled": dice.random() < 0.5,
        "faxEnabled": dice.random() < 0.05,
        "carrier": dice.randrange(20),
    }


def refresh() -> Iterable[dict[str, Any]]:
    """Answer to commit, decoding included; 1 % changed, 0.1 % gone, 0.1 % new.

    Against the first fill of the empty copy.
    """
    sqlite = on_sqlite(("refresh", str(MANY)))[0]
    yield line(
        "numbers.refresh_100k",
        sqlite["some"],
        "s",
        sqlite["first"],
        round(sqlite["some"] / sqlite["first"], 3),
    )
    yield line("numbers.refresh_100k.all", sqlite["all"], "s")
    yield line("numbers.refresh_100k.peak", sqlite["peak"], "MB")
    yield line("numbers.refresh_100k.lock", sqlite["lock"], "s", sqlite["lock_some"])
    if found := on_postgres(("refresh", str(MANY))):
        postgres = found[0]
        yield line(
            "numbers.refresh_100k.postgres",
            postgres["some"],
            "s",
            postgres["first"],
            round(postgres["some"] / postgres["first"], 3),
        )
        yield line("numbers.refresh_100k.postgres.all", postgres["all"], "s")


PAGES = {
    "number": "/numbers/?sms=1&page=3",
    "label": "/numbers/?sms=1&sort=label&page=3",
    "route": "/numbers/?sms=1&sort=route&page=3",
    "forward": "/numbers/?sms=1&sort=forward&page=3",
    "last": "/numbers/?sms=1&sort=label&page=100000",
}


def pages() -> Iterable[dict[str, Any]]:
    """p95 of a filtered and sorted page of an account with 100,000 numbers, against the same of one
    with 1,000.
    """
    with tempfile.TemporaryDirectory(prefix="bench-numbers-") as home:
        env = environment(home)
        child("migrate", env)
        cookies = child("people", env, str(MANY), str(SOME))
        with serving("portal.wsgi:application", env, free_port()) as portal:
            asked = [
                (portal, path, cookies[who]) for path in PAGES.values() for who in ("many", "some")
            ]
            rounds(asked, 1, 3)
            found = best(rounds(asked, 20, 10))
        lines = []
        for at, name in enumerate(PAGES):
            many, some = (
                p95([t for each in found for t in each.seconds[2 * at + side]]) * 1000
                for side in (0, 1)
            )
            lines.append(
                line(
                    f"numbers.list.{name}",
                    round(many, 2),
                    "ms",
                    round(some, 2),
                    round(many / some, 2),
                )
            )
        # the worst of the sorts
        yield {**max(lines[:-1], key=lambda each: each["ratio"]), "name": "numbers.list"}
        yield from lines
        yield line("numbers.list.queries", child("queries", env, PAGES["label"]), "queries")


def floor() -> Iterable[dict[str, Any]]:
    """Requests a second of the list, signed in, against the frozen bare page behind the same
    server.
    """
    with tempfile.TemporaryDirectory(prefix="bench-numbers-") as home:
        env = environment(home)
        child("migrate", env)
        cookies = child("people", env, str(MANY))
        yield against_bare("numbers.list.floor", env, cookies["many"])
    with postgres() as url, tempfile.TemporaryDirectory(prefix="bench-numbers-") as home:
        if url:
            env = environment(home, url)
            child("migrate", env)
            cookies = child("people", env, str(MANY))
            yield against_bare("numbers.list.floor.postgres", env, cookies["many"])


def against_bare(name: str, env: dict[str, str], cookie: str) -> dict[str, Any]:
    with (
        serving("portal.wsgi:application", env, free_port()) as portal,
        serving("bench._bare:application", env, free_port()) as bare,
    ):
        asked = [(portal, "/numbers/", cookie), (bare, "/numbers/", "")]
        rounds(asked, 1, 20)
        found = best(rounds(asked, 20, 50))
    ours, theirs = (
        median(len(each.seconds[side]) / sum(each.seconds[side]) for each in found)
        for side in (0, 1)
    )
    share = median(sum(each.seconds[1]) / sum(each.seconds[0]) for each in found)
    by_cpu = median(each.cpu[1] / each.cpu[0] for each in found)
    print(f"{name}: {by_cpu:.3f} by CPU time", file=sys.stderr)
    return line(name, round(ours), "requests/s", round(theirs), round(share, 3))


def parts() -> Iterable[dict[str, Any]]:
    """Where the time of a list page goes: each part's CPU against the whole page's."""
    with tempfile.TemporaryDirectory(prefix="bench-numbers-") as home:
        yield from parts_in("numbers.parts", environment(home))
    with postgres() as url, tempfile.TemporaryDirectory(prefix="bench-numbers-") as home:
        if url:
            yield from parts_in("numbers.parts.postgres", environment(home, url))


def parts_in(name: str, env: dict[str, str]) -> Iterator[dict[str, Any]]:
    child("migrate", env)
    cookie = child("people", env, str(SOME))["many"]
    found = child("parts", env, cookie, "400")
    for part, spent in found.items():
        share = round(spent / found["page"], 3)
        yield line(f"{name}.{part}", round(spent, 3), "ms", round(found["page"], 3), share)


def search() -> Iterable[dict[str, Any]]:
    """p95 of the SQL of a search for four digits anywhere: hits up to 1,001, then the page."""
    yield line("numbers.search", round(on_sqlite(("search", str(MANY), "300"))[0]["p95"], 2), "ms")
    if found := on_postgres(("search", str(MANY), "300")):
        yield line("numbers.search.postgres", round(found[0]["p95"], 2), "ms")


BENCHES: dict[str, Callable[[], Iterable[dict[str, Any]]]] = {
    "numbers.list": pages,
    "numbers.list.floor": floor,
    "numbers.parts": parts,
    "numbers.refresh_100k": refresh,
    "numbers.search": search,
}
