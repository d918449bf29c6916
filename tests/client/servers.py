"""A provider made of a bare socket, so that it can misbehave as no HTTP library would let it."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Asked:
    """One request as it came over the wire. Header names are lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int

    def json(self) -> Any:
        return json.loads(self.body)


Talk = Callable[[socket.socket, Asked], None]


@dataclass
class Server:
    """Where it listens, and what it was asked."""

    port: int
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def reply(
    body: bytes | Any = b"", status: int = 200, *headers: str, length: int | None = None
) -> bytes:
    """An HTTP answer. A body that is not bytes is sent as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [
        f"HTTP/1.1 {status} Words",
        "Content-Type: application/json",
        f"Content-Length: {len(content) if length is None else length}",
    ]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + content


def success(data: Any, status: int = 200) -> bytes:
    return reply({"status": "success", "data": data}, status)


def error(status: int, message: str = "No.", *headers: str, **more: Any) -> bytes:
    return reply(
        {"status": "error", "error": {"code": status, "message": message}, **more}, status, *headers
    )


def says(*answers: bytes) -> Talk:
    """Gives these answers one after the other, and the last one for ever."""
    left = list(answers)

    def talk(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(left.pop(0) if len(left) > 1 else left[0])

    return talk


def cut(connection: socket.socket) -> None:
    """Ends a connection by RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    socket.close(connection.detach())  # close() would wait for the stream that reads requests


@contextmanager
def serve(
    talk: Talk,
    *,
    tls: ssl.SSLContext | None = None,
    on_connect: Callable[[socket.socket], None] | None = None,
) -> Iterator[Server]:
    """Runs a server of one thread a connection until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    server = Server(listener.getsockname()[1])
    opened: list[socket.socket] = []

    def talk_to(connection: socket.socket, serial: int) -> None:
        try:
            if on_connect:
                on_connect(connection)
            if tls:
                connection = tls.wrap_socket(connection, server_side=True)
                opened.append(connection)
            with connection.makefile("rb") as stream:
                while asked := read_request(stream, serial):
                    server.asked.append(asked)
                    talk(connection, asked)
        except (OSError, ValueError):
            pass
        finally:
            connection.close()

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            server.connections += 1
            opened.append(connection)
            threading.Thread(
                target=talk_to, args=(connection, server.connections), daemon=True
            ).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        for one in [listener, *opened]:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def read_request(stream: Any, serial: int) -> Asked | None:
    first = stream.readline()
    if not first:
        return None
    method, target, _ = first.decode().split(" ", 2)
    headers: dict[str, str] = {}
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    return Asked(
        method, target, headers, stream.read(int(headers.get("content-length", 0))), serial
    )
