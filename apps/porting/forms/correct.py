"""The form by which a declined port is corrected: what was sent, to be written over."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from apps.changes.kit.forms import ChangeForm
from apps.changes.kit.reference import reference_of
from apps.porting.bill import STATES
from apps.porting.changes import CorrectPort
from apps.porting.models import Port
from apps.porting.rules.reasons import Reason
from apps.porting.selectors.port import ticket_of
from apps.ui.forms import NameField

FIELDS = {
    "name": "Name on the account",
    "authorized_by": "Authorized person",
    "street": "Street",
    "unit": "Suite, floor, or unit",
    "city": "City",
    "state": "State",
    "zip": "ZIP code",
    "account_number": "Account number",
    "billing_number": "Billing number",
}
MOST = 2000  # characters of a comment


class CorrectForm(ChangeForm):
    """Every field as it was sent; those that the reason names come first. Only what differs from
    what was sent is written to the ticket.
    """

    def __init__(self, port: Port, reason: Reason | None, data: QueryDict | None = None) -> None:
        self.port = port
        self.sent: dict[str, str] = (port.entry.args.get("bill") or {}) if port.entry else {}
        super().__init__(data, initial=dict(self.sent))
        named = [name for name in (reason.fields if reason else ()) if name in FIELDS]
        self.first = named
        for name in [*named, *(each for each in FIELDS if each not in named)]:
            sent = self.sent.get(name, "")
            field = NameField(
                most=120,
                label=FIELDS[name],
                required=False,
                help_text=f"You sent: {sent or 'nothing'}" if self.sent else "",
            )
            if name == "state":
                field.widget = forms.Select(choices=[("", "Choose"), *STATES])
            self.fields[name] = field
        self.fields["pin"] = forms.CharField(
            max_length=30,
            required=False,
            label="New transfer PIN",
            help_text="It goes into the ticket, where your team can read it.",
            widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        )
        self.fields["comment"] = forms.CharField(
            max_length=MOST,
            required=False,
            label="Comment for VoiceTel",
            widget=forms.Textarea(attrs={"rows": 3}),
        )

    @property
    def named(self) -> list[Any]:
        """The fields that the reason names."""
        return [self[name] for name in self.first]

    @property
    def others(self) -> list[Any]:
        return [self[name] for name in FIELDS if name not in self.first]

    @property
    def lines(self) -> list[list[str]]:
        """What differs from what was sent: [field, before, now]."""
        return [
            [FIELDS[name], self.sent.get(name, ""), self.cleaned_data[name]]
            for name in FIELDS
            if self.cleaned_data.get(name) and self.cleaned_data[name] != self.sent.get(name, "")
        ]

    def clean(self) -> dict[str, Any] | None:
        found = super().clean()
        if not self.errors and not (
            self.lines or self.cleaned_data["pin"] or self.cleaned_data["comment"]
        ):
            raise ValidationError("Change at least one field, or write a comment.", code="same")
        return found

    def change(self) -> CorrectPort:
        """Raises LookupError where no ticket is known."""
        known = ticket_of(self.port)
        if known is None:
            raise LookupError("no ticket")
        return CorrectPort(
            self.port.account,
            self.port.pid,
            ticket=known[0],
            told=known[1],
            lines=self.lines,
            comment=self.cleaned_data["comment"],
            reference=reference_of(self.token),
            pin=self.cleaned_data["pin"],
        )
