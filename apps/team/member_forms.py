"""Forms of the members' page."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError

from apps.accounts.roles import Role
from apps.money import micro
from apps.ui.forms import AddressField, PlainField, PlainForm

DOLLARS = re.compile(r"\$?([0-9]{1,3}(?:,[0-9]{3})?|[0-9]{1,6})(\.[0-9]{1,2})?")
MOST = 100_000  # dollars


class RoleForm(PlainForm):
    role = forms.ChoiceField(label="Role", choices=Role.choices)


class LimitForm(PlainForm):
    """An amount like 250, 99.50 or $1,000; cleans to micro-dollars, or None where it is empty."""

    limit = PlainField(
        label="Limit for 24 hours",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def clean_limit(self) -> int | None:
        typed = self.cleaned_data["limit"]
        if not typed:
            return None
        amount = Decimal(typed.strip("$").replace(",", "")) if DOLLARS.fullmatch(typed) else None
        if amount is None or amount > MOST:
            raise ValidationError(
                f"Enter an amount from $0 to ${MOST:,}, like 250 or 99.50. Nothing was changed."
            )
        return micro(amount)


class InviteForm(PlainForm):
    email = AddressField(
        label="Email address",
        widget=forms.EmailInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    role = forms.ChoiceField(label="Role", choices=Role.choices, initial=Role.VIEWER)
