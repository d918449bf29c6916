import pytest
from django.template import loader

from apps.ui import errors

EVIL = '"><script>alert(1)</script>'


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (errors.bad_request, 400),
        (errors.forbidden, 403),
        (errors.not_found, 404),
        (errors.not_allowed, 405),
        (errors.server_error, 500),
        (errors.unavailable, 503),
    ],
)
def test_an_error_is_a_page_and_a_fragment_of_its_status(ask, view, status):
    page, part = view(ask()), view(ask(htmx="panel"))
    assert (page.status_code, part.status_code) == (status, status)
    assert b"<html" in page.content
    assert b"<html" not in part.content
    assert b'role="alert"' in part.content
    assert page["Cache-Control"] == part["Cache-Control"] == "no-store"
    assert "HX-Request" in page["Vary"]


def test_an_error_takes_the_place_of_the_part_that_was_asked_for(ask):
    assert b'id="numbers-table"' in errors.not_found(ask(htmx="numbers-table")).content


def test_a_page_has_one_heading_and_a_fragment_none(ask):
    assert errors.not_found(ask()).content.count(b"<h1") == 1
    assert errors.server_error(ask()).content.count(b"<h1") == 1
    assert b"<h1" not in errors.not_found(ask(htmx="panel")).content


@pytest.mark.parametrize("view", [errors.server_error, errors.unavailable, errors.bad_request])
def test_a_failure_needs_neither_a_session_nor_a_database(rf, view):
    # no user, no account, no htmx: the middleware may be what failed
    answer = view(rf.get("/numbers/"))
    assert b"app.css" in answer.content


def test_no_database_is_asked_for_an_error_page(ask, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        errors.not_found(ask())
        errors.server_error(ask())


@pytest.mark.parametrize("status", errors.SAYINGS)
def test_an_error_says_what_happened_and_never_a_code(status):
    said = errors.SAYINGS[status]
    words = f"{said.title} {said.text}"
    assert str(status) not in words
    assert not any(word in words.lower() for word in ("oops", "error", "invalid", "successfully"))


def test_a_refusal_quotes_the_provider_and_trusts_it_with_nothing(ask):
    for htmx in ("", "panel"):
        answer = errors.render_sentence(
            ask(htmx=htmx), "VoiceTel refused this.", status=502, quote=EVIL
        )
        assert answer.status_code == 502
        assert b"<script>alert" not in answer.content
        assert b"&quot;&gt;&lt;script&gt;" in answer.content


def test_a_target_that_a_browser_names_is_escaped(ask):
    shown = errors.not_found(ask(htmx=EVIL)).content
    assert b"<script>alert" not in shown
    assert b"&lt;script&gt;alert" in shown


def test_a_reading_that_failed_can_be_tried_again_but_a_change_cannot(ask):
    assert b"Try again" in errors.render_sentence(ask("/numbers/?q=a"), "Away.", status=503).content
    assert (
        b"Try again"
        not in errors.render_sentence(ask("/numbers/", method="post"), "Away.", status=503).content
    )


def test_a_way_back_is_offered(ask):
    assert (
        b'href="/numbers/2015551234/"'
        in errors.render_sentence(ask(), "No.", status=409, back="/numbers/2015551234/").content
    )


def test_the_bare_page_takes_no_part_of_the_frame():
    source = loader.get_template("bare.html").template.source
    assert "extends" not in source
    assert "<!doctype html>" in source.lower()
