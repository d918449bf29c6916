"""A provider of one answer: what a client sent to it, and what the client makes of the answer."""

import io
import json
from typing import Any

import msgspec
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from apps.voicetel.client import (
    Client,
    Transport,
)
from tests.client.cases import CASES
from tests.client.cases.base import Case
from tests.client.hearing import KEY

IDS = [one.operation for one in CASES]


class Answering(BaseAdapter):
    """Gives these answers (status, JSON or bytes) one after the other, the last for ever, and keeps
    what it was asked.
    """

    def __init__(self, *answers: tuple[int, Any]) -> None:
        super().__init__()
        self.answers, self.asked = list(answers), list[PreparedRequest]()

    def send(self, request: PreparedRequest, *rest: Any, **named: Any) -> Response:
        self.asked.append(request)
        status, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        response = Response()
        response.status_code = status
        response.raw = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        return response

    def close(self) -> None: ...


def client_to(adapter: BaseAdapter) -> Client:
    return Client(Transport("http://provider.test", adapter=adapter), KEY)


def answering(one: Case) -> Answering:
    return Answering(
        (204, b"") if one.data is None else (200, {"status": "success", "data": one.data})
    )


def touch(value: Any) -> None:
    """Reads every field and property of records, at every depth."""
    if isinstance(value, list | tuple):
        for inner in value:
            touch(inner)
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__ + tuple(
            name for name, it in vars(type(value)).items() if isinstance(it, property)
        ):
            touch(getattr(value, name))
