"""The forms of the way in."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from apps import who
from apps.accounts.models import User
from apps.ui.forms import AddressField, NameField, PlainField, PlainForm


def password_field(label: str, autocomplete: str, **kwargs: Any) -> forms.CharField:
    """Any characters, nothing stripped or folded, up to 1,000 (argon2 takes what it is given)."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=1000, widget=widget, **kwargs)


class PersonNameField(NameField):
    """What a person is called; it can't pose as an address or as VoiceTel. Names may be shared."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "name"})
        super().__init__(label="Your name", most=80, required=False, widget=widget, **kwargs)

    def to_python(self, value: Any) -> str:
        name = super().to_python(value)
        try:
            who.check_name(name)
        except who.NotAName as why:
            raise ValidationError(str(why), code="name") from None
        return name


class SignInForm(PlainForm):
    login = forms.CharField(
        label="Email address or account number",
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = password_field("Password", "current-password")


class ConfirmForm(PlainForm):
    password = password_field("Your portal password", "current-password")


CODE_HINT = "Six digits from your authenticator app, or one of your recovery codes."
RECOVERY_HINT = "One of the codes that you kept. Each works once."


def code_field(**kwargs: Any) -> PlainField:
    """A two-step verification code. `one-time-code` lets phones and password managers fill it."""
    attrs = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
    return PlainField(
        max_length=40,
        widget=forms.TextInput(attrs=attrs),
        **{"label": "Code", "help_text": CODE_HINT, **kwargs},
    )


class CodeForm(PlainForm):
    """Two-step verification at sign-in."""

    code = code_field()

    def for_recovery(self) -> None:
        """Of someone without an authenticator app."""
        self.fields["code"].label, self.fields["code"].help_text = "Recovery code", RECOVERY_HINT


class ConfirmBothForm(CodeForm, ConfirmForm):
    """Who has a second factor shows it too."""

    field_order = ("password", "code")


class RecoverForm(PlainForm):
    login = forms.CharField(
        label="Email address or account number",
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class VoiceTelRecoverForm(PlainForm):
    """Whom VoiceTel mails a new VoiceTel password. `email`: as VoiceTel has it."""

    email = AddressField(label="Email address of the VoiceTel account")


class NewPasswordForm(PlainForm):
    """A new portal password for one person."""

    password = password_field(
        "New password",
        "new-password",
        help_text="12 characters or more. A few unrelated words are easier to keep than signs.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password


class SwitchForm(PlainForm):
    account = forms.CharField(max_length=10)

    def clean_account(self) -> str:
        number: str = self.cleaned_data["account"]
        if not (number.isascii() and number.isdigit()):
            raise ValidationError("No such account.")
        return number
