"""The forms of those who arrive."""

import re
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from apps.accounts.arriving.connect import Typed
from apps.accounts.models import Connection, User
from apps.accounts.signing_in.forms import PersonNameField, password_field
from apps.accounts.signing_in.people import account_number
from apps.text import plain
from apps.ui.forms import AddressField, PlainField, PlainForm

API_KEY = re.compile(r"[0-9a-fA-F]{32}")
UNRELATED = "12 characters or more. A few unrelated words are easier to keep than signs."


class AddressForm(PlainForm):
    email = AddressField(label="Your email address")


class ProofForm(PlainForm):
    """What VoiceTel takes as proof that an account is yours: its password, or an API key."""

    kind = forms.ChoiceField(
        label="What do you have?",
        choices=[
            (Connection.Kind.PASSWORD.value, "The VoiceTel password"),
            (Connection.Kind.KEY.value, "An API key"),
        ],
        initial=Connection.Kind.PASSWORD.value,
        widget=forms.RadioSelect,
    )
    secret = forms.CharField(
        label="VoiceTel password or API key",
        max_length=128,
        strip=False,
        help_text="It is kept encrypted until its turn, a day at most, and then erased.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        secret = str(typed.get("secret", ""))
        if typed.get("kind") == Connection.Kind.KEY and secret:
            secret = plain(secret)
            if not API_KEY.fullmatch(secret):
                raise ValidationError(
                    {"secret": "An API key is 32 digits and letters from a to f."}
                )
            typed["secret"] = secret.lower()
        return typed


class ConnectForm(ProofForm):
    """The account, and the proof of it."""

    number = PlainField(
        label="VoiceTel account number",
        max_length=40,
        help_text="Ten digits, as on VoiceTel's invoice.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"}
        ),
    )
    field_order = ("number", "kind", "secret")

    def clean_number(self) -> str:
        number = account_number(self.cleaned_data["number"])
        if not number:
            raise ValidationError("A VoiceTel account number has ten digits.")
        return number

    def typed(self) -> Typed:
        return Typed(
            self.cleaned_data["number"], self.cleaned_data["kind"], self.cleaned_data["secret"]
        )


class ArriveForm(ConnectForm):
    """The same for someone new, who also chooses how they sign in here from now on."""

    password = password_field(
        "A new password for this portal", "new-password", help_text=f"Not VoiceTel's. {UNRELATED}"
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        password = str(typed.get("password", ""))
        if password and password == typed.get("secret"):
            raise ValidationError(
                {
                    "password": (
                        "Every desk phone holds VoiceTel's password. Choose a different one here."
                    )
                }
            )
        if password:
            try:
                validate_password(password, User(email=self.email))
            except ValidationError as weak:
                self.add_error("password", weak)
        return typed


class JoinForm(PlainForm):
    """Someone new accepts an invitation."""

    name = PersonNameField()
    password = password_field("A password for this portal", "new-password", help_text=UNRELATED)

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
        return password
