"""The database goes away: a sentence and 503 on every page, whoever looks, and a truth about what
was sent.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

FRAGMENT = {"HX-Request": "true", "HX-Target": "numbers-table"}
PAGES = [
    "/",
    "/numbers/",
    "/numbers/2015550110/",
    "/settings/audit/",
    "/settings/security/",
    "/admin/",
    "/nothing/here/",
]
UNSURE = "Check whether your change was saved"


@contextmanager
def away(after: int = 0, error: type[Exception] = OperationalError) -> Iterator[None]:
    """Every statement fails from the one after `after` on."""
    seen = 0

    def fail(execute: Callable[..., Any], *statement: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen > after:
            raise error("connection refused at 10.0.0.7")
        return execute(*statement)

    with connection.execute_wrapper(fail):
        yield


@pytest.fixture
def browser(cast: Any, sign_in: Callable[..., Client]) -> Client:
    client = sign_in(cast.owner)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_somebody_signed_in_is_a_sentence_with_503(
    browser: Client, path: str, error: type[Exception]
):
    with away(error=error):
        answer = browser.get(path)
    said = answer.content.decode()
    assert answer.status_code == 503
    assert "The portal isn&#x27;t available right now" in said
    assert "Nothing changed. Try again in a minute." in said
    assert "<html" in said
    assert "10.0.0.7" not in said
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_may_go_at_any_statement_of_a_page(browser: Client):
    found = []
    for after in range(4):
        with away(after):
            found.append(browser.get("/numbers/").status_code)
    assert found == [503] * 4


def test_a_fragment_is_the_sentence_in_place_of_its_target(browser: Client):
    with away():
        answer = browser.get("/numbers/", headers=FRAGMENT)
    said = answer.content.decode()
    assert answer.status_code == 503
    assert 'id="numbers-table"' in said
    assert "<html" not in said


def test_a_form_that_never_reached_its_view_changed_nothing(browser: Client):
    with away():
        answer = browser.post("/numbers/2015550110/forward/", {"to": "9175550142"})
    assert answer.status_code == 503
    assert "Nothing changed" in answer.content.decode()


def test_of_a_form_that_reached_its_view_nothing_is_claimed(db: None):
    with away():
        answer = Client(raise_request_exception=False).post(
            "/login/", {"login": "owner@harbor.test", "password": "x"}
        )
    said = answer.content.decode()
    assert answer.status_code == 503
    assert UNSURE in said
    assert "Nothing changed" not in said


class Road:
    """The way to PostgreSQL: nobody listens until it is opened."""

    def __init__(self, host: str, port: int) -> None:
        self.to = (host, port)
        self.gate = socket.socket()
        self.gate.bind(("127.0.0.1", 0))
        self.port: int = self.gate.getsockname()[1]

    def open(self) -> None:
        self.gate.listen()
        threading.Thread(target=self.let_in, daemon=True).start()

    def let_in(self) -> None:
        with suppress(OSError):
            while True:
                near, far = self.gate.accept()[0], socket.create_connection(self.to)
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    @staticmethod
    def carry(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while said := one.recv(65_536):
                other.sendall(said)
            other.shutdown(socket.SHUT_WR)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no pool")
def test_the_pool_finds_a_database_that_is_back_at_once(db: None):
    """Left to itself it asks at 1, 3, 7 and 15 seconds, and so on: after an hour's outage not for
    another.
    """
    from psycopg_pool import ConnectionPool, PoolTimeout

    given = connection.get_connection_params()
    road = Road(given["host"], int(given.get("port") or 5432))
    words = (
        f"host=127.0.0.1 port={road.port} user={given['user']}"
        f" password={given.get('password') or 'none'} dbname={given['dbname']}"
    )
    with ConnectionPool(
        words, open=False, **settings.DATABASES["default"]["OPTIONS"]["pool"]
    ) as pool:
        ends = time.monotonic() + 8
        while time.monotonic() < ends:
            with pytest.raises(PoolTimeout):
                pool.getconn()
        road.open()
        back = time.monotonic()
        while True:
            with suppress(PoolTimeout), pool.connection() as found:
                assert found.execute("SELECT 1").fetchone() == (1,)
                break
            assert time.monotonic() - back < 3
    road.gate.close()
