"""Plain American English where a person reads: no page, email, form sentence or paper says a banned
word.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BANNED = (
    *("whom", "somebody", "works no more", "by itself", "look again", "e-mail", "second step"),
    *("leave it", "in all", "abroad", "need not", "anew", "is so", "stands in"),
)
BAD = re.compile("|".join(rf"\b{word}\b" for word in BANNED), re.IGNORECASE)
COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->|\{%.*?%\}", re.DOTALL)
# What still holds one. It only gets shorter.
LEFT = frozenset(
    [
        "README.md",
        "docs/adding-a-domain.md",
        "docs/architecture.md",
        "docs/decisions/0002-the-hour-lives-in-the-database.md",
        "docs/decisions/0006-the-line.md",
        "docs/decisions/0007-who-owns-an-account.md",
        "docs/decisions/0008-one-supervisor-for-the-demo.md",
        "docs/decisions/0009-passkeys.md",
        "docs/decisions/0012-lists.md",
        "docs/decisions/0014-what-an-answer-means.md",
        "docs/decisions/0017-places-and-turns.md",
        "docs/glossary.md",
        "docs/operations.md",
        "docs/provider.md",
        "docs/security.md",
        "templates/staff/account.html",
        "templates/staff/budget.html",
        "templates/staff/person.html",
        "templates/staff/staff.html",
        "apps/accounts/arriving/letters.py",
        "apps/accounts/management/commands/addresses.py",
        "apps/accounts/management/commands/demo_code.py",
        "apps/accounts/management/commands/forget_factor.py",
        "apps/accounts/management/commands/rotate_keys.py",
        "apps/accounts/signing_in/passkeys.py",
        "apps/accounts/signing_in/second.py",
        "apps/accounts/words/actions.py",
        "apps/accounts/words/notices.py",
        "apps/audit/models.py",
        "apps/changes/services.py",
        "apps/notifications/kinds.py",
        "apps/notifications/selectors.py",
        "apps/notifications/sweeps.py",
        "apps/numbers/forms/calls.py",
        "apps/sandbox/handlers/account.py",
        "apps/sandbox/handlers/books.py",
        "apps/sandbox/rules.py",
        "apps/staff/selectors/account.py",
        "apps/staff/selectors/accounts.py",
        "apps/staff/selectors/budget.py",
        "apps/staff/services.py",
        "apps/staff/views.py",
        "apps/staff/words.py",
        "apps/voicetel/client/checks.py",
    ]
)


def papers() -> Iterator[Path]:
    yield ROOT / "README.md"
    yield from sorted((ROOT / "docs").rglob("*.md"))
    for kind in ("*.html", "*.txt"):
        yield from sorted((ROOT / "templates").rglob(kind))
    yield from sorted((ROOT / "apps").rglob("*.py"))


def sentences(path: Path) -> str:
    """What a person may read of a file: of a template all but its comments and tags, of a module
    its texts but no docstring.
    """
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return " ".join(COMMENT.sub(" ", text).split())
    tree = ast.parse(text)
    notes = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    found = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes
    )
    return "\n".join(found)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [each for each in papers() if name(each) not in LEFT], ids=name)
def test_no_banned_word_is_read_by_a_person(path: Path) -> None:
    said = sentences(path)
    assert BAD.findall(f"{said} somebody") == ["somebody"], "that of this test alone"


@pytest.mark.parametrize("word", BANNED)
def test_control_each_word_is_found(word: str) -> None:
    assert BAD.search(f"Here {word.upper()} is.")
    assert not BAD.search(f"x{word}x")
