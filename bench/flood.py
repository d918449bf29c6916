"""What one customer's flood costs another: `isolation.queue`, `isolation.sweeps`.

The portal of production (a worker for each queue, beat, two web processes) with a provider that
answers everything in eight seconds. The first customer presses 300 changes and opens 200 pages of
numbers; the second changes one number after the other.
"""

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from threading import Event, Thread
from typing import Any

from bench.isolation import FIRST, SECOND, on_both
from portal.schedule import BY_NAME
from tests.faults.pressing import open_form
from tests.faults.stand import ROOT, Browser, Stand

PRESSES, VIEWS, ANSWER = 300, 200, 8.0
ALONE, BESIDE = 3, 8  # changes of the second customer
LONGEST = 120.0  # seconds for one change; a portal that needs more is not to be measured but mended
OFTEN = 10.0  # seconds between runs of the sweeps that people wait for


def flood() -> Iterable[dict[str, Any]]:
    yield from on_both("isolation", measured)


def measured(name: str, database: str) -> Iterable[dict[str, Any]]:
    kind = name.removeprefix("isolation")
    with portal(database) as stand:
        first, second = Browser(stand, FIRST), Browser(stand, SECOND)
        targets = iter(stand.ask("numbers_here", number=SECOND))
        stand.provider.fault("*", "delay", times=None, seconds=ANSWER)
        alone = [change(second, next(targets)) for _ in range(ALONE)]
        over = Event()
        pauses = Thread(target=watch, args=(stand, over, found := dict[str, float]()))
        busy = Thread(target=press_and_view, args=(first, stand.take(PRESSES), over))
        busy.start()
        time.sleep(2)
        pauses.start()
        beside = [change(second, next(targets)) for _ in range(BESIDE)]
        over.set()
        busy.join()
        pauses.join()
    against = statistics.median(alone)
    value = max(beside)
    yield {
        "name": f"isolation.queue{kind}",
        "value": round(value, 2),
        "unit": "s",
        "against": round(against, 2),
        "ratio": round(value / against, 2),
    }
    sweep, longest = max(found.items(), key=lambda pair: pair[1])
    yield {
        "name": f"isolation.sweeps{kind}",
        "value": round(longest, 1),
        "unit": "s",
        "against": None,
        "ratio": None,
        "sweep": sweep,
    }


@contextmanager
def portal(database: str) -> Iterator[Stand]:
    home = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        with Stand(home, numbers=PRESSES + 50, speed=1, database=database) as stand:
            for queue, threads in (("now", 16), ("later", 4), ("sweeps", 16)):
                words = ["-Q", queue, "-P", "threads", "-c", str(threads), "-n", f"{queue}@bench"]
                quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
                stand.env["DATABASE_POOL"] = str(threads + 2)
                stand.start(queue, "-m", "celery", "-A", "portal", "worker", *words, *quiet)
            stand.env["DATABASE_POOL"] = "10"
            stand.web()
            stand.start("beat", "-m", "celery", "-A", "portal", "beat", "--pidfile=")
            wait_for_sweeps(stand)
            make_old(stand)
            yield stand
    finally:
        shutil.rmtree(home, ignore_errors=True)


def wait_for_sweeps(stand: Stand) -> None:
    end = time.monotonic() + 60
    while len(stand.ask("sweeps")) < len(BY_NAME):
        assert time.monotonic() < end, "not every sweep ran within a minute of the start"
        time.sleep(0.5)


def make_old(stand: Stand) -> None:
    """Every copy is older than its page likes, so each view asks for a newer one."""
    command = [sys.executable, "manage.py", "clock", "--advance", "1200"]
    subprocess.run(command, cwd=ROOT, env=stand.env, check=True, capture_output=True)  # noqa: S603


def press_and_view(browser: Browser, numbers: list[str], over: Event) -> None:
    """The first customer: presses and views from eight browsers, then views until it is over."""

    def press(number: str) -> None:
        forward(browser, number)

    def view(number: str) -> None:
        browser.send("GET", f"/numbers/{number}/")

    with ThreadPoolExecutor(8) as hands:
        done = [hands.submit(press, number) for number in numbers]
        done += [hands.submit(view, number) for number in numbers[:VIEWS]]
        for each in done:
            each.result()
        for number in cycle(numbers):
            if over.wait(0.2):
                return
            view(number)


def forward(browser: Browser, number: str) -> str:
    """Press a forward; the fragment that came back."""
    form = open_form(browser, number) | {"to": "9175550142"}
    headers = {"HX-Request": "true", "HX-Target": "numbers-forward"}
    status, _, part = browser.send("POST", f"/numbers/{number}/forward/", form, headers)
    assert status == 200, (status, part[:500])
    return part


def change(browser: Browser, number: str) -> float:
    """Seconds from the POST, its form open, to the settled strip."""
    form = open_form(browser, number) | {"to": "9175550142"}
    headers = {"HX-Request": "true", "HX-Target": "numbers-forward"}
    began = time.monotonic()
    status, _, part = browser.send("POST", f"/numbers/{number}/forward/", form, headers)
    while "strip-done" not in part:
        assert status in {200, 286}, (status, part[:500])
        found = re.search(r'id="changes-strip-(\d+)"', part)
        assert found, part[:500]
        assert time.monotonic() - began < LONGEST, f"not settled in {LONGEST} s: {part[:500]}"
        time.sleep(0.2)
        status, _, part = browser.send("GET", f"/changes/{found[1]}/", None, {"HX-Request": "true"})
    return time.monotonic() - began


def watch(stand: Stand, over: Event, found: dict[str, float]) -> None:
    """The longest time between two ends of each sweep, less what its schedule leaves beyond ten
    seconds.
    """
    since = stand.ask("sweeps")
    while not over.wait(0.5):
        at, now = stand.ask("sweeps"), time.time()
        for name, ended in at.items():
            longest = max(ended - since[name], now - ended)
            pause = longest - max(BY_NAME[name].every - OFTEN, 0.0)
            found[name] = max(found.get(name, 0.0), pause)
            since[name] = ended


BENCHES: dict[str, Callable[[], Iterable[dict[str, Any]]]] = {"isolation.queue": flood}
