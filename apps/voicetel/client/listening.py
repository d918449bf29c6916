"""A transport that keeps what came: for comparing the live service's answers with what we believe
of it (`manage.py probe`).
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import requests

from apps.voicetel.client import answers
from apps.voicetel.client.operations import Operation
from apps.voicetel.client.transport import Transport

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer as it came, unpacked. record: the type that the client would read it as; None: no
    data is read.
    """

    operation: Operation
    record: type[Any] | None
    status: int
    headers: Mapping[str, str]
    body: bytes


class ListeningTransport(Transport):
    """Sends and classifies as any transport; `heard` has each answer whose body arrived whole, the
    newest last.
    """

    def __init__(self, base_url: str, **options: Any) -> None:
        super().__init__(base_url, **options)
        self.heard: list[Heard] = []

    def _classify(
        self,
        operation: Operation,
        record: type[T] | None,
        request: requests.PreparedRequest,
        response: requests.Response,
    ) -> T | None:
        try:
            body = bytes(answers.read(response, operation.largest))
        except answers.Unreadable as error:
            raise self._lost(
                operation, f"VoiceTel's answer could not be read: {error}.", response.status_code
            ) from error
        self.heard.append(Heard(operation, record, response.status_code, response.headers, body))
        again = requests.Response()
        again.status_code, again.raw = response.status_code, io.BytesIO(body)
        again.headers.update(
            {name: value for name, value in response.headers.items() if name.lower() in KEPT}
        )
        return super()._classify(operation, record, request, again)


# what the rest of the transport still reads: the body is unpacked by now
KEPT = {"retry-after", "date"}
