"""Hours of the line with the processes of `make demo` as it runs them, some killed at any moment,
against the sandbox over HTTP.

The clock jumps to the moment at which the next call may go, and stands still (but for real time)
until it went: so a restart costs what it costs in life.
"""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from apps.running.leases import LEASE
from apps.sandbox import people
from tests.faults.stand import fetch, until
from tests.portal import running

ROOT = Path(__file__).parent.parent.parent
LIMITED = {"accountGet", "accountCdr", "accountRecurringCharges", "accountApiKey"}
# real: a killed worker's lease, its restart, and the broker's return
SERVED_WITHIN = LEASE.total_seconds() + 60
NEW = [f"30000000{n:02}" for n in range(46)]  # and the four that the demo connects
NAMES = ("now", "later", "sweeps", "beat", "valkey", "web")
BEFORE = [(name, None) for name in NAMES]
OFTEN = [
    *BEFORE,
    *BEFORE,
    *((name, after) for name in NAMES for after in (0.05, 0.3)),
    *(("now", after) for after in (0.1, 0.2, 0.4)),
]
AT_THE_PROVIDER = (
    "import django; django.setup(); from apps.sandbox import control; [control.add_account(n) for n"
    " in %r]"
)


class Hours:
    """A demo with fifty accounts, and a hand beside it."""

    def __init__(
        self, demo: running.Running, hand: "subprocess.Popen[str]", chance: Random
    ) -> None:
        self.demo, self.hand, self.chance = demo, hand, chance
        # who; real seconds until the line was served again
        self.killed: list[tuple[str, float]] = []
        self.looks: Counter[int] = Counter()

    def ask(self, what: str, **named: Any) -> Any:
        assert self.hand.stdin
        assert self.hand.stdout
        self.hand.stdin.write(json.dumps({"what": what, **named}) + "\n")
        self.hand.stdin.flush()
        said = self.hand.stdout.readline()
        assert said, "the hand has died"
        return json.loads(said)

    def now(self) -> float:
        return float(self.ask("standing")["now"])

    def run(self, hours: float, deeds: list[tuple[float, Any]]) -> None:
        """deeds: (hours from now, what is done then)."""
        began = self.now()
        due = sorted(
            ((began + at * 3600, n, deed) for n, (at, deed) in enumerate(deeds)),
            key=lambda each: each[:2],
        )
        end = began + hours * 3600
        while (now := self.serve()) < end:
            while due and due[0][0] <= now:
                due.pop(0)[2]()
            stands = self.ask("standing")
            if stands["wait"] > 0:
                upto = min(due[0][0] if due else end, end) - stands["now"]
                self.ask("advance", seconds=max(0.05, min(stands["wait"], upto) + 0.02))

    def serve(self) -> float:
        """Until nobody is left who may be served now and no answer is awaited; the time then."""
        began, asked = time.monotonic(), 0.0
        while (stands := self.ask("standing"))["wait"] == 0 or stands["under_way"]:
            if stands["wait"] == 0 and time.monotonic() - asked > 1:
                self.ask("ask_sweeps", names=["accounts.profiles", "voicetel.line"])
                asked = time.monotonic()
            assert time.monotonic() - began < SERVED_WITHIN, "the line stands still"
            time.sleep(0.02)
        return float(stands["now"])

    # What happens meanwhile

    def kill(self, name: str, after: float | None) -> Any:
        """SIGKILL when the next call may go: so many real seconds after it was asked for, or (None)
        just before. Noted is how long it then takes until it went."""

        def deed() -> None:
            self.ask("advance", seconds=self.ask("standing")["wait"] + 0.02)
            if after is not None:
                self.ask("ask_sweeps", names=["voicetel.line"])
                time.sleep(after)
            # of the web server's processes the master
            for pid in sorted(self.demo.named(name))[:1]:
                os.kill(pid, signal.SIGKILL)
            began = time.monotonic()
            self.serve()
            self.killed.append((name, round(time.monotonic() - began, 1)))

        return deed

    def look(self, number: str) -> Any:
        """Its owner opens the first page, and presses reload while the web server comes back."""

        def deed() -> None:
            cookies = "; ".join(
                f"{name}={value}" for name, value in self.ask("cookies", number=number).items()
            )

            def answered() -> bool:
                try:
                    status = fetch(self.demo.port, "GET", "/", {"Cookie": cookies})[0]
                except (OSError, http.client.HTTPException):
                    return False
                self.looks[status] += 1
                return True

            until(answered, 30, "the portal answers")

        return deed

    def reconnect(self, number: str) -> Any:
        return lambda: self.ask("reconnected", number=number)

    # What the provider saw

    def requests(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.demo.control("GET", "requests")["requests"]
        return [row for row in rows if row["operation"] in LIMITED]


def at(row: dict[str, Any]) -> float:
    return datetime.fromisoformat(row["at"]).timestamp()


@contextmanager
def portal(data: Path, seed: int) -> Iterator[Hours]:
    demo = running.start(data)
    try:
        demo.ready(120)
        sandbox = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "apps.sandbox.settings",
            "SANDBOX_DATA": str(data / "sandbox"),
        }
        subprocess.run(
            [sys.executable, "-c", AT_THE_PROVIDER % NEW], cwd=ROOT, env=sandbox, check=True
        )
        env = {name: value for name, value in os.environ.items() if name not in running.OF_TESTS}
        env |= json.loads((data / "environment.json").read_text())
        with (data / "hand.log").open("w") as said:
            hand = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.hours"],
                cwd=ROOT,
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
            )
        try:
            found = Hours(demo, hand, Random(seed))
            assert len(found.ask("seed", numbers=NEW)) == 50
            yield found
        finally:
            hand.kill()
            hand.wait()
    finally:
        if demo.process.poll() is None:
            demo.end()


