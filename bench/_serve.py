"""One page behind gunicorn, one connection, one request after the other: c=1, as
docs/performance.md says.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Server:
    """A running worker and the one connection to it."""

    pid: int
    port: int
    link: socket.socket

    def get(self, path: str, cookie: str = "") -> bytes:
        """The body of a 200; anything else is an error."""
        head = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            + (f"Cookie: {cookie}\r\n" if cookie else "")
            + "\r\n"
        )
        self.link.sendall(head.encode())
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._more()
        top, _, body = got.partition(b"\r\n\r\n")
        assert top.startswith(b"HTTP/1.1 200"), top.decode()
        if b"chunked" in top.lower():
            while not body.endswith(b"\r\n0\r\n\r\n"):
                body += self._more()
            return body
        length = next(
            int(line.split(b":")[1])
            for line in top.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        while len(body) < length:
            body += self._more()
        return body

    def _more(self) -> bytes:
        part = self.link.recv(262_144)
        assert part, "the server hung up"
        return part

    def cpu(self) -> float:
        """Seconds that the worker has worked."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK


@contextmanager
def serving(
    application: str, env: dict[str, str], port: int, core: int | None = 0
) -> Iterator[Server]:
    """gunicorn as the portal runs it (portal/web.py), but one worker of one thread, pinned to a
    core.
    """
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:portal.web",
        application,
        "--bind",
        f"127.0.0.1:{port}",
    ]
    command += ["--workers", "1", "--threads", "1", "--keep-alive", "60", "--log-level", "error"]
    child = subprocess.Popen(command, cwd=ROOT, env=env)  # noqa: S603 - our own words
    try:
        link = connect(port, child)
        worker = int(Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()[0])
        if core is not None and (os.cpu_count() or 1) > 1:
            os.sched_setaffinity(worker, {core})
        yield Server(worker, port, link)
        link.close()
    finally:
        child.terminate()
        child.wait(10)


def connect(port: int, child: subprocess.Popen[bytes]) -> socket.socket:
    until = time.monotonic() + 30
    while True:
        try:
            link = socket.create_connection(("127.0.0.1", port), timeout=30)
        except OSError:
            if time.monotonic() > until or child.poll() is not None:
                raise
            time.sleep(0.1)
        else:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return link


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def foreign() -> tuple[float, float]:
    """(seconds that all cores worked, seconds that they could have) since the start of
    the machine.
    """
    numbers = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(numbers) - numbers[3] - numbers[4]) / TICK, sum(numbers) / TICK


@dataclass
class Round:
    """So many requests to each of several pages, one after the other: seconds each, and CPU seconds
    of the worker.
    """

    seconds: list[list[float]]
    cpu: list[float]
    quiet: bool  # nobody else took more than 6 % of the machine


def rounds(pages: list[tuple[Server, str, str]], count: int, each: int) -> list[Round]:
    """Interleaved rounds: in each, every page (server, path, cookie) is asked `each` times."""
    found = []
    mine = [*{server.pid: server for server, _, _ in pages}.values()]
    for _ in range(count):
        began, ours = foreign(), sum(server.cpu() for server in mine) + time.process_time()
        seconds: list[list[float]] = []
        cpu: list[float] = []
        for server, path, cookie in pages:
            before, times = server.cpu(), []
            for _ in range(each):
                start = time.perf_counter()
                server.get(path, cookie)
                times.append(time.perf_counter() - start)
            seconds.append(times)
            cpu.append(server.cpu() - before)
        ended = foreign()
        others = (
            ended[0]
            - began[0]
            - (sum(server.cpu() for server in mine) + time.process_time() - ours)
        )
        found.append(Round(seconds, cpu, others <= 0.06 * (ended[1] - began[1])))
    return found


def best(all_rounds: list[Round]) -> list[Round]:
    """The rounds without foreign work; all of them, said aloud, where fewer than five were left."""
    quiet = [each for each in all_rounds if each.quiet]
    if len(quiet) >= min(5, len(all_rounds)):
        return quiet
    print(
        f"bench: the machine was busy in {len(all_rounds) - len(quiet)} of {len(all_rounds)}"
        " rounds; none dropped",
        file=sys.stderr,
    )
    return all_rounds


def p95(values: list[Any]) -> float:
    return float(sorted(values)[int(len(values) * 0.95)])
