"""client.call and client.parse_100k: our transport against a default requests.Session, our records
against json.loads.
"""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parent.parent
KEY = "0123456789abcdef0123456789abcdef"
ONE = {
    "number": "2015550100",
    "route": 4,
    "gateway": "DID",
    "translated": "2015550100",
    "forward": True,
    "forwardTo": "2015550199",
    "cnam": True,
    "smsEnabled": False,
    "faxEnabled": False,
    "carrier": 17,
}


def timed(work: Callable[[], Any], times: int) -> float:
    """Seconds for one, of so many."""
    began = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - began) / times


def ratio(
    ours: Callable[[], Any], theirs: Callable[[], Any], *, rounds: int, times: int
) -> tuple[float, float, float]:
    """Medians in seconds of interleaved rounds, and the median of their ratios."""
    pairs = []
    for number in range(rounds + 1):
        one, other = (
            (timed(ours, times), timed(theirs, times))
            if number % 2
            else (timed(theirs, times), timed(ours, times))[::-1]
        )
        pairs.append((one, other))
    pairs = pairs[1:]  # the first warms up
    return median(a for a, _ in pairs), median(b for _, b in pairs), median(a / b for a, b in pairs)


def respond() -> None:
    """The trivial responder, in a process of its own: one fixed answer to whatever comes, by kept
    connections.
    """
    content = json.dumps({"status": "success", "data": ONE}).encode()
    answer = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        % len(content)
        + content
    )
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    print(listener.getsockname()[1], flush=True)

    def talk(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        waiting = b""
        while got := connection.recv(65536):
            waiting += got
            while b"\r\n\r\n" in waiting:
                waiting = waiting.partition(b"\r\n\r\n")[2]
                connection.sendall(answer)

    while True:
        threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()


@contextmanager
def responder() -> Iterator[str]:
    child = subprocess.Popen(
        [sys.executable, "-m", "bench.client", "respond"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        yield f"http://127.0.0.1:{int(child.stdout.readline())}"
    finally:
        child.kill()
        child.wait()


def call() -> Iterable[dict[str, Any]]:
    """A GET of one number to a typed record, against Session.get and .json(), keys and time-outs
    alike.
    """
    import requests

    from apps.voicetel.client import Client, Transport

    with responder() as url, requests.Session() as session:
        client = Client(Transport(url), KEY)
        headers = {"Authorization": f"Bearer {KEY}"}

        def ours() -> None:
            assert client.numbers.get("2015550100").forward_to == "2015550199"

        def theirs() -> None:
            answer = session.get(
                f"{url}/v2.2/numbers/2015550100", headers=headers, timeout=30
            ).json()
            assert answer["data"]["forwardTo"] == "2015550199"

        one, other, share = ratio(ours, theirs, rounds=15, times=150)
    yield {
        "name": "client.call",
        "value": round(one * 1e6),
        "unit": "us",
        "against": round(other * 1e6),
        "ratio": round(share, 3),
    }


def long_list() -> bytes:
    """A numbersList of 100,000, as the provider would write it."""
    numbers = [
        {
            **ONE,
            "number": str(2_012_000_000 + i),
            "translated": str(2_012_000_000 + i),
            "forward": i % 3 == 0,
        }
        for i in range(100_000)
    ]
    return json.dumps({"status": "success", "data": {"numbers": numbers}}).encode()


def parse() -> Iterable[dict[str, Any]]:
    """The same bytes to 100,000 records, against json.loads; the peak in a fresh process."""
    from apps.voicetel.client.answers import decode
    from apps.voicetel.client.records.numbers import Numbers

    body = long_list()

    def ours() -> None:
        found = decode(body, Numbers)
        assert found is not None
        assert len(found.numbers) == 100_000

    one, other, share = ratio(ours, lambda: json.loads(body), rounds=7, times=1)
    milliseconds = {
        "value": round(one * 1e3, 1),
        "unit": "ms",
        "against": round(other * 1e3, 1),
        "ratio": round(share, 3),
    }
    yield {"name": "client.parse_100k", **milliseconds}
    peak = subprocess.run(
        [sys.executable, "-m", "bench.client", "peak"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    yield {
        "name": "client.parse_100k.peak",
        "value": float(peak),
        "unit": "MB",
        "against": None,
        "ratio": None,
    }


def peak() -> None:
    """Prints the megabytes that the process held at most while parsing, over what it held with the
    body read.
    """
    from apps.voicetel.client.answers import decode
    from apps.voicetel.client.records.numbers import Numbers

    # read back at once
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"bench-client-{os.getpid()}.json"  # noqa: S108
    child = os.fork()  # the list is made elsewhere, so that nothing of its making is held here
    if not child:
        path.write_bytes(long_list())
        os._exit(0)
    os.waitpid(child, 0)
    body = path.read_bytes()
    path.unlink()
    decode(b'{"status": "success", "data": {"numbers": []}}', Numbers)
    Path("/proc/self/clear_refs").write_text("5")
    before = status("VmRSS")
    found = decode(body, Numbers)
    assert found is not None
    print(round((status("VmHWM") - before) / 1024, 1))


def status(name: str) -> int:
    """Kilobytes."""
    return next(
        int(line.split()[1])
        for line in Path("/proc/self/status").read_text().splitlines()
        if line.startswith(name)
    )


BENCHES = {"client.call": call, "client.parse_100k": parse}

if __name__ == "__main__":
    {"respond": respond, "peak": peak}[sys.argv[1]]()
