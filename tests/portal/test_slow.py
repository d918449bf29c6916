"""Strangers who send or read slowly, or send too much, keep nobody else from an answer."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from waitress.adjustments import Adjustments

from portal.serving import connections
from portal.serving.connections import (
    BODY,
    BODY_MOST,
    HEADER,
    SLOWEST,
    UPLOAD,
    WINDOW,
    Connection,
    Request,
    end_overdue,
    make_room,
)
from tests.portal.serving import lives, say, web
from tests.portal.slow import KINDS, Slow

HEAD = b"POST /login/ HTTP/1.1\r\nHost: portal.example\r\nX-Forwarded-Proto: https\r\n"
PIECE = b"a" * 50_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The web server's folder, with its log."""
    return tmp_path_factory.mktemp("web")


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    """A web server of two threads."""
    with web(folder, WEB_THREADS="2") as found:
        yield found


@pytest.mark.parametrize("kind", [*KINDS, "all of them"])
def test_sockets_that_are_held_open_leave_the_threads_to_others(port: int, kind: str):
    with Slow(port, 60, [kind] if kind in KINDS else KINDS) as slow:
        slow.filled.wait(20)
        assert [lives(port) for _ in range(5)] == [True] * 5


@pytest.mark.parametrize(
    "words",
    [
        [HEAD + b"Content-Length: 5000000000\r\n\r\n"],
        [HEAD + b"Content-Length: 5000000000\r\nExpect: 100-continue\r\n\r\n"],
        [HEAD + b"Content-Length: 2000000\r\n\r\n", *[PIECE] * 40],
        [HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[b"C350\r\n" + PIECE + b"\r\n"] * 40],
    ],
    ids=["declared", "expecting", "sent", "chunked"],
)
def test_a_body_too_large_is_refused_unread_with_a_page(port: int, words: list[bytes]):
    head, _, page = say(port, *words).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 413 ")
    assert b"Connection: close" in head
    assert b"Content-Security-Policy" in head
    assert b"Nothing changed." in page


def test_a_body_that_a_form_may_have_is_read_also_in_chunks(port: int):
    chunked = HEAD + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    pieces = [b"C350\r\n" + PIECE + b"\r\n"] * 10
    assert say(port, chunked, *pieces, b"0\r\n\r\n").startswith(b"HTTP/1.1 403 ")


@pytest.mark.parametrize(
    "words",
    [
        b"GET /numbers/2015550110/?secret-words HTTP/9.9 more\r\n\r\n",
        b"secret-words\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: portal.example\r\nsecret-words\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: portal.example\r\n secret-words\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: portal.example\r\nX: secret-words\nforged: line\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: secret-words\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: secret-words\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nsecret-words\r\n",
        b"GET /" + b"secret-words" * 4000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: secret-words\r\nConnection: close\r\n\r\n",
    ],
    ids=range(10),
)
def test_a_request_that_cannot_be_read_leaves_none_of_its_words_in_the_log(
    folder: Path, port: int, words: bytes
):
    answer = say(port, words)
    assert answer[9:10] in {b"4", b"5"}, answer
    assert answer[9:12] != b"500"
    assert "secret-words" not in (folder / "log").read_text()


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (b"HEAD /healthz HTTP/1.1", b"200"),
        (b"HEAD /login/ HTTP/1.1", b"200"),
        (b"GET /login/ HTTP/1.1\r\nHX-Request: true", b"200"),
        (b"POST /healthz HTTP/1.1\r\nContent-Length: 0", b"403"),
    ],
    ids=range(4),
)
def test_a_connection_serves_a_second_request_after_any_answer(
    port: int, asked: bytes, status: bytes
):
    common = b"\r\nHost: portal.example\r\nX-Forwarded-Proto: https\r\n"
    last = b"GET /healthz HTTP/1.1" + common + b"Connection: close\r\n\r\n"
    heard = say(port, asked + common + b"\r\n" + last)
    assert heard.count(b"HTTP/1.1 ") == 2, heard
    first, _, second = heard.rpartition(b"HTTP/1.1 ")
    assert first[9:12] == status
    assert second.startswith(b"200 ")
    assert second.endswith(b"\r\n\r\nok\n")
    assert not asked.startswith(b"HEAD") or first.endswith(b"\r\n\r\n")
    assert b"Connection: close" not in first


# Deadlines, by the moment that is asked about


class Host:
    """As much of a server as a connection needs."""

    def __init__(self) -> None:
        self.active_channels: dict[int, Connection] = {}
        self.tasks: list[Connection] = []

    def add_task(self, task: Connection) -> None:
        self.tasks.append(task)

    def pull_trigger(self) -> None:
        pass


