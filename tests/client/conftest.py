"""A client whose deadline is short, what a meter and a guard heard, and a certificate that nobody
signed.
"""

import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.voicetel.client import Client, Transport
from tests.client.hearing import KEY, Heard


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
