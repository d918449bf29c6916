"""changes.settle: from the POST of a form to the fragment that says "done", less the provider's own
time.

A portal of real processes (web, worker, broker, sandbox), one person, a form after the other, on
SQLite and PostgreSQL. PostgreSQL where BENCH_POSTGRES (default
postgres://postgres@127.0.0.1:5432/portal_bench) answers, else its line is left out.
"""

import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from tests.faults.pressing import open_form
from tests.faults.stand import Browser, Stand, until

POSTGRES = os.environ.get("BENCH_POSTGRES", "postgres://postgres@127.0.0.1:5432/portal_bench")
WARM, ROUNDS, EACH = 40, 5, 60
LONGEST = 30.0  # seconds for one change; a portal that needs more is not to be measured but mended


def settle() -> Iterable[dict[str, Any]]:
    yield from measured("changes.settle", "")
    import psycopg

    try:
        psycopg.connect(POSTGRES.rpartition("/")[0] + "/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        print("changes.settle.postgres: no server answers at BENCH_POSTGRES", file=sys.stderr)
        return
    yield from measured("changes.settle.postgres", POSTGRES)


def measured(name: str, database: str) -> Iterable[dict[str, Any]]:
    """Rounds of posts and of bare calls by turns, so that a busy moment of the machine falls on
    both.
    """
    home = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        with Stand(
            home, numbers=WARM + ROUNDS * EACH * 2 + 50, speed=1, database=database
        ) as stand:
            stand.worker()
            stand.web()
            browser = Browser(stand)
            for number in stand.take(WARM):
                post(browser, number)
            posts: list[float] = []
            bare: list[float] = []
            for _ in range(ROUNDS):
                bare += stand.ask("direct", numbers=stand.take(EACH), to="9175550199")
                posts += [post(browser, number) for number in stand.take(EACH)]
            until(lambda: set(stand.ask("states").values()) == {"done"}, 10, "all are done")
    finally:
        shutil.rmtree(home, ignore_errors=True)
    provider = statistics.median(bare) * 1000
    for quantile, place in (("", 18), (".p50", 9)):
        value = statistics.quantiles(posts, n=20)[place] * 1000 - provider
        yield {
            "name": name + quantile,
            "value": round(value, 1),
            "unit": "ms",
            "against": round(provider, 1),
            "ratio": None,
        }


def post(browser: Browser, number: str) -> float:
    """Seconds from the POST to the settled fragment."""
    form = open_form(browser, number) | {"to": "9175550142"}
    began = time.perf_counter()
    status, _, part = browser.send(
        "POST",
        f"/numbers/{number}/forward/",
        form,
        {"HX-Request": "true", "HX-Target": "numbers-forward"},
    )
    seconds = time.perf_counter() - began
    assert status == 200, (status, part[:500])
    while "strip-done" not in part:  # it took longer than the page waits: ask as its strip does
        found = re.search(r'id="changes-strip-(\d+)"', part)
        assert found, part[:500]
        assert seconds < LONGEST, f"not settled within {LONGEST} s: {part[:500]}"
        status, _, part = browser.send("GET", f"/changes/{found[1]}/", None, {"HX-Request": "true"})
        seconds = time.perf_counter() - began
    return seconds


BENCHES: dict[str, Callable[[], Iterable[dict[str, Any]]]] = {"changes.settle": settle}
