"""Names that people give, and how searches compare them."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.text import folded, name, plain, shortened

WOMAN_AT_WORK, SURGEON = "👩\u200d💻", "👩🏽\u200d⚕\ufe0f"
WALES = "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"


@pytest.mark.parametrize(
    "typed",
    [
        f"{WOMAN_AT_WORK} IT desk",
        f"Dr. Okafor {SURGEON}",
        "❤\ufe0f\u200d🔥 hotline",
        WALES,
        "می\u200cخواهم",  # Persian: I want
        "क्\u200dष",  # Hindi: a half letter
        "ക്\u200d",  # Malayalam: a joiner ends a word
        "র\u200d্য",  # Bengali: a joiner before the sign
        "葛\U000e0100飾",  # Japanese: one of two hands of a letter
        "\U0001fae9 Night line",  # newer than the Unicode of some Pythons
        "O'Brien & Söhne (Zürich)",
    ],
)
def test_a_name_keeps_what_its_writing_needs(typed):
    assert name(typed) == typed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Front\tdesk\r\n", "Front desk"),
        ("Front\u00a0desk\u3000 2", "Front desk 2"),
        ("pay\u200bpal", "paypal"),
        ("pay\u200cpal", "paypal"),
        ("pay\u200dpal", "paypal"),
        ("\u202egnp.exe\u202c", "gnp.exe"),
        ("\u2066Lab\u2069 \u200eA\u200f", "Lab A"),
        ("hy\u00adphen", "hyphen"),
        ("\ufeffRoom 7\x00", "Room 7"),
        ("Zoe\u0308", "Zoë"),
        ("Zoe\u200b\u0308", "Zoë"),
        ("\u3164\u2800", ""),
        ("\u200d\ufe0f", ""),
        ("x\u200d", "x"),
        ("half\ud83d", "half"),
        ("a\U000e0067", "a"),
    ],
)
def test_a_name_loses_what_nobody_sees(typed, kept):
    assert name(typed) == kept


@given(st.text(max_size=60))
def test_a_name_is_one_composed_line_and_stays_as_it_is(typed):
    kept = name(typed)
    assert name(kept) == kept
    assert unicodedata.is_normalized("NFC", kept)
    assert kept == kept.strip()
    kept.encode()
    assert not {"Cc", "Cs", "Zl", "Zp"} & {unicodedata.category(each) for each in kept}


def test_a_name_from_elsewhere_shows_that_it_was_cut():
    assert shortened("Harbor Dental", 13) == "Harbor Dental"
    assert shortened("Harbor Dental", 8) == "Harbor…"


@pytest.mark.parametrize(
    ("kept", "typed"),
    [
        ("Üna", "un"),
        ("Üna", "ün"),
        ("Üna", "u\u0308N"),
        ("Una", "ün"),
        ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("DIYARBAKIR", "diyarbakır"),
        ("Łódź", "lodz"),
        ("Søren", "soren"),
        ("Ｒｏｏｍ ７", "room 7"),
        ("اتاق ۷", "اتاق 7"),
        ("كتاب", "کتاب"),
        ("شَرِكَة", "شركة"),
        ("می\u200cخواهم", "میخواهم"),
        (f"{WOMAN_AT_WORK} IT", "it"),
        ("O’Brien", "o'brien"),
    ],
)
def test_a_search_finds_a_name_however_it_is_typed(kept, typed):
    assert folded(typed) in folded(kept)


@pytest.mark.parametrize(("kept", "typed"), [("が", "か"), ("के", "कु"), ("ไม้", "ไม่")])
def test_signs_that_make_another_word_are_no_accents(kept, typed):
    assert folded(typed) not in folded(kept)
    assert folded(kept) in folded(f"Room {kept} 2")


@settings(max_examples=300)
@given(st.text(max_size=30))
def test_what_is_folded_stays_as_it_is(typed):
    assert folded(folded(typed)) == folded(typed)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("１２３ ４５６", "123 456"),
        ("۱۲۳۴۵۶", "123456"),
        ("\u202a$1,000.50\u202c", "$1,000.50"),
        ("HELP\u20114711\ufe0d", "HELP-4711"),
        ("100\u2212000\u22120001", "100-000-0001"),
    ],
)
def test_an_id_a_code_or_an_amount_is_read_however_it_was_pasted(typed, read):
    assert plain(typed) == read
