"""Commands given beside a running demo work on that demo."""

import fcntl
import json
from pathlib import Path

import pytest

from portal.demo import place


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    return tmp_path


def test_the_environment_of_a_running_demo_is_found(data: Path) -> None:
    here = place.Place(data, 8000, 8090)
    place.leave_note(here, {"DEMO": "1", "VOICETEL_URL": "http://127.0.0.1:8090"})
    with (data / "demo.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert place.running() == {"DEMO": "1", "VOICETEL_URL": "http://127.0.0.1:8090"}
    assert (data / place.NOTE).stat().st_mode & 0o077 == 0


def test_a_demo_that_ended_lends_its_environment_to_nobody(data: Path) -> None:
    (data / place.NOTE).write_text(json.dumps({"DEMO": "1"}))
    (data / "demo.lock").touch()
    assert place.running() == {}


def test_without_a_demo_there_is_nothing_to_find(data: Path) -> None:
    assert place.running() == {}
