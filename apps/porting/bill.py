"""The form of one bill: what the losing carrier compares letter by letter."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.numbers.selectors.one import list_routes
from apps.porting.models import Group
from apps.porting.rules import streets, zips
from apps.ui.forms import NameField, PhoneField, PlainField, PlainForm

STATES = [(each, each) for each in sorted(zips.RANGES)]
LEFT = {"required": "Enter it as it is on the bill."}


class StreetField(forms.CharField):
    """A street line; cleans to the line as typed, and keeps its parts in `street`."""

    def clean(self, value: Any) -> str:
        line: str = super().clean(value)
        try:
            streets.parse(line)
        except streets.NotAStreet as wrong:
            raise ValidationError(str(wrong), code="street") from None
        return line


class BillForm(PlainForm):
    """Every field but the PIN is kept as typed, right or wrong, so that nobody types it twice."""

    name = NameField(
        most=100,
        label="Name on the account",
        help_text="Page 1, above the address. Copy it letter by letter.",
        error_messages=LEFT,
    )
    name_type = forms.ChoiceField(
        label="Kind of account", choices=[("business", "Business"), ("residential", "Residential")]
    )
    authorized_by = NameField(
        most=100,
        label="Authorized person",
        help_text="The account owner or manager. This person signs the letter.",
        error_messages={"required": "Enter who may sign for this account."},
    )
    street = StreetField(
        max_length=120,
        label="Street",
        help_text="Where the phones are, like 412 Lakeside Ave. Not a PO box.",
        error_messages=LEFT,
    )
    unit = NameField(most=40, label="Suite, floor, or unit", required=False)
    city = NameField(most=60, label="City", error_messages=LEFT)
    state = forms.ChoiceField(label="State", choices=[("", "Choose"), *STATES], error_messages=LEFT)
    zip = PlainField(
        r"\d{5}(?:-\d{4})?",
        max_length=10,
        label="ZIP code",
        error_messages=LEFT | {"invalid": "Use five digits, like 07050."},
    )
    account_number = PlainField(
        max_length=60,
        label="Account number",
        help_text="Page 1 of the bill. Not the phone number, unless the bill says so.",
        error_messages=LEFT,
    )
    pin = PlainField(
        max_length=30,
        required=False,
        label="Transfer PIN",
        widget=forms.PasswordInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "data-1p-ignore": ""}
        ),
    )
    billing_number = PhoneField(
        label="Billing number",
        help_text="The account's main number, on page 1 of the bill.",
        error_messages={"required": "Enter the account's main phone number."},
    )
    due = forms.DateField(
        required=False,
        label="Requested date",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="The old carrier decides. Five business days or more is usual.",
        error_messages={"invalid": "Enter a date like 2026-12-08."},
    )

    route = forms.ChoiceField(
        required=False,
        label="Where calls go",
        help_text="VoiceTel sets this as the numbers arrive.",
    )
    caller_name = PlainField(
        r"[A-Za-z0-9 ]{1,15}",
        required=False,
        max_length=15,
        label="Outbound caller name",
        help_text="What others see when you call: up to 15 letters, digits and spaces.",
        error_messages={"invalid": "Use letters, digits and spaces only."},
    )

    def __init__(self, group: Group, data: Any = None, *, today: date, prefix: str = "") -> None:
        self.group, self.today = group, today
        super().__init__(data, initial=group.bill, prefix=prefix or None)
        self.fields["name_type"].initial = "business"
        routes = [(str(each.gateway), str(each)) for each in list_routes(group.account)]
        choices = [("", "VoiceTel default"), *routes]
        self.fields["route"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's

    def clean_authorized_by(self) -> str:
        name: str = self.cleaned_data["authorized_by"]
        words = [word for word in name.split() if len(re.sub(r"\W", "", word)) > 1]
        if len(words) < 2:
            raise ValidationError("Enter a first and last name.", code="whole")
        return name

    def clean_account_number(self) -> str:
        number: str = self.cleaned_data["account_number"]
        if number == self.group.account.number:
            raise ValidationError(
                "That's your VoiceTel account number. Enter the one of the carrier that you leave.",
                code="ours",
            )
        return number

    def clean_due(self) -> date | None:
        due: date | None = self.cleaned_data["due"]
        if due and due <= self.today:
            raise ValidationError("Choose a date after today.", code="past")
        return due

    def clean(self) -> dict[str, Any] | None:
        found = super().clean() or {}
        state, code = found.get("state"), found.get("zip")
        if state and code and not zips.agrees(state, code):
            self.add_error("zip", f"{code} isn't in {state}. Check both against the bill.")
        return found

    def typed(self) -> dict[str, str]:
        """What was typed, right or wrong, but the PIN: what the draft keeps."""
        kept: dict[str, str] = {}
        for name, field in self.fields.items():
            if name != "pin":
                raw = self.data.get(self.add_prefix(name), "")
                value = self.cleaned_data.get(name, raw) if name not in self.errors else raw
                kept[name] = value.isoformat() if isinstance(value, date) else str(value or "")
                kept[name] = kept[name][: getattr(field, "max_length", None) or 200]
        return kept


def kept_form(group: Group, today: date) -> BillForm:
    """The form bound to what the draft keeps: is_valid() tells whether the bill is complete."""
    return BillForm(group, group.bill, today=today)
