import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR) / "templates"
ALL = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.html"))
INLINE = re.compile(
    r"<style|\sstyle\s*=(?!\s*\"outline\")|\son[a-z]+\s*=|javascript:|hx-on|hx-vals\s*=\s*['\"]js:|<script(?![^>]*\ssrc=)",
    re.IGNORECASE,
)


def without_tags(source: str) -> str:
    """A template without its own tags and comments: what may reach a browser as it stands."""
    return re.sub(r"\{%.*?%\}|\{#.*?#\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)


@pytest.mark.parametrize("name", ALL)
def test_a_template_has_no_inline_script_or_style(name):
    source = without_tags((ROOT / name).read_text())
    # no page: mail programs know no stylesheet of ours, and ask no policy
    if name.startswith("notifications/mail/"):
        source = re.sub(r' style="[^"]*"', "", source)
    assert not INLINE.findall(source)


@pytest.mark.parametrize(
    "bad",
    [
        '<p style="color:red">',
        "<style>",
        '<a onclick="x()">',
        "<script>",
        '<a href="javascript:x">',
        '<p hx-on:click="x">',
    ],
)
def test_the_search_for_inline_script_and_style_finds_it(bad):
    assert INLINE.findall(without_tags(bad))


@pytest.mark.parametrize("name", ALL)
def test_a_template_marks_nothing_safe(name):
    source = (ROOT / name).read_text()
    assert "|safe" not in source
    assert "autoescape off" not in source
    assert source.strip()


@pytest.mark.parametrize("name", ALL)
def test_a_template_loads_nothing_from_another_host(name):
    assert not re.findall(
        r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", without_tags((ROOT / name).read_text())
    )


@pytest.mark.parametrize("name", ALL)
def test_a_template_says_first_what_it_expects(name):
    if name.startswith(("accounts/mail/", "account/email/")):
        return  # letters: their first line is the letter's
    # what a page extends stands above it: a line in front of that would begin every answer
    assert re.match(r"({% extends [^%]+ %}\n)?{# ", (ROOT / name).read_text())


@pytest.mark.parametrize("name", ALL)
def test_a_template_compiles(name):
    assert get_template(name)


@pytest.mark.parametrize("name", ALL)
def test_no_live_region_arrives_with_a_fragment(name):
    """A region that arrives with a swap isn't read: fragments speak into the page's own (say)."""
    lasting = {"document.html", "base.html", "ui/_messages.html"}
    # what a value costs, what a message costs, how many are selected: there before its first words
    lasting |= {"changes/_setting.html", "messaging/_message_fields.html", "numbers/_selected.html"}
    found = re.findall(r'role="status"|aria-live', (ROOT / name).read_text())
    assert not found or name in lasting
