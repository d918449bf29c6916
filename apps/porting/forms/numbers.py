"""The forms of the first step: which numbers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from apps.porting import pace
from apps.porting.services import drafts
from apps.ui.forms import NameField, PlainForm

MOST = 60_000  # characters of a paste


class NumbersForm(PlainForm):
    """Numbers pasted in any form. `found`: what was read, once it is valid."""

    found: drafts.Added
    numbers = forms.CharField(
        label="Numbers",
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text="Paste them in any form, one per line or with commas between.",
        error_messages={
            "required": "Enter the numbers that you want to bring.",
            "max_length": "That's too long to be a list of numbers. Paste the numbers alone.",
        },
    )

    def clean_numbers(self) -> str:
        text: str = self.cleaned_data["numbers"]
        self.found = drafts.read_numbers(text)
        if not self.found.numbers:
            why = self.found.left_out[0][1] if self.found.left_out else ""
            raise ValidationError(f"We found no number in that. {why}".strip(), code="none")
        if len(self.found.numbers) > pace.MOST_NUMBERS:
            raise ValidationError(
                f"That's {len(self.found.numbers):,} numbers. An order takes"
                f" {pace.MOST_NUMBERS:,} at most; start a second one for the rest.",
                code="many",
            )
        return text


class StartForm(NumbersForm):
    """A new draft."""

    title = NameField(
        most=80,
        label="Name of this order",
        required=False,
        help_text="For your team, like “Riverside office”.",
    )
    field_order = ("title", "numbers")


TICKS = (
    ("stays_on", "The old service stays on until every number works here."),
    ("no_order", "No other order and no freeze is open at the old carrier."),
    ("bill_ready", "I have a bill of the last 30 days at hand."),
    ("may_sign", "I may sign for these accounts, or the authorized person will."),
)


class ConfirmForm(PlainForm):
    """The four ticks of the last step, and which groups it showed. `read`: the questions that the
    page asked.
    """

    def __init__(self, groups: list[int], *, asks: bool, data: QueryDict | None = None) -> None:
        super().__init__(data)
        for name, label in TICKS:
            self.fields[name] = forms.BooleanField(
                label=label, error_messages={"required": "Confirm this before you order."}
            )
        if asks:
            self.fields["read"] = forms.BooleanField(
                label="I checked the points in amber, and they are right.",
                error_messages={"required": "Check the points in amber first."},
            )
        self.fields["groups"] = forms.CharField(
            widget=forms.HiddenInput, initial=",".join(map(str, groups)), max_length=20_000
        )

    def clean_groups(self) -> list[int]:
        given = str(self.cleaned_data["groups"]).split(",")
        if not all(each.isascii() and each.isdigit() and len(each) < 19 for each in given):
            raise ValidationError("Open this page again; nothing was sent.", code="groups")
        return [int(each) for each in given]

    @property
    def ticks(self) -> list[Any]:
        return [self[name] for name in self.fields if name != "groups"]
