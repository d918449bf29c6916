"""What an administrator types to open an account."""

from typing import Any

from django import forms

from apps.accounts.models import Account
from apps.changes.kit.forms import ChangeForm
from apps.staff.opening.changes import OpenAccount
from apps.ui.forms import AddressField, NameField, PlainField, plain

TEN = r"[0-9]{10}"
NUMERIC = {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}


class OpenForm(ChangeForm):
    number = PlainField(
        TEN,
        label="Account number",
        max_length=40,
        help_text="Ten digits that no VoiceTel account has yet. It can't be changed later.",
        error_messages={"invalid": "An account number has ten digits."},
        widget=forms.TextInput(attrs=NUMERIC),
    )
    name = NameField(label="Company", most=120)
    email = AddressField(
        label="Owner's email address",
        help_text="VoiceTel keeps it, and we invite this person as the account's first owner.",
    )
    master = PlainField(
        TEN,
        required=False,
        label="Account that is billed",
        max_length=40,
        help_text="Ten digits. Only if another account pays for it.",
        error_messages={"invalid": "An account number has ten digits."},
        widget=forms.TextInput(attrs=NUMERIC),
    )

    def clean_number(self) -> str:
        number = plain(self.cleaned_data["number"])
        if Account.objects.filter(number=number).exists():
            raise forms.ValidationError("The portal has an account with that number already.")
        return number

    def change(self) -> OpenAccount:
        typed: dict[str, Any] = self.cleaned_data
        return OpenAccount(
            None,  # type: ignore[arg-type]  # it isn't there yet
            typed["number"],
            name=typed["name"],
            email=typed["email"],
            master=typed["master"],
        )
