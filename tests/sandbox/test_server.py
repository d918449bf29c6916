"""The provider as a process: real sockets, restarts, and the hour under a race."""

import gzip
import http.client
import io
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from apps.sandbox import people
from apps.sandbox.front.remote import Remote

ROOT = Path(__file__).resolve().parent.parent.parent
OWN = "2015550110"


class Process:
    """`manage.py sandbox` on a free port, with a folder of its own and nothing of the portal's
    environment.
    """

    def __init__(self, data: Path, **environment: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.data, self.url = data, f"http://127.0.0.1:{self.port}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "SANDBOX_NUMBERS": "40",
            "SANDBOX_CALLS": "50",
            **environment,
        }
        self.start()
        self.control = Remote(self.url)

    def start(self) -> None:
        command = [
            sys.executable,
            "manage.py",
            "sandbox",
            "--port",
            str(self.port),
            "--data",
            str(self.data),
        ]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line.startswith("sandbox: http://"), line

    def stop(self, sign: int = signal.SIGTERM) -> int:
        self.process.send_signal(sign)
        return self.process.wait(timeout=10)

    def call(
        self, method: str, path: str, username: str = "1000000001", **options: Any
    ) -> requests.Response:
        headers = {"Authorization": f"Bearer {people.key_of(username)}"} | options.pop(
            "headers", {}
        )
        return requests.request(
            method,
            f"{self.url}/v2.2{path}",
            headers=headers,
            timeout=10,
            allow_redirects=False,
            **options,
        )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    process = Process(tmp_path_factory.mktemp("sandbox"))
    yield process
    process.stop()


@pytest.fixture
def process(served: Process) -> Process:
    served.control.reset()
    return served


def test_a_change_survives_a_restart_and_so_does_a_kill(tmp_path: Path) -> None:
    process = Process(tmp_path)
    for sign, elsewhere in ((signal.SIGTERM, "9175550123"), (signal.SIGKILL, "9175550124")):
        process.call("PUT", f"/numbers/{OWN}/forward", json={"destination": elsewhere})
        process.call("GET", "/account")
        process.control.advance(10)
        process.control.fault("numbersList", "html")
        process.stop(sign)
        process.start()
        assert process.call("GET", f"/numbers/{OWN}").json()["data"]["forwardTo"] == elsewhere
        assert process.call("GET", "/numbers").status_code == 502
    assert len(process.control.requests("accountGet")) == 2
    assert process.stop() == 0


