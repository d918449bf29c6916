"""Our rows, requests and records against the provider's own document, where VOICETEL_OPENAPI names
it.
"""

import json
import os
from pathlib import Path
from typing import Any, get_args
from urllib.parse import parse_qsl, urlsplit

import jsonschema
import msgspec
import pytest

from apps.voicetel.client import BY_ID, ROWS
from apps.voicetel.client.answers import decode
from apps.voicetel.client.operations import Operation
from apps.voicetel.probe.differences import PASSED_OVER, UNREAD
from tests.client.answering import IDS, answering, client_to
from tests.client.cases import CASES
from tests.client.cases.base import Case

PATH = os.environ.get("VOICETEL_OPENAPI", "")
pytestmark = pytest.mark.skipif(
    not PATH, reason="VOICETEL_OPENAPI does not name the provider's document"
)
DOCUMENT: dict[str, Any] = json.loads(Path(PATH).read_bytes()) if PATH else {"paths": {}}
WITH_DATA = [one for one in CASES if one.data is not None]


def described() -> dict[str, tuple[str, str, dict[str, Any]]]:
    return {
        what["operationId"]: (method.upper(), path, what)
        for path, item in DOCUMENT["paths"].items()
        for method, what in item.items()
        if isinstance(what, dict) and "operationId" in what
    }


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        found: Any = DOCUMENT
        for part in schema["$ref"].split("/")[1:]:
            found = found[part]
        schema = found
    return schema


def success_of(operation: str) -> dict[str, Any] | None:
    """The first 2xx answer's content, None for one without a body."""
    answers = described()[operation][2]["responses"]
    status = min(status for status in answers if status.startswith("2"))
    content = answers[status].get("content")
    return dict(content["application/json"]) if content else None


def test_document_and_rows_name_the_same_operations_with_the_same_method_and_path() -> None:
    assert {row.id: (row.method, row.path) for row in ROWS} == {
        name: (method, path) for name, (method, path, _) in described().items()
    }


@pytest.mark.parametrize("one", CASES, ids=IDS)
def test_body_that_leaves_is_valid_by_the_document(one: Case) -> None:
    adapter = answering(one)
    one.make(client_to(adapter))
    wanted = described()[one.operation][2].get("requestBody")
    body = adapter.asked[0].body
    assert bool(wanted) == bool(body)
    if wanted and body:
        schema = {
            **wanted["content"]["application/json"]["schema"],
            "components": DOCUMENT["components"],
        }
        jsonschema.Draft202012Validator(schema).validate(json.loads(body))


@pytest.mark.parametrize("one", CASES, ids=IDS)
def test_cases_send_every_field_that_the_document_names(one: Case) -> None:
    """So that no field of a request is without a test.

    The four fields that only a port's rarer addresses have are the exception.
    """
    wanted = described()[one.operation][2].get("requestBody")
    adapter = answering(one)
    one.make(client_to(adapter))
    if wanted:
        named = set(resolved(wanted["content"]["application/json"]["schema"])["properties"])
        sent = set(json.loads(adapter.asked[0].body or b"{}"))
        rare = {"streetSuffix", "unitValue", "building", "floor", "room"} | {
            "ccs",
            "mms",
            "e911",
            "intl",
        }
        assert sent <= named
        assert named - sent <= rare


@pytest.mark.parametrize("one", CASES, ids=IDS)
def test_query_that_leaves_has_the_documents_parameters(one: Case) -> None:
    item = described()[one.operation][2]
    adapter = answering(one)
    one.make(client_to(adapter))
    sent = dict(parse_qsl(urlsplit(adapter.asked[0].url).query, keep_blank_values=True))
    named = {p["name"]: p for p in map(resolved, item.get("parameters", [])) if p["in"] == "query"}
    assert set(sent) == set(named)
    for name, text in sent.items():
        schema = named[name]["schema"]
        jsonschema.Draft202012Validator(schema).validate(
            int(text) if schema.get("type") == "integer" else text
        )


def record_of(one: Case) -> Any:
    """The record type that the operation's method decodes to, as the transport is told it."""
    told: list[Any] = []
    client = client_to(answering(one))

    def call(operation: Operation, record: Any, **rest: Any) -> Any:
        told.append(record)
        return decode(json.dumps({"status": "success", "data": one.data}).encode(), record)

    client.transport.call = call  # type: ignore[method-assign, assignment]
    one.make(client)
    return told[0]


@pytest.mark.parametrize("one", WITH_DATA, ids=[one.operation for one in WITH_DATA])
def test_documents_own_example_is_read(one: Case) -> None:
    content = success_of(one.operation)
    assert content is not None
    example = content["example"]
    if one.operation == "accountCdr":
        # the example's are the words "example", "example_2"
        example["data"]["cdr"][0]["key"] = ["1000000001", "1747345100"]
    if one.operation == "messageHistory":
        example["data"]["messages"][0].update(key=["2012548000", 1747345100])
        # the example's key is empty and its rate is the word "example"
        example["data"]["messages"][0]["value"]["rate"] = "0.0075"
    assert decode(json.dumps(example).encode(), record_of(one)) is not None


@pytest.mark.parametrize("one", WITH_DATA, ids=[one.operation for one in WITH_DATA])
def test_record_has_every_field_that_the_document_names(one: Case) -> None:
    content = success_of(one.operation)
    assert content is not None
    data = resolved(resolved(content["schema"])["properties"]["data"])
    assert missing(data, record_of(one), one.operation) == []


def missing(schema: dict[str, Any], kind: Any, where: str) -> list[str]:
    """Properties of the schema that the record has no field for, by path."""
    schema = resolved(schema)
    if "items" in schema:
        inner = [part for part in get_args(strip(kind)) if part is not Ellipsis]
        return missing(schema["items"], inner[0], f"{where}[]") if inner else []
    kind = strip(kind)
    if "properties" not in schema or not (
        isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    ):
        return []
    fields = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
    lost: list[str] = []
    for name, inner in schema["properties"].items():
        if name in fields:
            lost += missing(inner, fields[name], f"{where}.{name}")
        elif name not in PASSED_OVER:
            lost.append(f"{where}.{name}")
    return lost


def strip(kind: Any) -> Any:
    """X of X | None."""
    inner = [part for part in get_args(kind) if part is not type(None)]
    return inner[0] if type(None) in get_args(kind) and len(inner) == 1 else kind


def test_unread_fields_are_the_documents() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert UNREAD["ticket"] <= set(schemas["supportConversation"]["properties"])
    assert UNREAD["thread"] <= set(schemas["supportThread"]["properties"])
    assert UNREAD["person"] <= set(schemas["supportCustomer"]["properties"])


@pytest.mark.parametrize("operation", sorted(BY_ID))
def test_404_and_409_that_the_document_promises_for_an_empty_list_are_in_the_row(
    operation: str,
) -> None:
    empty = BY_ID[operation].empty
    answers = described()[operation][2]["responses"]
    assert {str(status) for status in empty} <= set(answers)
