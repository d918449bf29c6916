"""How an answer differs from what is believed of it: the provider's own document, or, without that,
our records.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, get_args

import msgspec

from apps.voicetel.client.listening import Heard
from apps.voicetel.client.records.support import Person

# Named in the document and not read into records on purpose: nobody may see them, or nothing here
# needs them.
UNREAD = {
    "ticket": {
        *(
            "bcc",
            "cc",
            "customFields",
            "folderId",
            "mailboxId",
            "source",
            "closedBy",
            "closedByUser",
        ),
        *("customerWaitingSince", "userUpdatedAt"),
    },
    "thread": {
        "bcc",
        "cc",
        "to",
        "source",
        "rating",
        "ratingComment",
        "assignedTo",
        "action",
        "customer",
    },
    "person": {"jobTitle", "notes", "embedded", "photoUrl", "photoType", "createdAt", "updatedAt"},
}
# one record for several of the document's shapes: what one of them lacks says nothing
SHARED = (Person,)
# a receipt (messageHistory of type dlr) tells its two ends and the time: docs/provider.md
NOT_OF_RECEIPTS = {
    f"$.data.messages[].value.{name}: missing"
    for name in ("direction", "rate", "message", "number")
}
PASSED_OVER = set().union(*UNREAD.values())
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def of(heard: Heard, document: Mapping[str, Any] | None) -> list[str]:
    """One line for each difference, [] for none.

    Rows of a list are compared all, and the same difference is said once.
    """
    try:
        value = msgspec.json.decode(heard.body) if heard.body else None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return [
            f"{heard.operation.id} {heard.status}: the body is no JSON"
            f" ({heard.headers.get('Content-Type', 'no content type')})"
        ]
    found = from_document(heard, value, document) if document else from_record(heard, value)
    passed = NOT_OF_RECEIPTS if _of_receipts(value) else ()
    said = (line for line in found if line not in passed)
    return list(dict.fromkeys(f"{heard.operation.id} {heard.status} {line}" for line in said))


def _of_receipts(value: Any) -> bool:
    data = value.get("data") if isinstance(value, dict) else None
    return isinstance(data, dict) and data.get("type") == "dlr"


def from_document(heard: Heard, value: Any, document: Mapping[str, Any]) -> Iterator[str]:
    described = next(
        (
            what
            for item in document["paths"].values()
            for what in item.values()
            if what.get("operationId") == heard.operation.id
        ),
        None,
    )
    if described is None:
        yield "$: the operation is not in the document"
        return
    if str(heard.status) not in described["responses"]:
        yield (
            "$: the status is not in the document, which has"
            f" {', '.join(sorted(described['responses']))}"
        )
        return
    content = described["responses"][str(heard.status)].get("content")
    if content:
        yield from Walk(document).compare(content["application/json"]["schema"], value, "$")
    elif heard.body:
        yield "$: a body, where the document has none"


class Walk:
    """A schema of the document beside a value.

    Knows what that document uses: $ref, type, properties, required, items, enum.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document

    def resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            found: Any = self.document
            for part in schema["$ref"].removeprefix("#/").split("/"):
                found = found[part]
            schema = found
        return schema

    def compare(self, schema: Mapping[str, Any], value: Any, where: str) -> Iterator[str]:
        schema = self.resolved(schema)
        if "oneOf" in schema:
            if all(any(self.compare(option, value, where)) for option in schema["oneOf"]):
                yield f"{where}: {kind_of(value)}, which is none of the document's choices"
            return
        kinds = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", [])
        if kinds and not any(is_a(value, kind) for kind in kinds):
            yield f"{where}: {kind_of(value)}, where the document has {' or '.join(kinds)}"
            return
        if "enum" in schema and value not in schema["enum"]:
            yield f"{where}: a value that the document does not list"
        if isinstance(value, dict) and "properties" in schema:
            named = schema["properties"]
            yield from (
                f"{where}.{name}: not in the document"
                for name in sorted(value.keys() - named.keys())
            )
            yield from (f"{where}.{name}: missing" for name in named if name not in value)
            for name in sorted(named.keys() & value.keys()):
                yield from self.compare(named[name], value[name], f"{where}.{name}")
        if isinstance(value, list) and "items" in schema:
            for item in value:
                yield from self.compare(schema["items"], item, f"{where}[]")


def is_a(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, TYPES.get(kind, (object,))) or (
        kind == "integer" and isinstance(value, float) and value.is_integer()
    )


def kind_of(value: Any) -> str:
    """The JSON type of a value."""
    return next(
        (
            name
            for name in ("boolean", "null", "integer", "number", "string", "array", "object")
            if is_a(value, name)
        ),
        "?",
    )


def from_record(heard: Heard, value: Any) -> Iterator[str]:
    """Fields that our record does not know, and ones of its own that are not there.

    What it cannot read at all the client says.
    """
    if heard.record is not None and isinstance(value, dict) and 200 <= heard.status < 300:
        yield from fields(heard.record, value.get("data"), "$.data")


def fields(kind: Any, value: Any, where: str) -> Iterator[str]:
    inner = [part for part in get_args(kind) if part is not type(None) and part is not Ellipsis]
    if isinstance(value, list):
        for item in value:
            yield from fields(inner[0] if len(inner) == 1 else None, item, f"{where}[]")
        return
    if len(inner) == 1:
        kind = inner[0]
    if not (
        isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, msgspec.Struct)
    ):
        return
    known = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
    yield from (
        f"{where}.{name}: not in our record"
        for name in sorted(value.keys() - known.keys() - PASSED_OVER)
    )
    for name, part in known.items():
        if name not in value:
            if kind not in SHARED:
                yield f"{where}.{name}: missing"
        elif part is not Decimal:
            yield from fields(part, value[name], f"{where}.{name}")
