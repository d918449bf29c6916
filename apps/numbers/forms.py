"""Forms of a number's settings. What a customer may set is named here field by field."""

from typing import Any

from django import forms

from apps.accounts.models import User
from apps.audit.models import Event
from apps.changes.change import Change
from apps.changes.kit.forms import Button, KeepsForm, SendsForm
from apps.numbers.changes import SetCnam, SetForward, SetRoute, StopForward
from apps.numbers.models import Number
from apps.numbers.selectors import one
from apps.numbers.services import rows
from apps.ui.format import phone, rate
from apps.ui.forms import NameField, PhoneField


class ForwardForm(SendsForm[Number]):
    """Forward to a number, or stop: by its button, or by an empty field.

    `to`: ten digits or empty.
    """

    to = PhoneField(
        required=False,
        label="Forward all calls to",
        help_text="Ten digits, in any form. Calls then never reach the route.",
    )

    def now(self) -> dict[str, Any]:
        return {"to": self.row.forward_to}

    @property
    def buttons(self) -> tuple[Button, ...]:
        stop = (Button("Stop forwarding", "stop"),) if self.row.forward_to else ()
        return (Button("Forward calls"), *stop)

    def clean_to(self) -> str:
        to: str = self.cleaned_data["to"]
        if "stop" in self.data:
            return ""
        if to == self.row.number:
            raise forms.ValidationError(
                f"{phone(to)} is this number itself: calls would go round in a circle. Nothing was"
                " sent."
            )
        if not to and not self.row.forward_to:
            raise forms.ValidationError("Type the number that calls should go to.")
        return to

    def change(self) -> Change:
        to = "" if "stop" in self.data else self.cleaned_data["to"]
        if not to:
            return StopForward(self.row.account, self.row.number)
        return SetForward(self.row.account, self.row.number, to=to)


class RouteForm(SendsForm[Number]):
    """Choose where calls go. `route`: the id of a gateway that the account may route to."""

    route = forms.ChoiceField(
        label="Send calls to",
        help_text="A system route, or one of your own gateways.",
        error_messages={
            "required": "Choose where calls should go.",
            "invalid_choice": (
                "That is not a route of this account. Choose one of the list; nothing was sent."
            ),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        routes = one.list_routes(self.row.account)
        system = [(str(each.gateway), str(each)) for each in routes if each.system]
        own = [
            (str(each.gateway), f"{each} (#{each.gateway})") for each in routes if not each.system
        ]
        choices: list[Any] = [("Your gateways", own), ("System routes", system)] if own else system
        self.fields["route"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's

    def now(self) -> dict[str, Any]:
        return {"route": self.row.route}

    @property
    def buttons(self) -> tuple[Button, ...]:
        return (Button("Save route"),)

    def change(self) -> Change:
        return SetRoute(self.row.account, self.row.number, route=int(self.cleaned_data["route"]))


class CnamForm(SendsForm[Number]):
    """Turn the lookup of callers' names on or off. `enabled`: "on" or "off"; cleans to a bool."""

    enabled = forms.TypedChoiceField(
        label="Look up callers' names", choices=[("on", "On"), ("off", "Off")], coerce="on".__eq__
    )

    def now(self) -> dict[str, Any]:
        return {"enabled": "on" if self.row.cnam else "off"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        profile = getattr(self.row.account, "profile", None)
        if profile and (each := profile.rates.get("cnam")):
            self.fields["enabled"].help_text = f"VoiceTel's rate for a name lookup is {rate(each)}."

    def change(self) -> Change:
        return SetCnam(self.row.account, self.row.number, enabled=self.cleaned_data["enabled"])


class LabelForm(KeepsForm[Number]):
    """Our own name for a number; the provider never hears of it."""

    label = NameField(
        required=False,
        most=80,
        label="Label",
        help_text="Only people on this account see it. Up to 80 characters.",
    )

    def now(self) -> dict[str, Any]:
        return {"label": self.row.label}

    @property
    def buttons(self) -> tuple[Button, ...]:
        return (Button("Save label"),)

    def save(self, by: User) -> Event | None:
        return rows.label_number(
            self.row.account, self.row.number, self.cleaned_data["label"], by=by
        )
