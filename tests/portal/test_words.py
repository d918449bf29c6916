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


@pytest.mark.parametrize("path", papers(), ids=name)
def test_no_banned_word_is_read_by_a_person(path: Path) -> None:
    said = sentences(path)
    assert BAD.findall(f"{said} somebody") == ["somebody"], "that of this test alone"


@pytest.mark.parametrize("word", BANNED)
def test_control_each_word_is_found(word: str) -> None:
    assert BAD.search(f"Here {word.upper()} is.")
    assert not BAD.search(f"x{word}x")
