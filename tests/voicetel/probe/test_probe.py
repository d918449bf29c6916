"""`manage.py probe`, against the sandbox in this process: what it asks, what it never asks, and
that it misses nothing.
"""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.sandbox.models import Port, Ticket
from apps.voicetel.client import BY_ID, Retry
from tests.sandbox import schema

HARBOR, QUIET = "1000000001", "1000000003"
LOOKS = {row.id for row in BY_ID.values() if row.method == "GET" and row.retry is Retry.SAFE}
LIMITED = {row.id for row in BY_ID.values() if row.pool}


@pytest.fixture
def probe(sandbox: Any, monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> Any:
    """probe(*arguments, account=...): (exit code, lines)"""
    monkeypatch.delenv("VOICETEL_OPENAPI", raising=False)

    def run(*words: str, account: str = HARBOR) -> tuple[int, list[str]]:
        monkeypatch.setenv("VOICETEL_PROBE_KEY", sandbox.key(account))
        said, code = StringIO(), 0
        try:
            call_command("probe", *words, stdout=said)
        except SystemExit as end:
            code = int(end.code or 0)
        return code, said.getvalue().splitlines()

    return run


def asked(sandbox: Any) -> set[str]:
    return {seen.operation for seen in sandbox.requests()}


def test_sandbox_is_as_our_records_believe(probe: Any) -> None:
    code, lines = probe()
    assert lines[-1].endswith("0 differences from our records")
    assert code == 0


@schema.needs_document
@pytest.mark.parametrize("account", [HARBOR, QUIET, "9000000001"])
def test_sandbox_is_as_the_document_says(probe: Any, account: str) -> None:
    code, lines = probe("--limited", "--openapi", schema.PATH, account=account)
    assert lines[-1].endswith("0 differences from the provider's document")
    assert code == 0


def test_only_looks_are_made_and_the_limited_ones_only_when_asked_for(
    probe: Any, sandbox: Any
) -> None:
    probe()
    assert asked(sandbox) == LOOKS - LIMITED
    assert sandbox.charges(HARBOR) == []
    probe("--limited")
    assert asked(sandbox) == LOOKS
    assert sandbox.charges(HARBOR) == []


def test_account_with_nothing_says_what_could_not_be_asked(probe: Any) -> None:
    code, lines = probe(account=QUIET)
    assert code == 0
    (line,) = [line for line in lines if line.startswith("not asked, nothing there")]
    assert "numbersGet" in line
    assert "not asked, they charge: cnamLookup, lrnLookup" in lines


def test_each_kind_of_difference_is_a_line_and_the_exit_is_1(
    probe: Any, sandbox: Any, tmp_path: Path
) -> None:
    row = {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "gateway": {"$ref": "#/components/schemas/text"},
            "later": {},
        },
    }
    data = {"type": "object", "properties": {"gateways": {"type": "array", "items": row}}}
    answer = {
        "content": {
            "application/json": {
                "schema": {"properties": {"status": {"enum": ["fine"]}, "data": data}}
            }
        }
    }
    document = {
        "paths": {
            "/v2.2/gateways": {"get": {"operationId": "gatewaysList", "responses": {"200": answer}}}
        },
        "components": {"schemas": {"text": {"type": "string"}}},
    }
    path = tmp_path / "document.json"
    path.write_text(json.dumps(document))
    code, lines = probe("--openapi", str(path))
    assert code == 1
    assert [line for line in lines if line.startswith("gatewaysList")] == [
        "gatewaysList 200 $.data.gateways[].limit: not in the document",
        "gatewaysList 200 $.data.gateways[].prefix: not in the document",
        "gatewaysList 200 $.data.gateways[].system: not in the document",
        "gatewaysList 200 $.data.gateways[].later: missing",
        "gatewaysList 200 $.data.gateways[].id: integer, where the document has string",
        "gatewaysList 200 $.status: a value that the document does not list",
    ]
    assert "aclList 200 $: the operation is not in the document" in lines


@pytest.mark.parametrize(
    ("kind", "options", "said"),
    [
        (
            "html",
            {"status": 200},
            "gatewaysList 200: the body is no JSON (text/html; charset=utf-8)",
        ),
        ("garbage", {"flavor": "types"}, "gatewaysList: VoiceTel's answer could not be read"),
        ("drop_before", {}, "gatewaysList: The connection to VoiceTel broke"),
        ("bomb", {}, "gatewaysList: VoiceTel's answer could not be read"),
        ("rate_limit", {}, "gatewaysList 429: Rate limit exceeded."),
    ],
)
def test_what_comes_broken_is_a_line_and_the_rest_goes_on(
    probe: Any, sandbox: Any, kind: str, options: Any, said: str
) -> None:
    sandbox.fault("gatewaysList", kind, times=None, **options)
    code, lines = probe()
    assert code == 1
    assert any(line.startswith(said) for line in lines), lines
    assert "ticketsGet" in asked(sandbox)


def test_field_that_no_record_of_ours_knows_is_said_once_for_a_whole_list(
    probe: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.sandbox.handlers import HANDLERS

    list_ports = HANDLERS["portList"]
    monkeypatch.setitem(
        HANDLERS,
        "portList",
        lambda a: {"ports": [{**row, "later": 1} for row in list_ports(a)["ports"] * 3]},
    )
    _, lines = probe()
    assert [line for line in lines if "later" in line] == [
        "portList 200 $.data.ports[].later: not in our record"
    ]


def test_field_that_our_record_has_and_the_answer_lacks_is_missing(
    probe: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.sandbox.handlers import HANDLERS

    show = HANDLERS["authGet"]
    monkeypatch.setitem(
        HANDLERS,
        "authGet",
        lambda a: {k: v for k, v in show(a).items() if k != "authTypeDescription"},
    )
    code, lines = probe()
    assert "authGet 200 $.data.authTypeDescription: missing" in lines
    assert code == 1


def test_password_is_exchanged_only_with_limited(
    probe: Any, sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICETEL_PROBE_PASSWORD", sandbox.password)
    with pytest.raises(CommandError, match="--limited"):
        probe("--username", HARBOR)
    assert asked(sandbox) == set()
    code, _ = probe("--username", HARBOR, "--limited")
    assert code == 0
    assert sandbox.count("accountApiKey") == 1


def test_wrong_password_and_no_document_are_one_sentence(
    probe: Any, sandbox: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VOICETEL_PROBE_PASSWORD", "wrong1234")
    with pytest.raises(CommandError, match="exchange of the password failed"):
        probe("--username", HARBOR, "--limited")
    with pytest.raises(CommandError, match="cannot be read"):
        probe("--openapi", str(tmp_path / "none.json"))


def test_key_that_is_refused_is_told_for_each_call(
    probe: Any, sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "key", lambda account: "0" * 32)
    code, lines = probe()
    assert code == 1
    assert "gatewaysList 401: Invalid or missing API key" in lines
    assert Port.objects.exists()
    assert Ticket.objects.exists()
