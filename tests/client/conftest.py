"""A client whose deadline is short, what a meter and a guard heard, and a certificate that nobody
signed.
"""

import ssl
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from apps.voicetel.client import Client, Transport

KEY = "0123456789abcdef0123456789abcdef"


class Heard:
    """A meter and a guard that only write down what they are told."""

    def __init__(self) -> None:
        self.log: list[tuple[Any, ...]] = []

    def reserve(self, pool: str | None, operation: str) -> str:
        self.log.append(("reserve", pool, operation))
        return operation

    def settle(self, ticket: str) -> None:
        self.log.append(("settle", ticket))

    def release(self, ticket: str) -> None:
        self.log.append(("release", ticket))

    def shut(self, pool: str | None, operation: str, retry_at: datetime) -> None:
        self.log.append(("shut", pool, operation, retry_at))

    def check(self, operation: str) -> None:
        self.log.append(("check", operation))

    def report(self, operation: str, ok: bool) -> None:
        self.log.append(("report", operation, ok))

    def names(self) -> list[str]:
        return [entry[0] for entry in self.log]


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """client_of(server or address, **options of Transport)"""

    def make(server: Any, **options: Any) -> Client:
        url = server if isinstance(server, str) else server.url
        return Client(Transport(url, **{"seconds": 5.0, "connect": 1.0, **options}), KEY)

    return make


@pytest.fixture
def self_signed(tmp_path: Path) -> ssl.SSLContext:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj"
        " /CN=127.0.0.1"
    )
    subprocess.run(
        [
            *make.split(),
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            str(key),
            "-out",
            str(certificate),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
