import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from apps.ui.forms import AddressField, PhoneField, PlainForm, TypedWordField, dress, ten_digits
from apps.ui.templatetags.ui import field


class Forward(PlainForm):
    to = PhoneField(label="Forward to", help_text="Ten digits.")
    how = forms.ChoiceField(choices=[("now", "Now")], required=False)
    mail = AddressField(required=False)


@pytest.mark.parametrize(
    "typed",
    [
        "2015551234",
        "(201) 555-1234",
        "201.555.1234",
        "+1 201 555 1234",
        "1-201-555-1234",
        " 201/555 1234 ",
        "201–555–1234",
    ],
)
def test_a_number_is_read_in_any_form(typed):
    assert ten_digits(typed) == "2015551234"


@pytest.mark.parametrize(
    "typed",
    [
        "911",
        "2015551234x5",
        "12015551234567",
        "+44 20 7183 8750",
        "1015551234",
        "2010551234",
        "٢٠١٥٥٥١٢٣٤",
        "201555123",
    ],
)
def test_what_is_no_number_of_ours_is_refused(typed):
    with pytest.raises(ValidationError):
        ten_digits(typed)


@given(st.text(max_size=50))
def test_whatever_is_typed_becomes_ten_digits_or_nothing_or_a_sentence(typed):
    try:
        found = ten_digits(typed)
    except ValidationError:
        return
    assert found == "" or (len(found) == 10 and found.isascii() and found.isdigit())


def test_an_optional_number_may_be_empty():
    assert PhoneField(required=False).clean("  ") == ""


def test_mistakes_are_told_in_our_sentences():
    form = Forward({"how": "x", "mail": "y"})
    assert form.errors == {
        "to": ["This is needed."],
        "how": ["Choose one of the list."],
        "mail": ["Enter an email address like name@example.com."],
    }


def test_a_typed_word_must_be_the_word():
    danger = TypedWordField("(201) 555-1234")
    assert danger.clean("2015551234")
    for typed in ("2015551235", "201", "yes", "201555123x"):
        with pytest.raises(ValidationError):
            danger.clean(typed)


def test_a_typed_name_may_differ_in_case_only():
    assert TypedWordField("Harbor").clean(" harbor ")
    with pytest.raises(ValidationError):
        TypedWordField("Harbor").clean("Harbour")


def test_a_wrong_field_names_its_hint_and_its_error_to_screen_readers():
    form = Forward({"to": "911"})
    shown = dress(form["to"], described="price")
    assert 'aria-describedby="id_to_hint id_to_error price"' in shown
    assert 'aria-invalid="true"' in shown


def test_a_field_without_mistakes_is_not_marked_wrong():
    assert "aria-invalid" not in dress(Forward()["to"])
    assert "<input" in dress(Forward()["to"])


def test_a_required_field_is_not_called_optional():
    form = Forward()
    assert not field(form["to"])["optional"]
    assert field(form["how"])["optional"]