@pytest.fixture
def link() -> Iterator[Any]:
    """A connection and the far end of its socket."""
    near, far = socket.socketpair()
    with near, far:
        host = Host()
        connection = Connection(host, near, ("192.0.2.7", 1), Adjustments(), map={})
        yield SimpleNamespace(here=connection, far=far, host=host, at=connection.opened)


def test_a_connection_without_a_byte_ends(link: Any):
    assert not link.here.overdue(link.at + HEADER - 1)
    assert link.here.overdue(link.at + HEADER + 1)


def test_a_header_must_be_whole_in_time_however_often_a_byte_comes(link: Any):
    for letter in b"GET / HTTP/1.1\r\nX: ":
        link.here.received(bytes([letter]))
    began = link.here.request.began
    assert not link.here.overdue(began + HEADER - 1)
    assert link.here.overdue(began + HEADER + 1)


@pytest.mark.parametrize(("size", "seconds"), [(1000, BODY), (BODY_MOST + 1, UPLOAD)])
def test_a_body_must_be_whole_in_time(
    link: Any, monkeypatch: pytest.MonkeyPatch, size: int, seconds: int
):
    monkeypatch.setattr(Request, "most_of", staticmethod(lambda path, headers: 2 * BODY_MOST))
    link.here.received(HEAD + f"Content-Length: {size}\r\n\r\na".encode())
    headed = link.here.request.headed
    assert not link.here.overdue(headed + seconds - 1)
    assert link.here.overdue(headed + seconds + 1)
    assert not link.host.tasks


def test_a_request_that_is_being_answered_has_no_deadline_here(link: Any):
    link.here.received(b"GET / HTTP/1.1\r\n\r\n")
    assert link.host.tasks == [link.here]
    assert not link.here.overdue(link.at + 3600)


def test_a_connection_that_was_answered_is_kept_for_as_long_as_settings_say(link: Any):
    link.here.served = True
    assert not link.here.overdue(link.at + link.here.kept - 1)
    assert link.here.overdue(link.at + link.here.kept + 1)


def pending(link: Any, size: int) -> None:
    link.here.outbufs[-1].append(b"a" * size)
    link.here.total_outbufs_len += size


def test_a_reader_who_takes_less_than_the_least_in_a_window_is_let_go(link: Any):
    pending(link, 10 * SLOWEST)
    assert not link.here.overdue(link.at + WINDOW - 1)
    assert link.here.overdue(link.at + WINDOW + 1)


def test_a_reader_who_takes_enough_in_each_window_is_served_to_the_end(link: Any):
    pending(link, 10 * SLOWEST)
    for window in range(1, 5):
        link.here.sent += SLOWEST
        assert not link.here.overdue(link.at + window * (WINDOW + 1))
    link.here.sent += SLOWEST - 1
    assert link.here.overdue(link.at + 5 * (WINDOW + 1))


def test_a_reader_who_holds_a_thread_must_be_faster(link: Any):
    link.here.adj.outbuf_high_watermark = SLOWEST
    pending(link, 2 * SLOWEST)
    link.here.requests = [object()]
    link.here.sent += SLOWEST
    assert link.here.overdue(link.at + WINDOW + 1)


def test_unfinished_bodies_that_are_too_much_together_end_largest_first(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(connections, "HELD_MOST", 100)
    held = [
        SimpleNamespace(held=size, will_close=False, overdue=lambda now: False)
        for size in (10, 60, 50, 30)
    ]
    end_overdue(held, time.monotonic())  # type: ignore[arg-type]
    assert [each.will_close for each in held] == [False, True, False, False]


def test_room_is_made_by_the_oldest_connection_at_rest_and_never_by_one_that_is_being_answered():
    def one(name: str, *, works: bool = False, at_rest: bool = False, **other: Any) -> Any:
        fields = {"requests": [], "will_close": False, "opened": 1.0, **other}
        return SimpleNamespace(name=name, works=works, at_rest=at_rest, **fields)

    answered = one("answered", works=True, requests=[object()], opened=0.0)
    read, unfinished = one("read", works=True), one("unfinished")
    young, old = one("young", at_rest=True, opened=2.0), one("old", at_rest=True)
    everything = [answered, read, unfinished, young, old]
    gone = []
    while (last := make_room(everything)) is not None:
        gone.append(last.name)
        last.will_close = True
    assert gone == ["old", "young", "unfinished", "read"]


def test_the_limits_of_the_web_server_and_of_the_views_are_the_same():
    from django.conf import settings

    from apps.ui import uploads

    assert BODY_MOST == uploads.FORM_MOST == settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert settings.FILE_UPLOAD_MAX_MEMORY_SIZE == uploads.BODY_MOST
