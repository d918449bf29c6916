"""Forms of where a number's faxes and inbound messages go."""

from collections.abc import Callable
from typing import Any

from django import forms

from apps.changes.change import Change
from apps.changes.kit.forms import Button, SendsForm
from apps.numbers.changes import SetFax, SetSms, StopFax, StopSms
from apps.numbers.models import Number
from apps.numbers.selectors import one
from apps.ui.forms import AddressField, PlainField
from apps.voicetel.client import checks

CHECKS: dict[str, Callable[[object], str]] = {
    "email": checks.email,
    "webhook": checks.web_address,
    "sip": checks.host_and_port,
}


class FaxForm(SendsForm[Number]):
    """Send faxes to an email address, or stop: by its button, or by an empty field."""

    email = AddressField(
        required=False, label="Send faxes to", help_text="Each fax arrives as an email."
    )

    def now(self) -> dict[str, Any]:
        return {"email": self.row.fax_to}

    @property
    def buttons(self) -> tuple[Button, ...]:
        stop = (Button("Turn off fax to email", "stop"),) if self.row.fax or self.many else ()
        return (Button("Save fax address"), *stop)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if not email and not self.row.fax and "stop" not in self.data:
            raise forms.ValidationError("Enter the email address that faxes should go to.")
        return email

    def change(self) -> Change:
        email = "" if "stop" in self.data else self.cleaned_data["email"]
        if not email:
            return StopFax(self.row.account, self.row.number)
        return SetFax(self.row.account, self.row.number, email=email)


class SmsForm(SendsForm[Number]):
    """Send inbound messages to an email address, a webhook or a SIP address, or nowhere."""

    kind = forms.ChoiceField(
        label="Deliver messages by", choices=list(one.SMS_KINDS.items()), initial="email"
    )
    to = PlainField(
        required=False,
        max_length=500,
        label="Address",
        help_text=(
            "An email address, a web address that begins with https://, or the public address of a"
            " SIP server. We never call your webhook; VoiceTel does."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].required = "stop" not in self.data

    def now(self) -> dict[str, Any]:
        known = self.row.sms_type in one.SMS_KINDS
        return {"kind": self.row.sms_type if known else "email", "to": self.row.sms_to}

    @property
    def buttons(self) -> tuple[Button, ...]:
        stop = (Button("Turn off inbound messages", "stop"),) if self.row.sms or self.many else ()
        return (Button("Save"), *stop)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        kind, to = found.get("kind"), (found.get("to") or "").strip()
        if "stop" in self.data or kind is None or self.errors:
            return found
        if not to:
            self.add_error("to", "Enter the address that messages should go to.")
        elif wrong := CHECKS[kind](to):
            self.add_error("to", wrong)
        return found | {"to": to}

    def change(self) -> Change:
        if "stop" in self.data:
            return StopSms(self.row.account, self.row.number)
        kind, to = self.cleaned_data["kind"], self.cleaned_data["to"]
        return SetSms(self.row.account, self.row.number, kind=kind, to=to)
