"""budget.reserve: refusals and grants a second under 20 threads, the longest wait, and how many too
many in 100 races.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

ROOT = Path(__file__).parent.parent
SERVER = os.environ.get("DATABASE_URL", "")
SERVER = SERVER if SERVER.startswith("postgres") else "postgres://postgres@127.0.0.1:5432/postgres"
THREADS, ROUNDS, SECONDS, RACES = 20, 5, 1.0, 100


def run_sqlite() -> Iterable[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        yield from lines("budget.reserve", f"sqlite:///{folder}/portal.sqlite3")


def run_postgres() -> Iterable[dict[str, Any]]:
    """Left out, with a word on stderr, where no server is reachable."""
    import psycopg

    name = f"portal_bench_{uuid4().hex[:8]}"
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=2)
    except psycopg.OperationalError:
        print("budget.reserve.postgres: no PostgreSQL server is reachable", file=sys.stderr)
        return
    with server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield from lines("budget.reserve.postgres", f"{SERVER.rsplit('/', 1)[0]}/{name}")
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def lines(name: str, database: str) -> Iterable[dict[str, Any]]:
    """Measured in a process of its own, since a process has one database."""
    env = {
        **os.environ,
        "DEMO": "1",
        "DEBUG": "",
        "DATABASE_URL": database,
        "DATABASE_POOL": str(THREADS + 2),
        "LOG_LEVEL": "ERROR",
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.budget"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    for part, unit in (
        ("", "refusals/s"),
        (".grants", "grants/s"),
        (".wait", "s at most"),
        (".over", "calls in 100 races"),
    ):
        yield {
            "name": name + part,
            "value": found[part],
            "unit": unit,
            "against": None,
            "ratio": None,
        }


BENCHES: dict[str, Callable[[], Iterable[dict[str, Any]]]] = {
    "budget.reserve": run_sqlite,
    "budget.reserve.postgres": run_postgres,
}


def measure() -> dict[str, float]:
    """The four figures, in this process's database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", "voicetel", verbosity=0, skip_checks=True)
    from django.db import connection

    from apps.voicetel.client import BudgetSpent
    from apps.voicetel.hour import budget
    from apps.voicetel.hour.rules import ACCOUNT, LOOKING
    from apps.voicetel.models import Spent

    def reserve() -> bool:
        try:
            budget.reserve(ACCOUNT, LOOKING, "accountGet", "1000000001")
        except BudgetSpent:
            return False
        return True

    def together(work: Callable[[list[Any]], None]) -> list[Any]:
        """What 20 threads, let go at once, put into the list."""
        found: list[Any] = []
        gate = threading.Barrier(THREADS)

        def one() -> None:
            connection.ensure_connection()
            gate.wait()
            work(found)
            connection.close()

        threads = [threading.Thread(target=one) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    waits: list[float] = []

    def rate() -> float:
        def loop(found: list[Any]) -> None:
            until = time.perf_counter() + SECONDS
            while (began := time.perf_counter()) < until:
                reserve()
                found.append(time.perf_counter() - began)

        took = together(loop)
        waits.append(max(took))
        return len(took) / SECONDS

    late, refusals, grants = budget.LONGEST_CALL, [], []
    for _ in range(ROUNDS):
        Spent.objects.all().delete()
        for _ in range(ACCOUNT.size):
            reserve()
        refusals.append(rate())
        # every call is long past when the next one asks: there is always room
        budget.LONGEST_CALL = -3 * budget.HOUR
        Spent.objects.all().delete()
        grants.append(rate())
        assert Spent.objects.count() >= grants[-1] * SECONDS
        budget.LONGEST_CALL = late
    over = 0
    for _ in range(RACES):
        Spent.objects.all().delete()
        granted = sum(together(lambda found: found.append(reserve())))
        over += abs(granted - ACCOUNT.size)  # one too few is wrong as well
    return {
        "": round(median(refusals)),
        ".grants": round(median(grants)),
        ".wait": round(max(waits), 3),
        ".over": over,
    }


if __name__ == "__main__":
    print(json.dumps(measure()))
