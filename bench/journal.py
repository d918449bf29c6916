"""changes.journal: the activity page of an account with 1,000,000 changes, against one with 1,000.

On SQLite, in a scratch database of its own: the plain page, the outcome of a hundred, the oldest
first, and one number.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bench._serve import best, free_port, p95, rounds, serving
from bench.numbers import environment, line

ROOT = Path(__file__).parent.parent
MANY, SOME = 1_000_000, 1_000
PAGES = {
    "": "/settings/audit/",
    ".refused": "/settings/audit/?state=refused",
    ".oldest": "/settings/audit/?sort=at",
    ".number": "/settings/audit/?about=number:2015550003",
}


def child(work: str, env: dict[str, str], *args: str) -> Any:
    """What bench._journal prints as JSON when it does that work."""
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "bench._journal", work, *args],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def journal() -> Iterable[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="bench-journal-") as home:
        env = environment(home)
        cookies = child("seed", env, str(MANY), str(SOME))
        with serving("portal.wsgi:application", env, free_port()) as portal:
            asked = [
                (portal, path, cookies[who]) for path in PAGES.values() for who in ("many", "some")
            ]
            rounds(asked, 1, 3)
            found = best(rounds(asked, 20, 10))
    for at, name in enumerate(PAGES):
        many, some = (
            p95([each for one in found for each in one.seconds[2 * at + side]]) * 1000
            for side in (0, 1)
        )
        yield line(
            f"changes.journal{name}", round(many, 2), "ms", round(some, 2), round(many / some, 2)
        )


BENCHES: dict[str, Callable[[], Iterable[dict[str, Any]]]] = {"changes.journal": journal}
