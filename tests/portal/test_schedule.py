"""The schedule: each sweep under a lease, whoever asks for it; a failing one stops no other."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils.module_loading import import_string

from apps.running.leases import give_back, take_lease
from apps.running.models import Sweep
from portal import celery, schedule

ROOT = Path(__file__).parent.parent.parent


def test_every_sweep_is_there_and_says_how_often() -> None:
    assert len(schedule.BY_NAME) == len(schedule.SWEEPS)
    for sweep in schedule.SWEEPS:
        assert callable(import_string(sweep.function))
        assert 5 <= sweep.every <= 3600


def test_no_message_of_the_schedule_outlives_its_turn() -> None:
    for name, entry in celery.app.conf.beat_schedule.items():
        assert 0 < entry["options"]["expires"] < schedule.BY_NAME[name].every


def test_every_sweep_has_a_thread_of_a_worker_that_customers_send_nothing_to() -> None:
    """Where the demo, the compose file and the manual start it, and what beat asks for."""
    asked = {entry["options"]["queue"] for entry in celery.app.conf.beat_schedule.values()}
    assert asked == {"sweeps"}
    for place, pattern in {
        "docker/compose.yml": r'worker, -Q, sweeps, -P, threads, -c, "(\d+)"',
        "docs/operations.md": r"worker -Q sweeps -P threads -c (\d+)`",
        "portal/demo/__main__.py": r'programs\.worker\("sweeps", (\d+)\)',
    }.items():
        threads = re.findall(pattern, (ROOT / place).read_text())
        assert [int(each) >= len(schedule.SWEEPS) for each in threads] == [True], place
    sends = [path for path in (ROOT / "apps").rglob("*.py") if 'queue="sweeps"' in path.read_text()]
    assert not sends, "no app sends a message to that queue"


def test_one_of_two_gets_the_lease(db: None) -> None:
    lease = take_lease("changes.send")
    assert lease
    assert not take_lease("changes.send")
    assert take_lease("changes.settle")
    give_back("changes.send", lease)
    assert take_lease("changes.send")


def test_a_sweep_that_runs_elsewhere_is_left_alone(db: None) -> None:
    take_lease("changes.send")
    assert schedule.run("changes.send") is False


def broken() -> None:
    raise RuntimeError("this one breaks")


@pytest.fixture
def one_breaks(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = schedule.Sweep("bad", f"{__name__}.broken", 60)
    monkeypatch.setattr(schedule, "SWEEPS", (bad, *schedule.SWEEPS))
    monkeypatch.setitem(schedule.BY_NAME, "bad", bad)


def test_a_sweep_that_breaks_gives_its_lease_back(db: None, one_breaks: None) -> None:
    for _ in range(2):
        with pytest.raises(RuntimeError):
            schedule.run("bad")
    row = Sweep.objects.get(name="bad")
    assert row.failed_at
    assert row.finished_at is None


def test_tick_runs_every_sweep_once(changes: Any, sandbox: Any, cast: Any) -> None:
    call_command("tick", "--all")
    assert set(
        Sweep.objects.filter(finished_at__isnull=False).values_list("name", flat=True)
    ) == set(schedule.BY_NAME)


def test_a_broken_sweep_stops_no_other_and_tick_says_so(
    changes: Any, sandbox: Any, cast: Any, one_breaks: None, capsys: Any
) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("tick")
    assert ended.value.code == 1
    assert "failed: bad" in capsys.readouterr().err
    assert Sweep.objects.filter(finished_at__isnull=False).count() == len(schedule.BY_NAME) - 1


def test_tick_says_when_another_process_is_at_it(
    db: None, changes: Any, sandbox: Any, cast: Any, capsys: Any
) -> None:
    take_lease("changes.send")
    call_command("tick")
    assert "changes.send: another process is at it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("", "memory://"),
        ("redis://127.0.0.1:6379/9", "redis://127.0.0.1:6379/9"),
        ("unix:///run/valkey.sock?db=2", "redis+socket:///run/valkey.sock?virtual_host=2"),
    ],
)
def test_the_brokers_address_is_written_celerys_way(settings: Any, given: str, made: str) -> None:
    settings.REDIS_URL = given
    assert celery.broker_url() == made


def test_a_message_is_only_a_nudge() -> None:
    conf = celery.app.conf
    assert not conf.task_acks_late
    assert not conf.task_reject_on_worker_lost
    assert conf.task_ignore_result
    assert conf.result_backend is None
    assert conf.accept_content == ["json"]
    assert conf.task_publish_retry_policy == {"max_retries": 0}
    assert celery.PUBLISHER["socket_timeout"] <= 0.5, "a frozen broker holds a request no longer"
    assert celery.WORKER["socket_timeout"] >= 5
