"""Staff's selectors and the machine of changes use the operator's key, and nothing else does."""

from pathlib import Path

APPS = Path(__file__).parents[2] / "apps"
MAY = {"changes/engine/sending.py"}


STAFF = ("staff/selectors/", "staff/desk/")


def test_nothing_else_asks_for_the_operators_client() -> None:
    asking = {
        path.relative_to(APPS).as_posix()
        for path in APPS.rglob("*.py")
        if "staff_client(" in path.read_text() and path.name != "access.py"
    }
    assert asking >= MAY
    assert {path for path in asking - MAY if not path.startswith(STAFF)} == set()
