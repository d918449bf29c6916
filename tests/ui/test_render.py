import pytest
from django.test import override_settings

from apps.ui import render

PART, PAGE = "part.html", "page.html"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.locmem.Loader",
                    {
                        PART: "<p id='part'>{{ word }}</p>",
                        PAGE: "<main>{% include 'part.html' %}</main>",
                    },
                )
            ]
        },
    }
]
EVIL = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _templates():
    with override_settings(TEMPLATES=TEMPLATES):
        yield


def test_htmx_gets_the_part_and_a_browser_the_page_that_includes_it(ask):
    part = render.render_part(ask(htmx="part"), PART, {"word": "so"}, page=PAGE).content
    page = render.render_part(ask(), PART, {"word": "so"}, page=PAGE).content
    assert part == b"<p id='part'>so</p>"
    assert page == b"<main>" + part + b"</main>"


def test_a_page_from_history_and_a_boosted_link_are_whole_pages(ask):
    for header in ("HX-History-Restore-Request", "HX-Boosted"):
        answer = render.render_part(ask(htmx="part", **{header: "true"}), PART, {}, page=PAGE)
        assert answer.content.startswith(b"<main>")


@pytest.mark.parametrize("htmx", ["", "part"])
def test_a_part_and_a_page_are_told_apart_and_never_stored(ask, htmx):
    answers = [
        render.render_page(ask(htmx=htmx), PAGE, {}),
        render.render_part(ask(htmx=htmx), PART, {}, page=PAGE),
        render.answer_part(ask(method="post", htmx=htmx), PART, {}, back="/numbers/"),
    ]
    for answer in answers:
        assert answer["Cache-Control"] == "no-store"
        assert {"HX-Request", "HX-Target", "Cookie"} <= {
            name.strip() for name in answer["Vary"].split(",")
        }


def test_a_change_ends_with_the_part_for_htmx_and_a_redirect_for_a_browser(ask):
    assert (
        render.answer_part(
            ask(method="post", htmx="part"), PART, {"word": "done"}, back="/numbers/"
        ).content
        == b"<p id='part'>done</p>"
    )
    plain = render.answer_part(ask(method="post"), PART, {}, back="/numbers/")
    assert (plain.status_code, plain["Location"]) == (303, "/numbers/")


def test_the_status_is_that_of_the_part(ask):
    assert render.render_part(ask(htmx="part"), PART, {}, page=PAGE, status=422).status_code == 422
    assert (
        render.answer_part(
            ask(method="post", htmx="part"), PART, {}, back="/", status=286
        ).status_code
        == 286
    )


def test_what_a_part_shows_is_escaped(ask):
    shown = render.render_part(ask(htmx="part"), PART, {"word": EVIL}, page=PAGE).content
    assert EVIL.encode() not in shown
    assert b"&lt;" in shown
