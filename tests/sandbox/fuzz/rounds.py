"""schemathesis against the real sandbox, in rounds: each another account, another seed, a world
seeded anew.

`bin/fuzz [MINUTES]` runs them for so long; tests/sandbox/test_fuzz.py runs two short ones.
"""

import os
import socket
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from apps.sandbox import people
from apps.sandbox.front.remote import Remote

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).parent
LONGEST = 120  # seconds of a round: after that the world is far from what was seeded
# Valid requests reach what nonsense never does; nonsense is what the other half is for.
KINDS = (
    (people.HARBOR.username, "positive"),
    (people.HARBOR.username, "all"),
    (people.OPERATOR.username, "all"),
    (people.NORTHWIND.username, "positive"),
    (people.QUIET.username, "all"),
)


@dataclass(frozen=True)
class Round:
    """What one round was and found. said: schemathesis's own report; statuses: by operation, how
    often which (0: cut).
    """

    username: str
    mode: str
    seed: int
    ok: bool
    said: str
    statuses: dict[str, Counter[int]]

    @property
    def requests(self) -> int:
        return sum(counter.total() for counter in self.statuses.values())


class Served:
    """`manage.py sandbox` on a free port with a folder of its own. errors: what it wrote on
    standard error so far.
    """

    def __init__(self, data: Path, port: int) -> None:
        self.url, self.log = f"http://127.0.0.1:{port}", data / "errors"
        command = [sys.executable, "manage.py", "sandbox", "--port", str(port), "--data", str(data)]
        small = {"PATH": os.environ["PATH"], "SANDBOX_NUMBERS": "40", "SANDBOX_CALLS": "50"}
        with self.log.open("w") as errors:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=small, stdout=subprocess.PIPE, stderr=errors, text=True
            )
        assert self.process.stdout
        assert self.process.stdout.readline().startswith("sandbox: http://"), self.errors

    @property
    def errors(self) -> str:
        return self.log.read_text()

    @property
    def alive(self) -> bool:
        return self.process.poll() is None


@contextmanager
def served(port: int = 0) -> Iterator[Served]:
    if not port:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
    with TemporaryDirectory() as folder:
        sandbox = Served(Path(folder), port)
        try:
            yield sandbox
        finally:
            sandbox.process.terminate()
            sandbox.process.wait(timeout=10)


def play(
    sandbox: Served,
    document: str,
    username: str,
    mode: str,
    seed: int,
    seconds: int,
    *,
    before: Callable[[Remote], None] = lambda control: None,
    only: tuple[str, ...] = (),
    examples: int = 0,
) -> Round:
    """One round of so many seconds; a few more to begin and to shrink what was found.

    before: what is made ready at the provider; only: the operations to ask, () for all; examples:
    at most so many for each operation, 0 for as many as the time allows. A count gives the same
    round on every machine, a time does not.
    """
    control = Remote(sandbox.url)
    control.reset(1, 40, 50)
    before(control)
    command = [
        *(
            sys.executable,
            "-m",
            "schemathesis.cli",
            "--config-file",
            str(HERE / "schemathesis.toml"),
            "run",
            document,
        ),
        *("--url", sandbox.url, "--mode", mode, "--max-time", str(seconds), "--seed", str(seed)),
        *("--generation-database", "none", "--no-color", "--continue-on-failure"),
        *(("--max-examples", str(examples)) if examples else ()),
        *(word for name in only for word in ("--include-operation-id", name)),
    ]
    environment = {
        **os.environ,
        "FUZZ_URL": sandbox.url,
        "FUZZ_USERNAME": username,
        "SCHEMATHESIS_HOOKS": "tests.sandbox.fuzz.hooks",
    }
    environment |= {"VOICETEL_OPENAPI": document, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    with TemporaryDirectory() as folder:  # schemathesis keeps notes where it runs
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=seconds + 180,
            check=False,
        )
    statuses: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for row in control.requests():
        statuses[row["operation"]][row["status"]] += 1
    return Round(
        username, mode, seed, done.returncode == 0, done.stdout + done.stderr, dict(statuses)
    )


def failed(operations: dict[str, Counter[int]]) -> list[str]:
    """Operations that answered a 5xx, which nobody had asked for."""
    return [
        f"{name} {status}"
        for name, counter in operations.items()
        for status in counter
        if status >= 500 or not status
    ]


def main(minutes: float, document: str, port: int = 0) -> int:
    """Rounds until the time is up; 1 when anything was found."""
    until, found, reached = time.monotonic() + minutes * 60, 0, set[str]()
    with served(port) as sandbox:
        for number in count():
            left = int(until - time.monotonic())
            if left < 10:
                break
            username, mode = KINDS[number % len(KINDS)]
            done = play(
                sandbox,
                document,
                username,
                mode,
                seed=int(os.environ.get("FUZZ_SEED", "1")) + number,
                seconds=min(left, LONGEST),
            )
            bad = failed(done.statuses)
            reached |= {
                name
                for name, counter in done.statuses.items()
                if any(200 <= status < 300 for status in counter)
            }
            fine = done.ok and not bad and sandbox.alive and not sandbox.errors
            print(
                f"round {number + 1} ({username}, {mode}): {done.requests} requests,"
                f" {'nothing found' if fine else 'FOUND'}",
                flush=True,
            )
            if not fine:
                found += 1
                print(done.said, *bad, sandbox.errors, sep="\n", flush=True)
    print(
        f"fuzz: {len(reached)} of 74 operations have succeeded at least once; {found} rounds found"
        " something"
    )
    return 1 if found else 0