def most_in_an_hour(times: list[float]) -> int:
    return max(sum(first <= each < first + 3600 for each in times) for first in times)


def jain(had: list[int]) -> float:
    return sum(had) ** 2 / (len(had) * sum(each * each for each in had))


@pytest.mark.parametrize(
    ("length", "kills", "lost"),
    [(3, BEFORE, 1), pytest.param(24, OFTEN, 3, marks=pytest.mark.slow)],
)
def test_no_seventh_call_and_none_left_unused_while_everything_is_killed(
    tmp_path: Path, length: int, kills: list[Any], lost: int
) -> None:
    """lost: calls that were counted and never sent, as their process died in between: with more the
    test fails.
    """
    with portal(tmp_path / "demo", seed=length) as hours:
        chance, accounts = hours.chance, hours.ask("connected")
        looked_at, dead = accounts[:8], accounts[-max(2, length // 2) :]
        deeds = [(chance.uniform(0.5, length), hours.kill(name, after)) for name, after in kills]
        deeds += [
            (chance.uniform(0, length), hours.look(chance.choice(looked_at)))
            for _ in range(2 * length)
        ]
        deeds += [(chance.uniform(0, length - 1), hours.reconnect(number)) for number in dead]
        # so that some die while they wait for the answer
        for operation in ("accountGet", "accountApiKey"):
            fault = {
                "operation": operation,
                "kind": "delay",
                "times": None,
                "probability": 0.5,
                "seconds": 0.3,
            }
            hours.demo.control("POST", "faults", fault)
        hours.run(1, [])  # what the demo's start spent of the hour is over
        began = hours.now()
        hours.run(length, deeds)
        ended = hours.now()

        rows, spent = hours.requests(), hours.ask("spent")
        times = [at(row) for row in rows]
        could = 6 * (ended - began) / 3600
        used = sum(began <= each < ended for each in times) / could
        alive = [number for number in accounts if number not in dead]
        answered = Counter(
            row["account"] for row in spent if row["call_class"] == "behind" and row["answered_at"]
        )
        turns = [answered[number] for number in alive]
        print(
            f"used {used:.4f} of {could:.1f}, no answer"
            f" {sum(not row['answered_at'] for row in spent)}, jain {jain(turns):.4f}"
        )
        print(
            f"classes {dict(Counter(row['call_class'] for row in spent))}, killed {hours.killed},"
            f" looks {dict(hours.looks)}"
        )
        assert {row["status"] for row in rows} == {200}
        assert most_in_an_hour(times) == 6
        assert used >= min(0.995, 1 - (lost + 0.5) / could)
        assert max(turns) - min(turns) <= 1  # nobody has one more before all have had one
        assert set(dead) <= set(hours.ask("connected"))
        assert set(hours.looks) == {200}
        until(lambda: hours.demo.get("/readyz")[0] == 200, 60, "everything is ready again")
        # the control: of calls that nobody counts the log tells
        key = {"Authorization": f"Bearer {people.key_of(alive[0])}"}
        assert 429 in {
            fetch(hours.demo.sandbox_port, "GET", "/v2.2/account", key)[0] for _ in range(7)
        }
        assert 429 in {row["status"] for row in hours.requests()}
