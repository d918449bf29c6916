"""The client against the sandbox, all 74: what left, what came, what the caller has, and what is
true at the provider.
"""

import io
import json
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema
import pytest
from requests import PreparedRequest, Response

from apps.sandbox.front.adapter import InProcess
from apps.voicetel.client import BY_ID, Client, Transport
from tests.client.deeds import DEEDS, Deed
from tests.sandbox import schema

IDS = [deed.operation for deed in DEEDS]
LACKING = {"authPut": frozenset({"value"})}  # a password is not said back


class Listening(InProcess):
    """The way into the sandbox, and a copy of what goes by."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[PreparedRequest, int, bytes]] = []

    def send(self, request: PreparedRequest, *rest: Any, **named: Any) -> Response:
        response = super().send(request, *rest, **named)
        body = response.raw.read(decode_content=False)
        response.raw = io.BytesIO(body)
        self.heard.append((request, response.status_code, body))
        return response


def do(deed: Deed, sandbox: Any) -> tuple[Any, PreparedRequest, int, bytes]:
    """The answer, the request as it left, the status and the bytes that came."""
    wire = Listening()
    client = Client(Transport("http://sandbox.test", adapter=wire), sandbox.key(deed.account))
    deed.first(client)
    wire.heard.clear()
    answer = deed.make(client)
    ((request, status, body),) = wire.heard
    return answer, request, status, body


def test_there_is_one_deed_for_each_of_the_74() -> None:
    assert len(DEEDS) == 74
    assert set(IDS) == set(BY_ID)


@pytest.mark.parametrize("deed", DEEDS, ids=IDS)
def test_what_the_caller_is_told_is_true_at_the_provider(deed: Deed, sandbox: Any) -> None:
    answer, *_ = do(deed, sandbox)
    assert deed.there(answer)
    assert sandbox.count(deed.operation) == 1
    if BY_ID[deed.operation].charges:
        assert len(sandbox.charges(deed.account)) == 1


@schema.needs_document
@pytest.mark.parametrize("deed", DEEDS, ids=IDS)
def test_request_and_answer_are_both_the_documents(deed: Deed, sandbox: Any) -> None:
    _, request, status, body = do(deed, sandbox)
    method, path, described = schema.operations()[deed.operation]
    assert request.method == method
    sent = urlsplit(str(request.url))
    values = (
        values_in(path, unquote(sent.path))
        | dict(parse_qsl(sent.query, keep_blank_values=True))
        | dict(request.headers)
    )
    for parameter in described.get("parameters", []):
        if parameter["name"] in values:
            check_parameter(parameter, values.pop(parameter["name"]))
        else:
            assert not parameter.get("required"), parameter["name"]
    assert set(dict(parse_qsl(sent.query))) <= {
        parameter["name"] for parameter in described.get("parameters", [])
    }
    wanted = described.get("requestBody")
    assert bool(wanted) == bool(request.body)
    if wanted:
        whole = {
            **wanted["content"]["application/json"]["schema"],
            "components": schema.document()["components"],
        }
        jsonschema.Draft202012Validator(whole, format_checker=schema.formats).validate(
            json.loads(request.body or b"")
        )
    assert str(status) in described["responses"]
    schema.check(deed.operation, status, body, lacking=LACKING.get(deed.operation, frozenset()))


def values_in(path: str, sent: str) -> dict[str, str]:
    """Path parameters by name."""
    pairs = zip(path.split("/"), sent.split("/"), strict=True)
    return {name[1:-1]: value for name, value in pairs if name.startswith("{")}


def check_parameter(parameter: dict[str, Any], text: str) -> None:
    """A parameter as it stood in the address or a header, against its schema."""
    kind = parameter["schema"]
    value: Any = int(text) if kind.get("type") == "integer" else text
    if kind.get("type") == "array":
        value = text.split(",")
    jsonschema.Draft202012Validator(
        {**kind, "components": schema.document()["components"]}
    ).validate(value)
