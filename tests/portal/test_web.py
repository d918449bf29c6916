"""The web server's settings: where they come from, and which peers it believes."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.portal.production import ROOT, start
from tests.portal.serving import web

SHOWN = "import portal.web as web; print(web.bind, web.workers, web.threads)"


def shown(folder: Path, **given: str) -> str:
    """What gunicorn would be told in a folder that has our code and a file .env."""
    (folder / "portal").mkdir()
    for name in ("__init__.py", "environment.py", "web.py"):
        shutil.copy(ROOT / "portal" / name, folder / "portal")
    words = "WEB_BIND=127.0.0.1:8123\nWEB_PROCESSES=5\nWEB_THREADS=3\n"
    (folder / ".env").write_text(words)
    command = [sys.executable, "-c", SHOWN]
    return subprocess.run(
        command,
        cwd=folder,
        env={"PATH": os.environ["PATH"], **given},
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_the_web_server_reads_the_file_too(tmp_path: Path):
    assert shown(tmp_path) == "['127.0.0.1:8123'] 5 3\n"


def test_the_environment_wins_over_the_file(tmp_path: Path):
    assert shown(tmp_path, WEB_THREADS="4", WEB_BIND="127.0.0.1:8124").startswith(
        "['127.0.0.1:8124'] 5 4"
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("WEB_THREADS", "abc"), ("WEB_PROCESSES", "0")],
)
def test_a_bad_value_stops_the_web_server_in_one_line_that_names_it(name: str, value: str):
    run = start({name: value}, "-m", "gunicorn", "-c", "python:portal.web", "--check-config")
    assert run.returncode == 1
    assert [line.startswith(f"portal: {name} ") for line in run.stderr.strip().splitlines()] == [
        True
    ], run.stderr


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """A web server as in production, behind a proxy at 127.0.0.2."""
    with web(tmp_path) as found:
        yield found


def asked(port: int, peer: str, path: str) -> tuple[int, str]:
    """Status and Location of a GET from that address which says that it came by https."""
    link = HTTPConnection("127.0.0.1", port, timeout=10, source_address=(peer, 0))
    try:
        link.request("GET", path, headers={"Host": "portal.example", "X-Forwarded-Proto": "https"})
        answer = link.getresponse()
        return answer.status, answer.headers.get("Location", "")
    except OSError:
        return 0, ""
    finally:
        link.close()


def test_only_a_trusted_proxy_is_believed_about_https(port: int):
    assert asked(port, "127.0.0.1", "/numbers/") == (301, "https://portal.example/numbers/")
    assert asked(port, "127.0.0.2", "/numbers/") == (302, "/login/?next=/numbers/")
