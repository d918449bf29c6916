"""A web server as in production, in processes of its own, and raw words over a socket to it."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.portal.production import PRODUCTION, ROOT
from tests.portal.running import free_port, until

PROXY = "127.0.0.2"


@contextmanager
def web(folder: Path, **changed: str) -> Iterator[int]:
    """The port of one process behind a proxy at 127.0.0.2. Its log: `log` in the folder."""
    port = free_port()
    collected(folder / "static")
    env = PRODUCTION | {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/portal.sqlite3",
        "TRUSTED_PROXIES": PROXY,
        "WEB_BIND": f"127.0.0.1:{port}",
        "WEB_PROCESSES": "1",
        "PATH": os.environ["PATH"],
        **changed,
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "python:portal.web"]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, cwd=ROOT, env=env, stderr=log) as server,
    ):
        try:
            until(lambda: lives(port), 30)
            yield port
        finally:
            server.terminate()


def collected(static: Path) -> None:
    """As if the static files had been collected: their names are known."""
    static.mkdir(exist_ok=True)
    pages = "".join(page.read_text() for page in (ROOT / "templates").rglob("*.html"))
    names = {*re.findall(r"\{% static ['\"]([^'\"]+)", pages), "django_htmx/htmx-2.min.js"}
    manifest = {"paths": {name: name for name in names}, "version": "1.1", "hash": "0"}
    (static / "staticfiles.json").write_text(json.dumps(manifest))


def lives(port: int) -> bool:
    """Whether /healthz answers within ten seconds."""
    link = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        link.request("GET", "/healthz", headers={"Host": "portal.example"})
        return link.getresponse().status == 200
    except OSError:
        return False
    finally:
        link.close()


def say(port: int, *words: bytes) -> bytes:
    """What the server answers to these words from the proxy's address, until it closes."""
    with socket.create_connection(("127.0.0.1", port), 20, (PROXY, 0)) as link:
        heard = b""
        try:
            for each in words:
                link.sendall(each)
            while more := link.recv(65_536):
                heard += more
        except OSError:
            pass
        return heard
