"""A registry of words refuses a name twice, and every name that the code uses has words."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.audit.services import ACTIONS
from apps.notifications.kinds import KINDS
from apps.registry import Registry
from apps.voicetel.client.operations import ROWS
from apps.voicetel.hour.rules import ACCOUNT
from apps.voicetel.hour.words import OPERATIONS

APPS = Path(__file__).parents[1] / "apps"


def test_a_name_added_twice_is_refused_and_nothing_is_replaced() -> None:
    words = Registry[str]("action")
    words.add({"signed_in": "signed in"})
    with pytest.raises(RuntimeError, match="two actions named signed_in"):
        words.add({"signed_in": "came in", "signed_out": "went"})
    assert words == {"signed_in": "signed in"}


def calls(name: str) -> Iterator[ast.Call]:
    for path in sorted(APPS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
                yield node


def literals(node: ast.AST) -> set[str]:
    return {
        each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }


def test_every_action_that_is_recorded_by_name_has_words() -> None:
    recorded = [call.args[2] for call in calls("record") if len(call.args) > 2]
    named = set().union(*map(literals, recorded))
    assert len(named) > 30
    assert named <= ACTIONS.keys()


EARLIER = {"profile_changed"}  # earlier releases wrote it, and its events are still shown


def test_all_words_of_actions_and_notices_are_used_somewhere() -> None:
    written = [path for path in APPS.rglob("*.py") if "words" not in {path.stem, path.parent.name}]
    used = set().union(*(literals(ast.parse(path.read_text())) for path in written))
    assert ACTIONS.keys() - EARLIER <= used
    assert KINDS.keys() <= used


def test_every_operation_of_the_hour_has_words() -> None:
    hourly = {row.id for row in ROWS if row.pool == ACCOUNT.name}
    assert hourly
    assert OPERATIONS.keys() >= hourly
