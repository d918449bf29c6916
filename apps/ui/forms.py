"""Form fields that speak in clear sentences, and how one is put on a page."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from apps import emails, phones, text

SENTENCES = {  # Django's, and ours in their place
    "This field is required.": "This is needed.",
    "Enter a valid value.": "This is not in a form that we can read.",
    "Enter a whole number.": "Type a whole number.",
    "Select a valid choice. %(value)s is not one of the available choices.": (
        "Choose one of the list."
    ),
    "Select a valid choice. That choice is not one of the available choices.": (
        "Choose one of the list."
    ),
}


class PhoneField(forms.CharField):
    """A US or Canadian number typed in any form; cleans to ten digits, or "" where it is not
    required.

    error_messages["extension"]: why a number with an extension can't be used here.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "tel", "autocomplete": "off", "spellcheck": "false"})

    def to_python(self, value: Any) -> str:
        try:
            return phones.ten_digits(super().to_python(value) or "")
        except phones.Unread as wrong:
            said = self.error_messages.get(wrong.code) or str(wrong)
            raise ValidationError(said, code=wrong.code) from None


class PlainField(forms.CharField):
    """An id, a code, an amount or the address of a machine, which people paste; cleans to
    text.plain().

    pattern: what the whole of it must match; else error_messages["invalid"] is the answer.
    """

    def __init__(self, pattern: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if pattern:
            wrong = self.error_messages.get("invalid")
            self.validators.append(RegexValidator(rf"\A(?:{pattern})\Z", wrong))

    def to_python(self, value: Any) -> str:
        return text.plain(super().to_python(value) or "")


class NameField(forms.CharField):
    """A name that a person gives to something; cleans to text.name(). Nothing of it is ever cut:
    one that is too long is refused with a sentence.
    """

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def to_python(self, value: Any) -> str:
        found = text.name(super().to_python(value) or "")
        if len(found) > self.most:
            raise ValidationError(
                f"Use {self.most} characters or fewer. This has {len(found):,}.", code="max_length"
            )
        return found


class AddressField(forms.CharField):
    """An email address as people paste it; cleans to the one form that is kept (apps/emails.py)."""

    def __init__(self, **kwargs: Any) -> None:
        hints = {"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}
        kwargs.setdefault("widget", forms.EmailInput(attrs=hints))
        kwargs.setdefault("max_length", 320)  # as typed; what is kept has a limit of its own
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        if not typed:
            return ""
        try:
            return emails.kept_address(typed)
        except emails.NotAnAddress as why:
            raise ValidationError(str(why), code="invalid") from None


class TypedWordField(forms.CharField):
    """Danger is typed: accepts only `word`. Digits may carry brackets, spaces and dashes."""

    def __init__(self, word: str, **kwargs: Any) -> None:
        self.word = word
        kwargs.setdefault("label", f"Type {word} to confirm")
        super().__init__(max_length=100, **kwargs)
        self.widget.attrs.update(
            {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
        )

    def validate(self, value: Any) -> None:
        super().validate(value)
        if plain(str(value)) != plain(self.word):
            raise ValidationError(f"Type {self.word} exactly. Nothing was changed.", code="typed")


def plain(typed: str) -> str:
    """Text for comparing: the digits alone of a telephone number, else its folded form."""
    digits = phones.digits_of(typed)
    return digits if len(digits) == 10 else text.folded(typed)


def dress(bound: forms.BoundField, *, described: str = "") -> str:
    """The field's input with our class, and with what a screen reader should read beside it."""
    attrs: dict[str, Any] = {"class": css_class(bound)}
    hints = [f"{bound.auto_id}_hint"] if bound.help_text else []
    hints += [f"{bound.auto_id}_error"] if bound.errors else []
    hints += [described] if described else []
    if hints:
        attrs["aria-describedby"] = " ".join(hints)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if is_secret(bound) and survives(bound):
        attrs["value"] = str(bound.data)
    return bound.as_widget(attrs=attrs)


def is_secret(bound: forms.BoundField) -> bool:
    """A password field: it gets a Show button."""
    return isinstance(bound.field.widget, forms.PasswordInput)


def survives(bound: forms.BoundField) -> bool:
    """Whether a secret that was typed is shown again, masked: only when another field is wrong.

    A page that answers a form is never stored (render.guarded). A secret that is wrong itself, or
    that was refused with the whole form, is typed again.
    """
    return bool(
        bound.form.errors and not bound.errors and not bound.form.non_field_errors() and bound.data
    )


def css_class(bound: forms.BoundField) -> str:
    widget = bound.field.widget
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "tick"
    return "select" if isinstance(widget, forms.Select) else "input"


def is_tick(bound: forms.BoundField) -> bool:
    """A single box stands before its label."""
    return isinstance(bound.field.widget, forms.CheckboxInput)


def is_group(bound: forms.BoundField) -> bool:
    """Several boxes need a fieldset with a legend."""
    return isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


def speak(fields: Mapping[str, forms.Field]) -> None:
    """Put our sentences in place of Django's; a field's own stay."""
    for each in fields.values():
        each.error_messages.update(
            {
                code: SENTENCES[str(said)]
                for code, said in each.error_messages.items()
                if str(said) in SENTENCES
            }
        )


class PlainForm(forms.Form):
    """A form of ours: ids of its own, no colons, our sentences."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        speak(self.fields)
