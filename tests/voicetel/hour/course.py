"""A test tool: the sandbox over HTTP, the racers beside it, and the question how many calls one
hour held.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import psycopg

ROOT = Path(__file__).resolve().parents[3]
LIMITED = {"accountGet", "accountCdr", "accountRecurringCharges", "accountApiKey"}
OUTSIDE = {
    name: value
    for name, value in os.environ.items()
    if name not in {"DJANGO_SETTINGS_MODULE", "DATA_DIR"}
}
ON_POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")  # this run of the suite
SERVER = (
    os.environ["DATABASE_URL"] if ON_POSTGRESQL else "postgres://postgres@127.0.0.1:5432/postgres"
)


class Course:
    """One race: a provider, a database, racers."""

    def __init__(self, url: str, database_url: str, racers: "subprocess.Popen[str]") -> None:
        self.url, self.database_url, self.racers, self.moved = url, database_url, racers, 0.0
        self.heard()

    def heard(self) -> Any:
        assert self.racers.stdout is not None
        said = self.racers.stdout.readline()
        assert said, "the racers have died"
        return json.loads(said)

    def tell(self, *words: Any) -> Any:
        assert self.racers.stdin is not None
        self.racers.stdin.write(json.dumps(words) + "\n")
        self.racers.stdin.flush()
        return self.heard()

    def start(self, processes: int = 4, threads: int = 5, broken: str = "") -> None:
        self.tell("start", processes, threads, broken)

    def kill(self, number: int) -> None:
        self.tell("kill", number)

    def advance(self, seconds: float) -> None:
        self.tell("advance", seconds)
        self.moved += seconds

    def advance_to(self, moment: float) -> None:
        """Move both clocks until the provider's shows so many Unix seconds."""
        self.advance(max(0.0, moment - self.now()))

    def set_clock(self, seconds: float, seconds_to_notice: float = 10.0) -> None:
        """Set the database's clock, and wait until somebody who asks for a call has seen it."""
        self.tell("shift", seconds)
        until = time.monotonic() + seconds_to_notice
        while not self.tell("noticed") and time.monotonic() < until:
            time.sleep(0.05)

    def command(self, *words: str) -> None:
        """`manage.py ...` of the portal, on the racers' database and provider."""
        env = {
            **OUTSIDE,
            "DEBUG": "1",
            "DATABASE_URL": self.database_url,
            "VOICETEL_URL": self.url,
            "LOG_LEVEL": "ERROR",
        }
        subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=env,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def sandbox(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        request = Request(
            f"{self.url}/_sandbox/{path}", json.dumps(body or {}).encode(), method=method
        )
        with urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def slow(self, seconds: float, probability: float = 1.0, counted: str = "last") -> None:
        """From now on calls are held for so long before the provider counts them ("last") or after
        ("first").
        """
        fault = {
            "operation": "*",
            "kind": "delay",
            "times": None,
            "probability": probability,
            "seconds": seconds,
            "counted": counted,
        }
        self.sandbox("POST", "faults", fault)

    def quick(self) -> None:
        self.sandbox("DELETE", "faults")

    def arrivals(self) -> list[float]:
        """When each call of the four arrived, by the provider's clock; refused ones are
        calls too.
        """
        rows = self.sandbox("GET", "requests")["requests"]
        return sorted(
            datetime.fromisoformat(row["at"]).timestamp()
            for row in rows
            if row["operation"] in LIMITED
        )

    def most_in_an_hour(self) -> int:
        arrivals = self.arrivals()
        return max(
            (sum(first <= at < first + 3600 for at in arrivals) for first in arrivals), default=0
        )

    def reserved(self, calls: int, seconds: float = 10.0) -> int:
        """How many calls were ever reserved, as soon as there are so many."""
        return self._rows(0, calls, seconds)

    def settled(self, calls: int, seconds: float = 10.0) -> int:
        """How many of them have their answer, as soon as so many have."""
        return self._rows(1, calls, seconds)

    def _rows(self, which: int, calls: int, seconds: float) -> int:
        until = time.monotonic() + seconds
        while (found := int(self.tell("spent")[which])) < calls and time.monotonic() < until:
            time.sleep(0.05)
        return found

    def now(self) -> float:
        """The provider's clock."""
        return time.time() + self.moved

    def wait_for(self, calls: int, seconds: float = 10.0) -> int:
        """How many calls there were, as soon as there are so many, and at the latest then."""
        until = time.monotonic() + seconds
        while len(self.arrivals()) < calls and time.monotonic() < until:
            time.sleep(0.1)
        return len(self.arrivals())


@contextmanager
def course(folder: Path, database: str) -> Iterator[Course]:
    """A fresh provider and a fresh database ("sqlite" or "postgresql"); everything ends with the
    block.
    """
    folder.mkdir(parents=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    provider = subprocess.Popen(
        [
            sys.executable,
            "manage.py",
            "sandbox",
            "--port",
            str(port),
            "--data",
            str(folder / "sandbox"),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**OUTSIDE, "SANDBOX_NUMBERS": "30", "SANDBOX_CALLS": "10"},
    )
    assert provider.stdout is not None
    try:
        with address(folder, database) as database_url:
            assert provider.stdout.readline(), "the sandbox did not start"
            racers = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "tests.voicetel.hour.racer",
                    url,
                    str(folder / "shift"),
                    key_of_harbor(),
                ],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={
                    **OUTSIDE,
                    "DEBUG": "1",
                    "DATABASE_URL": database_url,
                    "DATABASE_POOL": "6",
                    "LOG_LEVEL": "ERROR",
                },
            )
            try:
                yield Course(url, database_url, racers)
            finally:
                assert racers.stdin is not None
                racers.stdin.close()
                racers.wait(10)
    finally:
        provider.terminate()
        provider.wait(10)


@contextmanager
def address(folder: Path, database: str) -> Iterator[str]:
    """A DATABASE_URL of a database that is gone afterwards."""
    if database == "sqlite":
        yield f"sqlite:///{folder / 'portal.sqlite3'}"
        return
    name = f"portal_hour_{uuid4().hex[:8]}"
    with psycopg.connect(f"{SERVER.rsplit('/', 1)[0]}/postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{SERVER.rsplit('/', 1)[0]}/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def key_of_harbor() -> str:
    from apps.sandbox import people

    return people.key_of("1000000001")


def postgresql_is_there() -> bool:
    """The test database of this run may not exist yet, so any will do."""
    try:
        psycopg.connect(f"{SERVER.rsplit('/', 1)[0]}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
