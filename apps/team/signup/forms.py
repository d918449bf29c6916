"""What people type to open an account."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from apps.accounts.models import User
from apps.accounts.signing_in.forms import password_field
from apps.ui.forms import NameField, PlainField, PlainForm


class CompanyForm(PlainForm):
    company = NameField(
        label="Company, or your name",
        most=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    promo = PlainField(
        required=False, label="Promotional code", max_length=100, help_text="If you have one."
    )


class ArriveForm(CompanyForm):
    """The same for someone new, who also chooses how they sign in here."""

    password = password_field(
        "A password for this portal",
        "new-password",
        help_text="12 characters or more. VoiceTel gives the account a password of its own.",
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.email))
        return password
