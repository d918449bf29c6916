"""A real demo for tests: started as a person would, on ports and a folder of its own, ended
whatever happens.
"""

import http.client
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.pages import words

ROOT = Path(__file__).resolve().parent.parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Running:
    """One demo process and where it answers."""

    process: subprocess.Popen[str]
    data: Path
    port: int
    sandbox_port: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def get(self, path: str, port: int | None = None) -> tuple[int, str]:
        """Status and body of a GET, at the portal or at another port; status 0 when
        nobody answers.
        """
        link = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=10)
        try:
            link.request("GET", path)
            answer = link.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            link.close()

    def control(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """A call of the sandbox's control (docs/provider.md)."""
        link = http.client.HTTPConnection("127.0.0.1", self.sandbox_port, timeout=30)
        try:
            link.request(
                method,
                f"/_sandbox/{path}",
                json.dumps(body) if body is not None else None,
                {"Content-Type": "application/json"},
            )
            answer = link.getresponse()
            said = answer.read()
            assert answer.status < 300, (path, answer.status, said)
            return json.loads(said) if said else None
        finally:
            link.close()

    def manage(self, *words: str) -> str:
        """Run a command of the portal's beside this demo; what it printed."""
        given = {name: value for name, value in os.environ.items() if name not in OF_TESTS} | {
            "DATA_DIR": str(self.data)
        }
        run = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=given,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr
        return run.stdout.strip()

    def sign_in(self, login: str) -> str:
        """Sign in as a browser would; the heading of the page that follows."""
        jar = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        form = jar.open(f"{self.url}/login/").read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
        assert token
        body = urllib.parse.urlencode(
            {"csrfmiddlewaretoken": token[1], "login": login, "password": "demo1234"}
        ).encode()
        page = (
            jar.open(
                urllib.request.Request(
                    f"{self.url}/login/", body, {"Referer": f"{self.url}/login/"}
                )
            )
            .read()
            .decode()
        )
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
        return words(heading[1]) if heading else ""

    def ready(self, within: float = 60) -> None:
        """Wait until the demo says that it is. Until then a child that dies ends it, so an answer
        of /readyz is too early for a test that kills one.
        """
        assert self.process.stdout
        pipe, said = self.process.stdout.fileno(), ""
        deadline = time.monotonic() + within
        while "The portal is ready" not in said:
            left = max(0.0, deadline - time.monotonic())
            assert select.select([pipe], [], [], left)[0], f"not within {within} s: {said}"
            more = os.read(pipe, 65536).decode()
            assert more, f"it ended: {said}"
            said += more

    def pids(self) -> list[int]:
        """Every process of this demo but the supervisor, grandchildren too: its folder is in their
        environment or command.
        """
        mark, name = f"DATA_DIR={self.data}".encode(), os.fsencode(self.data)
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit() and int(folder.name) not in (self.process.pid, os.getpid()):
                try:
                    ours = (
                        mark in (folder / "environ").read_bytes().split(b"\0")
                        or name in (folder / "cmdline").read_bytes()
                    )
                    if ours and (folder / "stat").read_text().split(") ")[1][0] != "Z":
                        found.append(int(folder.name))
                except OSError:
                    continue
        return found

    def named(self, name: str) -> list[int]:
        """The processes of one name: `web`, `now`, `later`, `beat`, `valkey`, `sandbox`."""
        found = []
        for pid in self.pids():
            try:
                words = (
                    Path(f"/proc/{pid}/comm").read_text().strip(),
                    Path(f"/proc/{pid}/cmdline").read_text(),
                )
            except OSError:
                continue
            if (
                words[0] == f"portal-{name}"
                or (name == "valkey" and "valkey-server" in words[1])
                or (name == "sandbox" and "manage.py\0sandbox" in words[1])
            ):
                found.append(pid)
        return found

    def end(self, by: signal.Signals = signal.SIGTERM, within: float = 10) -> int:
        self.process.send_signal(by)
        return self.process.wait(within)


def start(data: Path, **environment: str) -> Running:
    """Start a demo; it is not ready yet.

    Small, and on ports that nobody uses, unless `environment` says otherwise.
    """
    port, sandbox_port = free_port(), free_port()
    given = {name: value for name, value in os.environ.items() if name not in OF_TESTS}
    given |= {
        "PORT": str(port),
        "SANDBOX_PORT": str(sandbox_port),
        "DATA_DIR": str(data),
        "SANDBOX_NUMBERS": "60",
        "SANDBOX_CALLS": "50",
    }
    given |= environment
    process = subprocess.Popen(
        [sys.executable, "-m", "portal.demo"],
        cwd=ROOT,
        env=given,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return Running(process, data, port, sandbox_port)


# What tests/env.py sets for this process and a demo must not inherit.
OF_TESTS = {
    *(
        "DEBUG",
        "DEMO",
        "PORTAL_URL",
        "VOICETEL_URL",
        "VOICETEL_ADAPTER",
        "VOICETEL_POOLS",
        "DATA_DIR",
        "LOG_LEVEL",
    ),
    *("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "PYTEST_CURRENT_TEST"),
}


def until(so: Any, within: float = 20) -> None:
    """Wait for something to become true; fails when it does not."""
    deadline = time.monotonic() + within
    while not so():
        assert time.monotonic() < deadline, f"not within {within} s"
        time.sleep(0.05)
