"""The provider's own document: is an answer valid, and does it carry every property that the schema
names?
"""

import json
import os
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

PATH = os.environ.get("VOICETEL_OPENAPI", "")
needs_document = pytest.mark.skipif(
    not PATH, reason="VOICETEL_OPENAPI is not set: the provider's document is not at hand"
)

formats = FormatChecker(["ipv4"])


@formats.checks("date-time", ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@cache
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(Path(PATH).read_text())
    return loaded


@cache
def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Id to (method, path, operation object)."""
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    }


def resolve(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def schema_of(operation: str, status: int) -> dict[str, Any] | None:
    """The schema of this answer; None: it has no body.

    A status that the document does not name has the error envelope.
    """
    responses = operations()[operation][2]["responses"]
    if str(status) not in responses:
        return {"$ref": "#/components/schemas/errorResponse"}
    content = responses[str(status)].get("content")
    return content["application/json"]["schema"] if content else None


def missing(schema: dict[str, Any], value: Any, where: str = "$") -> list[str]:
    """Every named property that the value lacks, however deep. An empty list names nothing."""
    schema = resolve(schema)
    if isinstance(value, dict):
        named = schema.get("properties", {})
        found = [f"{where}.{name}" for name in named if name not in value]
        return found + [
            gap
            for name, inner in named.items()
            if name in value
            for gap in missing(inner, value[name], f"{where}.{name}")
        ]
    if isinstance(value, list) and "items" in schema:
        return [
            gap
            for place, item in enumerate(value)
            for gap in missing(schema["items"], item, f"{where}[{place}]")
        ]
    return []


# a receipt tells its two ends and the time, and none of these
OF_RECEIPTS = frozenset({"direction", "rate", "message", "number"})


def check(
    operation: str, status: int, content: bytes, *, lacking: frozenset[str] = frozenset()
) -> None:
    """Raises AssertionError that says what the document has against this answer. lacking:
    properties rightly left out.
    """
    schema = schema_of(operation, status)
    if schema is None:
        assert content == b"", f"{operation} {status} has no body in the document"
        return
    value = json.loads(content)
    whole = {**schema, "components": document()["components"]}
    problems = [
        f"{error.json_path}: {error.message[:200]}"
        for error in Draft202012Validator(whole, format_checker=formats).iter_errors(value)
    ]
    if operation == "messageHistory" and status == 200 and value["data"]["type"] == "dlr":
        lacking |= OF_RECEIPTS
    gaps = [gap for gap in missing(schema, value) if gap.rsplit(".", 1)[1] not in lacking]
    assert not problems, f"{operation} {status}: {problems}"
    assert not gaps, f"{operation} {status} lacks {gaps}"
