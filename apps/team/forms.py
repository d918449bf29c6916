"""Forms of the settings."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.accounts.forms import NewPasswordForm, code_field, password_field
from apps.accounts.models import KeyExchange
from apps.ui.forms import PlainForm

API_KEY = re.compile(r"[0-9a-fA-F]{32}")


class ProfileForm(PlainForm):
    name = forms.CharField(
        label="Your name",
        max_length=80,
        required=False,
        help_text="The journal shows it beside what you change.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class ReconnectForm(PlainForm):
    """What VoiceTel takes as proof that the account is yours: its password, or its API key."""

    kind = forms.ChoiceField(
        label="What do you have?",
        choices=[(KeyExchange.Kind.PASSWORD.value, "The VoiceTel password"), (KeyExchange.Kind.KEY.value, "An API key")],
        initial=KeyExchange.Kind.PASSWORD.value,
        widget=forms.RadioSelect,
    )
    secret = forms.CharField(
        label="VoiceTel password or API key",
        max_length=128,
        strip=False,
        help_text="Not your portal password. It is kept encrypted until its turn, a day at most, and then erased.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        secret = str(typed.get("secret", ""))
        if typed.get("kind") == KeyExchange.Kind.KEY and secret:
            if not API_KEY.fullmatch(secret.strip()):
                raise ValidationError({"secret": "An API key is 32 digits and letters from a to f."})
            typed["secret"] = secret.strip().lower()
        return typed


class PasswordForm(NewPasswordForm):
    """A new portal password, by who knows the present one."""

    current = password_field("Your present password", "current-password")
    field_order = ("current", "password")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("password") and typed.get("password") == typed.get("current"):
            raise ValidationError({"password": "That is the present one."})
        return typed


class SetUpForm(PlainForm):
    """The proof that the authenticator app has the secret."""

    code = code_field(label="The code that the app shows now", help_text="Six digits. They change every half minute.")