def test_a_taken_port_is_said_in_one_line(process: Process, tmp_path: Path) -> None:
    second = subprocess.run(
        [
            sys.executable,
            "manage.py",
            "sandbox",
            "--port",
            str(process.port),
            "--data",
            str(tmp_path),
        ],
        cwd=ROOT,
        env=process.environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert second.returncode != 0
    assert second.stderr.strip().splitlines() == [
        f"sandbox: port {process.port} of 127.0.0.1 cannot be opened: Address already in use"
    ]


@pytest.mark.slow
def test_racing_threads_get_exactly_six_of_the_hour(process: Process) -> None:
    paths = ["/account", "/account/cdr", "/account/recurring-charges"]
    with ThreadPoolExecutor(20) as pool:
        statuses = list(
            pool.map(lambda place: process.call("GET", paths[place % 3]).status_code, range(60))
        )
    assert statuses.count(200) == 6
    assert statuses.count(429) == 54
    assert len([seen for seen in process.control.requests() if seen["status"] == 200]) == 6


def test_a_peer_is_its_tcp_address(process: Process) -> None:
    def from_address(address: str) -> int:
        connection = http.client.HTTPConnection(
            "127.0.0.1", process.port, source_address=(address, 0), timeout=5
        )
        connection.request(
            "GET",
            "/v2.2/account",
            headers={"Authorization": f"Bearer {people.key_of('1000000001')}"},
        )
        status = connection.getresponse().status
        connection.close()
        return status

    assert [from_address("127.0.0.5") for _ in range(7)] == [200] * 6 + [429]
    assert from_address("127.1.2.3") == 200
    assert {seen["peer"] for seen in process.control.requests("accountGet")} == {
        "127.0.0.5",
        "127.1.2.3",
    }


def test_a_connection_is_kept_and_requests_may_follow_each_other(process: Process) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", process.port, timeout=5)
    sockets = set()
    for _ in range(3):
        connection.request(
            "GET",
            "/v2.2/gateways",
            headers={"Authorization": f"Bearer {people.key_of('1000000001')}"},
        )
        answer = connection.getresponse()
        assert answer.status == 200
        answer.read()
        sockets.add(id(connection.sock))
    assert len(sockets) == 1


def test_a_request_line_of_16_kb_is_read_and_a_longer_one_refused(process: Process) -> None:
    long = ",".join(["2015550110"] * 1000)
    assert process.call("GET", f"/nothing?numbers={long}").status_code == 404
    assert process.call("GET", f"/nothing?numbers={long * 2}").status_code == 414


@pytest.mark.parametrize(
    "raw",
    [
        b"nonsense\r\n\r\n",
        b"GET /v2.2/gateways HTTP/1.1\r\nno colon here\r\n\r\n",
        b"PUT /v2.2/auth HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"PUT /v2.2/auth HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_http_gets_400_and_the_door(process: Process, raw: bytes) -> None:
    with socket.create_connection(("127.0.0.1", process.port), timeout=5) as peer:
        peer.sendall(raw)
        assert peer.makefile("rb").readline().startswith(b"HTTP/1.1 400")


def test_a_chunked_body_is_read(process: Process) -> None:
    body = iter([b'{"destination": ', b'"9175550123"}'])
    assert process.call("PUT", f"/numbers/{OWN}/forward", data=body).status_code == 200


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_a_cut_connection_is_a_reset(process: Process, kind: str) -> None:
    process.control.fault("numbersForwardSet", kind)
    with pytest.raises(requests.exceptions.ConnectionError):
        process.call("PUT", f"/numbers/{OWN}/forward", json={"destination": "9175550123"})
    done = process.call("GET", f"/numbers/{OWN}").json()["data"]["forwardTo"] == "9175550123"
    assert done is (kind == "drop_after")


def test_a_body_is_cut_in_its_middle(process: Process) -> None:
    process.control.fault("gatewaysList", "cut_body")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        process.call("GET", "/gateways")


def test_a_slow_body_comes_byte_by_byte(process: Process) -> None:
    process.control.fault("gatewaysList", "slow_body", seconds=0.2)
    began = time.monotonic()
    answer = process.call("GET", "/gateways", stream=True)
    assert answer.raw.read(3) == b'{"s'
    assert 0.4 < time.monotonic() - began < 2
    answer.close()


def test_huge_and_bomb_come_over_the_wire(process: Process) -> None:
    process.control.fault("gatewaysList", "huge")
    huge = process.call("GET", "/gateways", stream=True)
    assert int(huge.headers["Content-Length"]) == 200 * 1024 * 1024
    huge.close()
    process.control.fault("gatewaysList", "bomb")
    bomb = process.call("GET", "/gateways", stream=True)
    packed = bomb.raw.read(decode_content=False)
    assert len(packed) < 400_000
    assert gzip.GzipFile(fileobj=io.BytesIO(packed)).read(100).startswith(b'{"status"')


def test_a_delay_holds_one_call_only(process: Process) -> None:
    process.control.fault("gatewaysList", "delay", seconds=1)
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(process.call, "GET", "/gateways")
        time.sleep(0.2)
        began = time.monotonic()
        assert process.call("GET", "/gateways").status_code == 200
        assert time.monotonic() - began < 0.5
        assert held.result().status_code == 200


def test_sigterm_ends_it_while_a_call_is_held(tmp_path: Path) -> None:
    process = Process(tmp_path)
    process.control.fault("gatewaysList", "delay", seconds=60)
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(process.call, "GET", "/gateways")
        time.sleep(0.3)
        began = time.monotonic()
        process.stop()
        assert time.monotonic() - began < 2
        held.exception()


def test_the_control_answers_as_the_interface_says(process: Process) -> None:
    process.call("GET", "/gateways", headers={"Idempotency-Key": "k1"})
    log = requests.get(
        f"{process.url}/_sandbox/requests", params={"operation": "gatewaysList"}, timeout=5
    ).json()
    assert log["counts"] == {"gatewaysList": 1}
    assert {"operation", "account", "status", "at", "idempotency_key"} <= set(log["requests"][0])
    assert process.control.charges("1000000001") == {"charges": [], "balance": "184.25"}
    assert (
        requests.get(
            f"{process.url}/_sandbox/charges", params={"account": "x"}, timeout=5
        ).status_code
        == 404
    )
    assert requests.get(f"{process.url}/_sandbox/nothing", timeout=5).status_code == 404


def test_a_reset_brings_back_the_seeded_world(process: Process) -> None:
    process.call("PUT", f"/numbers/{OWN}/forward", json={"destination": "9175550123"})
    for _ in range(7):
        process.call("GET", "/account")
    process.control.advance(10_000)
    process.control.reset(seed=1, numbers=7, calls=3)
    assert process.call("GET", f"/numbers/{OWN}").json()["data"]["forwardTo"] is None
    assert process.call("GET", "/account").status_code == 200
    assert len(process.call("GET", "/numbers", "1000000002").json()["data"]["numbers"]) == 7
    assert len(process.control.requests("accountGet")) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SANDBOX_SPEED", "fast"),
        ("SANDBOX_NUMBERS", "-1"),
        ("SANDBOX_CALLS", "many"),
        ("SANDBOX_POOLS", "two"),
    ],
)
def test_a_bad_environment_stops_the_start_in_one_line(
    tmp_path: Path, name: str, value: str
) -> None:
    refused = subprocess.run(
        [sys.executable, "manage.py", "sandbox", "--port", "0", "--data", str(tmp_path)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], name: value},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert refused.returncode != 0
    assert refused.stderr.startswith(f"sandbox: {name} must be")
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "size", [{"numbers": -1}, {"numbers": 10**9}, {"calls": "x"}, {"seed": []}]
)
def test_a_reset_that_makes_no_sense_is_refused(process: Process, size: dict[str, Any]) -> None:
    assert requests.post(f"{process.url}/_sandbox/reset", json=size, timeout=5).status_code == 400
    assert process.call("GET", "/numbers").status_code == 200
