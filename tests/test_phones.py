"""The reader of phone numbers: the same at every door."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.phones import LIKE, Unread, digits_of, sought, ten_digits

INVISIBLE = (
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200c\u200d\ufe0d\u00ad\ufeff"
)
SPACES = " \t\u00a0\u2002\u2003\u2007\u2009\u202f\u3000\n"
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d·_./"


@pytest.mark.parametrize(
    "typed",
    [
        "2015551234",
        "(201) 555-1234",
        "[201] 555-1234",
        "+1 201 555 1234",
        "+1 (201) 555-1234",
        "1-201-555-1234",
        "tel:+1-201-555-1234",
        "TEL:2015551234",
        "２０１５５５１２３４",
        "（２０１）５５５－１２３４",
        "٢٠١٥٥٥١٢٣٤",
        "۲۰۱ ۵۵۵ ۱۲۳۴",
        *(f"{each}201{each}555{each}1234{each}" for each in INVISIBLE + SPACES),
        *(f"201{each}555{each}1234" for each in DASHES),
    ],
)
def test_a_number_is_read_in_any_form(typed):
    assert ten_digits(typed) == "2015551234"
    assert sought(typed) == ("2015551234", "")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("201555123456", "That's 12 digits."),
        ("201555123", "That's 9 digits."),
        ("7", "That's 1 digit."),
        ("---", "That has no digits."),
        ("201-555-1234 x12", "We can't use an extension here."),
        ("201-555-1234 ext. 12", "We can't use an extension here."),
        ("201-555-1234 extension 12", "We can't use an extension here."),
        ("201-555-1234 #12", "We can't use an extension here."),
        ("201-555-1234,,12", "We can't use an extension here."),
        ("tel:+1-201-555-1234;ext=12", "We can't use an extension here."),
        ("1-800-FLOWERS", "Use digits instead of letters."),
        ("<b>917</b>", "Use digits instead of letters."),
        ("201=555=1234", "“=” can't be part of a phone number."),
        ("+44 20 7183 8750", "Numbers outside of +1 can't be used here."),
        ("011 44 20 7183 8750", "Numbers outside of +1 can't be used here."),
        ("101 555 1234", "(101) isn't an area code"),
        ("201 055 1234", "No number has 055 after its area code"),
        *((f"{first}11", f"{first}11 is a service number.") for first in range(2, 10)),
        *(
            (f"({first}11) 555-1234", f"{first}11 is a service number, not an area code.")
            for first in range(2, 10)
        ),
    ],
)
def test_a_refusal_names_what_is_wrong(typed, sentence):
    with pytest.raises(Unread) as wrong:
        ten_digits(typed)
    assert str(wrong.value).startswith(sentence)


@pytest.mark.parametrize("number", ["8004111234", "8882111234", "8339111234"])
def test_a_service_number_is_an_exchange_under_a_toll_free_code(number):
    assert ten_digits(number) == number


def test_a_refusal_shows_what_would_be_right():
    with pytest.raises(Unread) as wrong:
        ten_digits("12")
    assert str(wrong.value).endswith(LIKE)


@given(st.text(max_size=50))
def test_whatever_is_typed_becomes_ten_digits_or_nothing_or_a_sentence(typed):
    try:
        found = ten_digits(typed)
    except Unread:
        return
    assert found == "" or (len(found) == 10 and found.isascii() and found.isdigit())


@pytest.mark.parametrize(
    ("typed", "anywhere", "at_start"),
    [
        ("555-12", "55512", ""),
        ("1-201-555", "1201555", "201555"),
        ("1201555", "1201555", "201555"),
        ("+1 201", "201", ""),
        ("https://portal.example.com/numbers/2015551234/?entry=5", "2015551234", ""),
        ("Dr 12", "", ""),
        ("( )", "", ""),
        ("", "", ""),
    ],
)
def test_a_part_of_a_number_is_sought_with_and_without_its_one(typed, anywhere, at_start):
    assert sought(typed) == (anywhere, at_start)


def test_text_with_other_letters_has_no_digits():
    assert digits_of("Room 201") == ""
