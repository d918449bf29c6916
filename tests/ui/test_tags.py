from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template, TemplateSyntaxError

from apps.ui.templatetags import ui

AT = datetime(2026, 11, 23, 19, 2, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_clock(settings, time_machine):
    settings.UI_CLOCK = ""
    time_machine.move_to(AT + timedelta(minutes=2), tick=False)


def shown(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def test_a_badge_is_a_dot_and_a_word_in_a_tone():
    assert (
        shown("{% badge word 'good' %}", word="Live")
        == '<span class="badge badge-good">Live</span>'
    )


def test_a_badge_escapes_its_word():
    badge = shown("{% badge word %}", word="<script>alert(1)</script>")
    assert "<script>" not in badge
    assert "&lt;script&gt;" in badge


def test_a_badge_is_made_once():
    assert ui.badge("Made once", "warn") is ui.badge("Made once", "warn")


def test_an_unknown_tone_is_an_error_of_ours():
    with pytest.raises(TemplateSyntaxError):
        ui.badge("Live", "purple")


def test_an_age_shows_the_exact_moment_in_the_accounts_zone():
    chip = shown("{% age at %}", at=AT, zone="America/New_York")
    assert ">2 min ago<" in chip
    assert 'title="Read Nov 23, 2026, 2:02:05 PM EST"' in chip
    assert '<span class="sr-only"> (Read Nov 23, 2026, 2:02:05 PM EST)</span>' in chip
    assert "chip-old" not in chip


def test_an_old_figure_is_amber_with_its_reason_and_the_next_look():
    chip = shown(
        "{% age at why soon %}",
        at=AT,
        why="VoiceTel is <away>",
        soon=AT + timedelta(minutes=20),
        zone="UTC",
    )
    assert "chip-old" in chip
    assert "VoiceTel is &lt;away&gt;" in chip
    assert "next look about 7:22 PM" in chip


def test_what_was_never_read_says_so():
    assert shown("{% age at %}", at=None) == '<span class="chip">not read yet</span>'


def test_an_icon_is_decoration_unless_it_has_a_label():
    assert 'aria-hidden="true"' in shown("{% icon 'home' %}")
    labelled = shown("{% icon 'home' 16 label %}", label='Home "<b>')
    assert 'role="img"' in labelled
    assert "<b>" not in labelled


def test_a_number_is_shown_and_copied_as_digits():
    copy = shown("{% copyable number %}", number="2015551234")
    assert "(201) 555-1234" in copy
    assert 'data-copy="2015551234"' in copy


def test_provider_text_is_escaped_by_every_tag():
    evil = '"><img src=x onerror=alert(1)>'
    page = shown(
        "{% badge evil %}{% copyable evil %}{% age at evil %}{{ evil|phone }}{{ evil|initials }}{%"
        " swaps evil evil %}",
        evil=evil,
        at=AT,
    )
    assert "<img" not in page
    assert '"">' not in page
    assert "&lt;img" in page


@pytest.mark.parametrize(
    ("person", "letters"),
    [
        ("Ann Okafor", "AO"),
        ("ann", "AN"),
        ("harbor@demo.test", "HA"),
        ("a.b@x.test", "AB"),
        ("", "?"),
        ("José de la Cruz", "JC"),
    ],
)
def test_a_person_has_two_letters(person, letters):
    assert ui.initials(person) == letters


def test_a_filter_says_whether_two_values_are_one():
    assert shown("{{ theme|is:'dark' }} {{ theme|is:'light' }}", theme="dark") == "true false"


def test_a_moment_carries_itself_for_machines():
    assert (
        shown("{% when at 'UTC' %}", at=AT)
        == '<time datetime="2026-11-23T19:02:05Z" title="Nov 23, 2026, 7:02:05 PM UTC">'
        "7:02 PM</time>"
    )
