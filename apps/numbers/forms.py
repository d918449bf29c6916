"""Forms of a number's settings. What a customer may set is named here field by field."""

from typing import Any

from django import forms

from apps.accounts.models import Account
from apps.changes.change import Change
from apps.changes.forms import ChangeForm
from apps.numbers.changes import SetForward, SetRoute, StopForward
from apps.numbers.models import Gateway, Number
from apps.ui.format import phone
from apps.ui.forms import PhoneField, PlainForm


class ForwardForm(ChangeForm):
    """Forward to a number, or stop: by its button, or by an empty field.

    `to`: ten digits or empty.
    """

    to = PhoneField(
        required=False,
        label="Forward all calls to",
        help_text="Ten digits, in any form. Calls then never reach the route.",
    )

    def __init__(self, *args: Any, number: Number, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.number = number

    @property
    def stops(self) -> bool:
        return "stop" in self.data or not self.cleaned_data.get("to")

    def clean_to(self) -> str:
        to: str = self.cleaned_data["to"]
        if "stop" in self.data:
            return ""
        if to == self.number.number:
            raise forms.ValidationError(
                f"{phone(to)} is this number itself: calls would go round in a circle. Nothing was"
                " sent."
            )
        if not to and not self.number.forward_to:
            raise forms.ValidationError("Type the number that calls should go to.")
        return to

    def change(self, account: Account, subject: str) -> Change:
        return (
            StopForward(account, subject)
            if self.stops
            else SetForward(account, subject, to=self.cleaned_data["to"])
        )


class RouteForm(ChangeForm):
    """Choose where calls go. `route`: the id of a gateway that the account may route to."""

    route = forms.ChoiceField(
        label="Send calls to", help_text="A system route, or one of your own gateways."
    )

    def __init__(self, *args: Any, number: Number, routes: list[Gateway], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        system = [(str(each.gateway), str(each)) for each in routes if each.system]
        own = [
            (str(each.gateway), f"{each} (#{each.gateway})") for each in routes if not each.system
        ]
        choices: list[Any] = [("Your gateways", own), ("System routes", system)] if own else system
        self.fields["route"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's
        self.fields["route"].error_messages["required"] = "Choose where calls should go."
        self.fields["route"].error_messages["invalid_choice"] = (
            "That is not a route of this account. Choose one of the list; nothing was sent."
        )

    def change(self, account: Account, subject: str) -> Change:
        return SetRoute(account, subject, route=int(self.cleaned_data["route"]))


class LabelForm(PlainForm):
    """Our own name for a number; the provider never hears of it."""

    label = forms.CharField(
        required=False,
        max_length=80,
        label="Label",
        help_text="Only people here see it. 80 letters at most.",
    )

    def clean_label(self) -> str:
        text: str = self.cleaned_data["label"]
        return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
