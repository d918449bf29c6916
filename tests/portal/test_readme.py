"""The README against the code: its sign-ins are those of the demo, its commands exist."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from portal.demo import __main__ as demo
from portal.demo.place import find

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()


def test_the_readme_lists_every_sign_in_that_the_demo_prints():
    listed = re.findall(r"^\| `(\S+)` \| (.+) \|$", README, re.MULTILINE)
    assert tuple(row for row in listed if row[0] in dict(demo.SIGN_INS)) == demo.SIGN_INS
    assert f"password is `{demo.PASSWORD}`" in README


def test_every_make_target_in_the_readme_exists():
    made = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE))
    assert {"demo", "test", "test-services", "test-browser", "check", "bench"} <= named <= made


def test_every_management_command_in_the_readme_exists():
    named = set(re.findall(r"manage\.py ([a-z_]+)", README))
    assert {"demo_code", "clock", "sandbox"} <= named <= set(get_commands())


def test_every_page_that_the_readme_links_to_exists():
    linked = set(re.findall(r"\]\(([^)#:]+)\)", README))
    assert len(linked) >= 8
    assert [link for link in linked if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("moved", [False, True])
def test_the_demo_prints_commands_that_find_its_data(moved, tmp_path, monkeypatch):
    monkeypatch.delenv("DATA_DIR", raising=False)
    if moved:
        monkeypatch.setenv("DATA_DIR", str(tmp_path / "a folder"))
    printed = demo.welcome(find(), 1.0)
    start = f"DATA_DIR='{tmp_path}/a folder' " if moved else "    "
    assert f"{start}.venv/bin/python manage.py demo_code" in printed
    assert f"{start}.venv/bin/python manage.py clock --advance 3600" in printed
