"""The first visit is HTML, one stylesheet, htmx and one script: 45 KB over the wire.

Each part has its share.
"""

import subprocess
import sys
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string

ROOT = Path(settings.BASE_DIR)


@pytest.fixture(scope="module", autouse=True)
def _built():
    subprocess.run([sys.executable, ROOT / "bin/static"], check=True, timeout=60)


def weight(path: str) -> int:
    found = finders.find(path)
    assert found, f"no static file {path}"
    return len(brotli.compress(Path(found).read_bytes()))


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("build/app.css", 13_500),
        ("django_htmx/htmx-2.min.js", 16_500),
        ("js/app.js", 3_600),
        ("js/passkey.js", 1_500),
        ("icon.svg", 500),
    ],
)
def test_a_part_of_the_first_visit_keeps_to_its_share(path, most):
    assert weight(path) <= most


def test_the_frame_of_a_page_is_light(ask):
    assert len(brotli.compress(render_to_string("base.html", {}, ask()).encode())) <= 4_000


def test_a_page_loads_one_stylesheet_and_two_scripts(ask, settings):
    settings.DEBUG = False
    page = render_to_string("base.html", {}, ask())
    assert page.count('rel="stylesheet"') == 1
    assert page.count("<script") == 2


@pytest.mark.parametrize("name", ["app.js", "passkey.js"])
def test_a_script_builds_no_html_and_evaluates_nothing(name):
    source = (ROOT / "static/js" / name).read_text()
    assert not [
        word
        for word in (
            "innerHTML",
            "outerHTML",
            "insertAdjacent",
            "eval(",
            "Function(",
            "document.write",
            "localStorage",
        )
        if word in source
    ]


def test_the_stylesheet_holds_every_token_of_the_design_in_both_themes():
    tokens = (ROOT / "static/css/tokens.css").read_text()
    tones = [
        f"--{tone}{part}"
        for tone in ("accent", "good", "warn", "bad", "info")
        for part in ("", "-soft", "-text")
    ]
    for name in (
        "--bg",
        "--surface",
        "--raised",
        "--text",
        "--muted",
        "--faint",
        "--line",
        "--line-strong",
        "--focus",
        *tones,
    ):
        screen = tokens[: tokens.index("@media print")]
        # light; dark as the system says; dark as remembered
        assert screen.count(f"  {name}: ") == 3, name
