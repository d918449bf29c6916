"""The tests keep their own rules."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
# What fails unless a thing happens: pytest.raises(), Playwright's expect(), counted queries.
SETTLES = {
    "raises",
    "fail",
    "expect",
    "django_assert_num_queries",
    "django_assert_max_num_queries",
}
# These name what they found, and a control beside them shows that they find it.
CONTROLLED = {
    "matrix/test_matrix.py::test_everybody_gets_what_the_row_says_and_nothing_else",
    # the reader of these has a control of its own in their file
    "support/test_clean.py::test_what_acts_or_loads_is_gone",
    "support/test_clean.py::test_two_hundred_of_them_in_each_other_are_as_harmless",
    "support/test_clean.py::test_generated_ones_are_as_harmless",
}


@cache
def trees() -> list[tuple[str, ast.Module]]:
    return [
        (path.relative_to(HERE).as_posix(), ast.parse(path.read_text()))
        for path in sorted(HERE.rglob("*.py"))
    ]


def facts(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node


def is_empty(node: ast.expr) -> bool:
    return isinstance(node, ast.List | ast.Tuple) and not node.elts


def is_absence(claim: ast.expr) -> bool:
    """Whether the claim also holds of an empty page or an empty table."""
    match claim:
        case ast.Compare(ops=[ast.NotIn()]):
            return True
        case ast.Compare(ops=[ast.Eq()], comparators=[nothing]):
            return is_empty(nothing)
        case ast.UnaryOp(op=ast.Not(), operand=ast.Call(func=ast.Attribute(attr="exists"))):
            return True
        case ast.BoolOp(values=parts):
            return all(is_absence(part) for part in parts)
        case ast.Call(func=ast.Name(id="all"), args=[ast.GeneratorExp(elt=each)]):
            return is_absence(each)
    return False


def claims_absence_only(test: ast.FunctionDef) -> bool:
    claims = [node.test for node in ast.walk(test) if isinstance(node, ast.Assert)]
    names = {node.attr for node in ast.walk(test) if isinstance(node, ast.Attribute)}
    names |= {node.id for node in ast.walk(test) if isinstance(node, ast.Name)}
    return bool(claims) and not names & SETTLES and all(is_absence(claim) for claim in claims)


def test_no_test_claims_absence_only() -> None:
    """Such a test passes when the page, the table or the feature is gone."""
    found = {
        f"{path}::{test.name}"
        for path, tree in trees()
        for test in facts(tree)
        if claims_absence_only(test)
    }
    assert found == CONTROLLED


def test_a_test_that_claims_absence_only_is_seen() -> None:
    (bare,) = facts(ast.parse("def test_x():\n    assert 1 not in page\n    assert rows == []"))
    (fine,) = facts(ast.parse("def test_x():\n    assert 1 not in page\n    assert 2 in page"))
    assert claims_absence_only(bare)
    assert not claims_absence_only(fine)


def test_no_test_module_is_imported() -> None:
    """What two modules share lives in a module without tests."""
    found = {
        f"{path}: {node.module}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("tests.")
        and (node.module or "").rpartition(".")[2].startswith("test_")
    }
    assert found == set(), "move what they share"
    assert "test_tests.py" in {path for path, _ in trees()}


# What a test may set: the clocks, what a look of a moment ago said, and the message to a worker.
SEAMS = {
    ("clock", "about_now"),
    ("clock_steps", "_boot"),
    ("line", "_hour"),
    ("broker", "send"),
}
# Of controls that two tests share.
HELPERS = {"changes/test_limits.py::sent_of_twenty"}


def stands_in(call: ast.AST, ours: set[str]) -> bool:
    """Whether it puts an answer of the test's in the place of a function of ours: a lambda that
    does not ask the real one. (A named function holds the real one up, or breaks.)
    """
    match call:
        case ast.Call(
            func=ast.Attribute(attr="setattr"),
            args=[ast.Name(id=module), ast.Constant(value=str(name)), ast.Lambda() as answer],
        ):
            asks = any(
                isinstance(node, ast.Name) and node.id == "real" for node in ast.walk(answer)
            )
            return module in ours and not asks and (module, name) not in SEAMS
        case ast.Call(
            func=ast.Attribute(attr="setattr"), args=[ast.Constant(value=str(path)), ast.Lambda()]
        ):
            return path.startswith(("apps.", "portal."))
    return False


def is_control(function: ast.FunctionDef) -> bool:
    """A control takes a thing of ours away to show that it was needed."""
    said = f"{function.name} {ast.get_docstring(function) or ''}".lower()
    return "control" in said or "without" in said


def stand_ins(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    ours = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("apps", "portal"))
        for alias in node.names
    }
    for function in ast.walk(tree):
        if (
            isinstance(function, ast.FunctionDef)
            and not is_control(function)
            and any(stands_in(node, ours) for node in ast.walk(function))
        ):
            yield function


def test_nothing_of_ours_is_stubbed_outside_a_control() -> None:
    found = {f"{path}::{each.name}" for path, tree in trees() for each in stand_ins(tree)}
    assert found == HELPERS


def test_a_stub_of_ours_is_seen() -> None:
    text = "from apps import a\ndef {}(m):\n    m.setattr(a, 'b', lambda: {})"
    assert list(stand_ins(ast.parse(text.format("test_x", "1"))))
    assert not list(stand_ins(ast.parse(text.format("test_x", "real()"))))
    assert not list(stand_ins(ast.parse(text.format("test_without_b", "1"))))
