"""What operators ask: alive, ready, and the figures; also with things gone."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.running.models import Sweep


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def swept(db: None) -> Sweep:
    return Sweep.objects.create(name="changes.settle", finished_at=timezone.now())


@pytest.fixture(autouse=True)
def _no_broker(settings: Any):
    settings.REDIS_URL = ""


@contextmanager
def database_away() -> Iterator[None]:
    def refuse(*args: Any) -> None:
        raise OperationalError("connection refused")

    with connection.execute_wrapper(refuse):
        yield


def test_healthz_answers_without_looking_at_anything(client: Client, db: None):
    with database_away():
        assert client.get("/healthz").content == b"ok\n"


def test_readyz_is_200_when_database_broker_and_schedule_are_there(client: Client, swept: Sweep):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True,
        "database": "ok",
        "broker": "ok",
        "schedule": "ok",
        "proxies": "ok",
    }


def test_readyz_names_the_database_when_it_is_away(client: Client, swept: Sweep):
    with database_away():
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "does not answer"
    assert "refused" not in answer.content.decode()


def test_readyz_names_the_broker_when_it_is_gone(client: Client, swept: Sweep, settings: Any):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.REDIS_URL = f"redis://127.0.0.1:{taken.getsockname()[1]}/0"
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert (answer.json()["broker"], answer.json()["database"]) == ("does not answer", "ok")


def test_readyz_waits_for_a_frozen_broker_for_a_second_at_most(
    client: Client, swept: Sweep, settings: Any
):
    with socket.socket() as frozen:
        frozen.bind(("127.0.0.1", 0))
        frozen.listen(8)
        settings.REDIS_URL = f"redis://127.0.0.1:{frozen.getsockname()[1]}/0"
        before = timezone.now()
        answer = client.get("/readyz")
    assert answer.json()["broker"] == "does not answer"
    assert timezone.now() - before < timedelta(seconds=1.5)


def test_readyz_is_503_before_any_sweep_has_finished(client: Client, db: None):
    Sweep.objects.create(name="changes.settle", failed_at=timezone.now())
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["schedule"] == "no sweep has finished yet"


@pytest.mark.parametrize(("age", "status"), [(170, 200), (190, 503)])
def test_readyz_is_503_when_the_last_sweep_is_older_than_three_minutes(
    client: Client, swept: Sweep, age: int, status: int
):
    Sweep.objects.update(finished_at=timezone.now() - timedelta(seconds=age))
    Sweep.objects.create(name="older", finished_at=timezone.now() - timedelta(hours=1))
    answer = client.get("/readyz")
    assert answer.status_code == status
    assert status == 200 or answer.json()["schedule"].startswith("last sweep finished 19")


def test_readyz_is_503_when_sweeps_finished_only_by_a_clock_that_was_set_back(
    client: Client, swept: Sweep
):
    Sweep.objects.update(finished_at=timezone.now() + timedelta(seconds=70))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["schedule"] == "no sweep has finished since the clock was set back"
    Sweep.objects.create(name="another", finished_at=timezone.now())
    assert client.get("/readyz").status_code == 200


def test_readyz_takes_a_machine_whose_clock_is_some_seconds_fast(client: Client, swept: Sweep):
    Sweep.objects.update(finished_at=timezone.now() + timedelta(seconds=5))
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_operators_addresses_are_read_only_and_set_no_cookie(
    client: Client, swept: Sweep, path: str
):
    assert client.post(path).status_code == 405
    assert not client.get(path).cookies


def test_metrics_show_requests_by_page_and_rows_by_state(client: Client, swept: Sweep):
    client.get("/healthz?q=2015551234")
    said = client.get("/metrics").content.decode()
    assert 'portal_requests_total{method="GET",page="running:healthz",status="200"}' in said
    assert 'portal_request_seconds_bucket{le="0.1",page="running:healthz"}' in said
    assert 'portal_sweep_age_seconds{sweep="changes.settle"}' in said
    assert "portal_database_up 1.0" in said
    assert "2015551234" not in said


def test_metrics_say_so_when_the_database_is_away(client: Client, db: None):
    with database_away():
        said = client.get("/metrics").content.decode()
    assert "portal_database_up 0.0" in said


def test_in_production_nobody_reads_metrics_without_a_token(
    client: Client, swept: Sweep, settings: Any
):
    settings.LOCAL = False
    for peer in ("127.0.0.1", "::1", "10.0.0.7"):
        assert client.get("/metrics", REMOTE_ADDR=peer).status_code == 403
        assert client.get("/metrics", REMOTE_ADDR=peer, secure=True).status_code == 403


def test_readyz_stays_200_and_says_that_a_proxy_is_counted_for_its_visitors(
    client: Client, swept: Sweep, settings: Any
):
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    form = {"login": "ruth@harbor.test", "password": "wrong"}
    client.post("/login/", form, REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "192.0.2.7:1"})
    assert client.get("/readyz").json()["proxies"] == "ok"
    client.post("/login/", form, REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": "unknown"})
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["proxies"].endswith("the header names no address")


def test_in_the_demo_without_a_token_only_this_machine_may_read_metrics(
    client: Client, swept: Sweep, settings: Any
):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="::1").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.7").status_code == 403
    assert client.get("/metrics", REMOTE_ADDR="").status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403
    settings.TRUSTED_PROXIES = ["10.0.0.1"]
    assert client.get("/metrics").status_code == 403


def test_with_a_token_metrics_want_it_from_everybody(client: Client, swept: Sweep, settings: Any):
    settings.METRICS_TOKEN = "for-the-scraper"
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer für"}).status_code == 403
    assert (
        client.get("/metrics", headers={"Authorization": "Bearer for-the-scraper"}).status_code
        == 200
    )
    proxied = {"Authorization": "Bearer for-the-scraper", "X-Forwarded-For": "10.0.0.7"}
    assert client.get("/metrics", headers=proxied).status_code == 200


def test_in_production_a_token_is_not_taken_over_plain_http(
    client: Client, swept: Sweep, settings: Any
):
    settings.METRICS_TOKEN, settings.LOCAL = "for-the-scraper", False
    headers = {"Authorization": "Bearer for-the-scraper"}
    assert client.get("/metrics", headers=headers, REMOTE_ADDR="10.0.0.7").status_code == 403
    assert (
        client.get("/metrics", headers=headers, REMOTE_ADDR="10.0.0.7", secure=True).status_code
        == 200
    )
    assert client.get("/metrics", headers=headers).status_code == 200


def test_a_signed_in_session_is_no_token(
    sign_in: Callable[[User], Client], cast: Any, settings: Any
):
    settings.METRICS_TOKEN = "for-the-scraper"
    assert sign_in(cast.admin).get("/metrics").status_code == 403
