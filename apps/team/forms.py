"""Forms of the settings."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.accounts.arriving.forms import ProofForm
from apps.accounts.signing_in.forms import (
    NewPasswordForm,
    PersonNameField,
    code_field,
    password_field,
)
from apps.notifications.selectors import SWITCHED
from apps.ui.forms import NameField, PlainForm


class ProfileForm(PlainForm):
    name = PersonNameField(
        help_text="Activity shows it beside what you change, with your email address."
    )


class ReconnectForm(ProofForm):
    """The proof for an account that is connected already, typed by one of its owners."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields[
            "secret"
        ].help_text = f"Not your portal password. {self.fields['secret'].help_text}"


class PasswordForm(NewPasswordForm):
    """A new portal password, by who knows the present one."""

    current = password_field("Your present password", "current-password")
    field_order = ("current", "password")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("password") and typed.get("password") == typed.get("current"):
            raise ValidationError({"password": "That is the present one."})
        return typed


class PasskeyForm(PlainForm):
    """What a person calls one of their passkeys."""

    name = NameField(
        label="Name",
        most=40,
        help_text=(
            "So that you know it again in the list: the device or the password manager that"
            " keeps it."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Give it a name first."},
    )


class SetUpForm(PlainForm):
    """The proof that the authenticator app has the secret."""

    code = code_field(
        label="The code that the app shows now",
        help_text="Six digits. They change every half minute.",
    )


class MailsForm(PlainForm):
    """The groups of notices that come by mail too, of those that can be switched."""

    mail = forms.MultipleChoiceField(required=False, choices=[(group, group) for group in SWITCHED])
