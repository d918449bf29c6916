"""Forms of the outbound caller name and the port-out PIN."""

import secrets
from typing import Any

from django import forms

from apps.changes.change import Change
from apps.changes.kit.forms import Button, SendsForm
from apps.numbers.changes import SetCallerName, SetPin
from apps.numbers.models import Number
from apps.ui.forms import PlainField


class CallerNameForm(SendsForm[Number]):
    """The name shown on outbound calls: 15 letters, digits and spaces at most."""

    name_shown = PlainField(
        r"(?=.*[A-Za-z0-9])[A-Za-z0-9 ]{1,15}",
        label="Name shown on outbound calls",
        help_text=(
            "Up to 15 letters, digits and spaces, with at least one letter. Other phone companies"
            " can take a few days to show it."
        ),
        error_messages={
            "required": "Enter the name to show.",
            "invalid": "Use up to 15 letters, digits and spaces.",
        },
    )

    def now(self) -> dict[str, Any]:
        return {"name_shown": self.row.caller_name}

    @property
    def buttons(self) -> tuple[Button, ...]:
        return (Button("Save caller name"),)

    def change(self) -> Change:
        name = self.cleaned_data["name_shown"]
        return SetCallerName(self.row.account, self.row.number, name_shown=name)


class PinForm(SendsForm[Number]):
    """A new port-out PIN: four digits, suggested or typed. It is shown here before it is sent, and
    never again.
    """

    pin = PlainField(
        r"[0-9]{4}",
        label="New port-out PIN",
        help_text=(
            "We suggested one; you can type your own. Write it down now: it isn't shown again"
            " after you save it."
        ),
        error_messages={
            "required": "Enter four digits.",
            "invalid": "A PIN has four digits.",
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def now(self) -> dict[str, Any]:
        return {"pin": f"{secrets.randbelow(10_000):04d}"}

    def now_of_many(self) -> dict[str, Any]:
        return self.now()

    @property
    def buttons(self) -> tuple[Button, ...]:
        return (Button("Set PIN"),)

    def change(self) -> Change:
        return SetPin(self.row.account, self.row.number, pin=self.cleaned_data["pin"])
