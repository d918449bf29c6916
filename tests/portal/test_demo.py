"""The one command: what it starts, what it refuses, and that nothing of it is left behind."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.demo import place
from tests.portal.running import Running, start, until


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = start(tmp_path_factory.mktemp("demo"))
    try:
        running.ready()
        yield running
    finally:
        if running.process.poll() is None:
            running.end()


def test_everything_runs_and_the_sign_in_page_comes_with_its_style(demo: Running):
    for name in ("web", "now", "later", "sweeps", "beat", "valkey", "sandbox"):
        until(lambda name=name: demo.named(name))  # another test may have killed it a moment ago
    status, page = demo.get("/login/")
    assert status == 200
    sheet = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert demo.get(sheet)[0] == 200


def test_a_second_demo_in_the_same_folder_says_so_in_one_line_and_leaves_the_first_alone(
    demo: Running,
):
    second = start(demo.data)
    said, _ = second.process.communicate(timeout=10)
    assert second.process.returncode == 1
    assert len(said.strip().splitlines()) == 1
    assert str(demo.process.pid) in said
    assert demo.get("/readyz")[0] == 200


@pytest.mark.parametrize("name", ["PORT", "SANDBOX_PORT"])
def test_a_port_in_use_is_named_in_one_line(tmp_path: Path, name: str):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = str(taken.getsockname()[1])
        run = start(tmp_path, **{name: port})
        said, _ = run.process.communicate(timeout=10)
    assert run.process.returncode == 1
    assert len(said.strip().splitlines()) == 1
    assert port in said
    assert f"set {name} " in said


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "http"), ("PORT", "70000"), ("SANDBOX_PORT", "-1"), ("SANDBOX_NUMBERS", "many")],
)
def test_a_senseless_value_is_named_in_one_line(tmp_path: Path, name: str, value: str):
    run = start(tmp_path, **{name: value})
    said, _ = run.process.communicate(timeout=10)
    assert run.process.returncode == 1
    assert said.startswith(f"demo: {name} ")
    assert len(said.strip().splitlines()) == 1


def test_a_worker_that_is_killed_is_started_again(demo: Running):
    (old,) = demo.named("now")
    os.kill(old, signal.SIGKILL)
    until(lambda: demo.named("now") not in ([], [old]))
    until(lambda: demo.get("/readyz")[0] == 200)


def test_a_web_server_that_is_killed_takes_its_processes_along_and_is_started_again(demo: Running):
    before = set(demo.named("web"))
    first = min(before)
    os.kill(first, signal.SIGKILL)
    # the old ones first: one that is about to go still answers
    until(lambda: not before & set(demo.named("web")) and demo.get("/healthz")[0] == 200)


def test_the_sandbox_gets_none_of_our_secrets(demo: Running):
    (pid,) = demo.named("sandbox")
    names = {pair.split(b"=")[0] for pair in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")}
    assert not names & {b"SECRET_KEY", b"FIELD_KEYS", b"REDIS_URL"}


def test_only_its_owner_may_look_into_its_secrets_and_its_broker(demo: Running):
    assert (demo.data / "secrets.json").stat().st_mode & 0o077 == 0
    assert (demo.data / "valkey").stat().st_mode & 0o077 == 0


def test_term_ends_every_process_and_the_next_start_keeps_the_secrets(tmp_path: Path):
    first = start(tmp_path)
    first.ready()
    kept = (tmp_path / "secrets.json").read_bytes()
    assert first.end(within=8) == 0
    assert first.pids() == []
    second = start(tmp_path)
    second.ready()
    assert "Harbor Dental" in second.sign_in("1000000001")
    assert "accountApiKey" not in second.control("GET", "requests")["counts"]
    assert (tmp_path / "secrets.json").read_bytes() == kept
    second.process.kill()  # not even by kill -9 is anything left
    second.process.wait()
    until(lambda: second.pids() == [], within=5)


@pytest.mark.slow
def test_ten_starts_with_a_sign_in_each_exchange_no_key(tmp_path: Path):
    for _ in range(10):
        running = start(tmp_path)
        running.ready()
        assert "Harbor Dental" in running.sign_in("1000000001")
        asked = running.control("GET", "requests")["counts"]
        assert running.end() == 0
    assert asked.get("accountApiKey", 0) == 0
    assert asked["numbersList"] >= 1  # the log is that of all starts: what was asked stands in it


def test_a_folder_with_a_long_name_still_gets_a_socket_in_a_folder_of_our_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / ("long" * 20) / ("name" * 20)))
    path = place.find().broker_socket
    assert path.parent.stat().st_mode & 0o077 == 0
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))
    path.unlink()
    path.parent.rmdir()


def test_a_child_that_ends_at_once_ends_the_start_with_its_own_words(tmp_path: Path):
    (tmp_path / "sandbox").write_text("a file where the sandbox wants its folder")
    run = start(tmp_path)
    said, _ = run.process.communicate(timeout=30)
    assert run.process.returncode == 1
    assert said.startswith("demo: sandbox ended at once")
    assert run.pids() == []
