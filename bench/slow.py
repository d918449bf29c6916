"""The portal beside 500 slow sockets of five kinds: how fast it answers others, and what it keeps.

python -m bench slow: a demo on ports of its own, one minute. SLOW_SOCKETS and SLOW_SECONDS change
how many and how long.
"""

import contextlib
import os
import re
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.portal import running
from tests.portal.slow import Slow

SOCKETS = int(os.environ.get("SLOW_SOCKETS") or 500)
SECONDS = int(os.environ.get("SLOW_SECONDS") or 60)


def memory(pids: Iterable[int]) -> int:
    """Bytes that these processes hold of their own."""
    kept = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            said = Path(f"/proc/{pid}/smaps_rollup").read_text()
            kept += sum(
                int(size) * 1024
                for size in re.findall(r"^(?:Private_Dirty|Swap): +(\d+) kB", said, re.M)
            )
    return kept


def signed_in(demo: running.Running) -> Any:
    """A browser that is signed in at Harbor's."""
    jar = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    form = jar.open(f"{demo.url}/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token
    fields = {"csrfmiddlewaretoken": token[1], "login": "1000000001", "password": "demo1234"}
    request = urllib.request.Request(  # noqa: S310 - our own demo
        f"{demo.url}/login/",
        urllib.parse.urlencode(fields).encode(),
        {"Referer": f"{demo.url}/login/"},
    )
    jar.open(request).read()
    return jar


def took(ask: Any) -> float:
    """Seconds of one answer; endless where none came."""
    began = time.perf_counter()
    try:
        ask()
    except OSError:
        return float("inf")
    return time.perf_counter() - began


def slow() -> Iterator[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="slow-") as folder:
        demo = running.start(Path(folder))
        try:
            demo.ready()
            yield from measure(demo)
        finally:
            demo.end(within=20)


def measure(demo: running.Running) -> Iterator[dict[str, Any]]:
    browser, web = signed_in(demo), demo.named("web")
    page = f"{demo.url}/numbers/"
    for _ in range(20):
        browser.open(page).read()
    before = memory(web)
    alive: list[float] = []
    pages: list[float] = []
    grown: list[int] = []
    with Slow(demo.port, SOCKETS) as sockets:
        time.sleep(3)
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            link = f"http://127.0.0.1:{demo.port}/healthz"
            alive.append(took(lambda: urllib.request.urlopen(link, timeout=10).read()))  # noqa: B023
            pages.append(took(lambda: browser.open(page, timeout=10).read()))
            grown.append(memory(web) - before)
            time.sleep(0.5)
    half = len(grown) // 2
    mb = 1024 * 1024
    yield _line("slow.healthz", max(alive), "s", "slowest of the probes; 1", 1.0, len(alive))
    yield _line("slow.page", max(pages), "s", "slowest signed-in page; 2", 2.0, len(pages))
    yield _line("slow.memory", max(grown) / mb, "MB", "most above idle", 64.0, len(grown))
    flat = (max(grown[half:]) - max(grown[:half])) / mb
    yield _line("slow.memory.grows", flat, "MB", "second half above the first", 8.0, len(grown))
    yield _line("slow.opened", sockets.opened, "sockets", f"{SOCKETS} held", SOCKETS, SOCKETS)


def _line(
    name: str, value: float, unit: str, against: str, goal: float, many: int
) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "against": f"{against} ({many})",
        "ratio": round(value / goal, 3),
    }


BENCHES = {"slow": slow}
