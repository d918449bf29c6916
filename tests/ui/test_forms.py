import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string

from apps.accounts.arriving.forms import JoinForm
from apps.numbers.forms.calls import LabelForm
from apps.staff.forms import SignOutForm
from apps.team.forms import PasskeyForm, ProfileForm
from apps.ui.forms import AddressField, NameField, PhoneField, PlainForm, TypedWordField, dress
from apps.ui.templatetags.ui import field


class NameForm(PlainForm):
    name = NameField(most=80)


class Forward(PlainForm):
    to = PhoneField(label="Forward to", help_text="Ten digits.")
    how = forms.ChoiceField(choices=[("now", "Now")], required=False)
    mail = AddressField(required=False)


def test_a_number_is_read_in_any_form_and_a_refusal_is_the_readers():
    assert PhoneField().clean("\u202a+1\u00a0201\u2011555\u20111234\u202c") == "2015551234"
    with pytest.raises(ValidationError, match="That's 12 digits"):
        PhoneField().clean("201555123456")


def test_a_field_says_in_its_own_words_why_an_extension_is_refused():
    own = PhoneField(error_messages={"extension": "We can't forward to an extension."})
    with pytest.raises(ValidationError, match="can't forward to an extension"):
        own.clean("201-555-1234 x5")


@pytest.mark.parametrize("most", [40, 80, 200])
def test_a_name_is_never_cut(most):
    field = NameField(most=most)
    assert field.clean("x" * most) == "x" * most
    with pytest.raises(
        ValidationError, match=rf"Use {most} characters or fewer. This has {most + 1}"
    ):
        field.clean("x" * (most + 1))
    assert "maxlength" not in str(NameForm()["name"]), "a browser would cut what is pasted"


def named_fields() -> list[tuple[type[forms.Form], str]]:
    """Every field of ours in which people name something or give a reason in a line."""
    return [
        (LabelForm, "label"),
        (ProfileForm, "name"),
        (PasskeyForm, "name"),
        (JoinForm, "name"),
        (SignOutForm, "reason"),
    ]


@pytest.mark.parametrize(("form", "field"), named_fields())
def test_every_name_is_read_by_the_one_function(form, field):
    assert isinstance(form.base_fields[field], NameField)


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


class Proof(PlainForm):
    number = forms.CharField()
    secret = forms.CharField(strip=False, widget=forms.PasswordInput)


SECRET = "correct horse <battery>"


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        ({"number": "", "secret": SECRET}, True),  # another field is wrong
        ({"number": "1", "secret": SECRET}, False),  # nothing is wrong
        ({"number": "1", "secret": ""}, False),  # the secret itself is
    ],
)
def test_a_secret_survives_the_error_of_another_field_alone(data, kept):
    assert ("&lt;battery&gt;" in dress(Proof(data)["secret"])) is kept


def test_a_secret_that_was_refused_with_the_whole_form_is_typed_again():
    form = Proof({"number": "", "secret": SECRET})
    form.add_error(None, "That email or password isn't right.")
    assert 'type="password"' in dress(form["secret"])
    assert "battery" not in dress(form["secret"])


@pytest.mark.parametrize(("name", "shown"), [("secret", 1), ("number", 0)])
def test_every_password_can_be_shown(name, shown):
    drawn = render_to_string("ui/_field.html", field(Proof()[name]))
    assert drawn.count("data-show") == shown
