"""Forms of a number's settings. What a customer may set is named here field by field."""

from typing import Any

from django import forms

from apps.accounts.models import User
from apps.audit.models import Event
from apps.changes.change import Change
from apps.changes.kit.forms import Button, KeepsForm, SendsForm, Weight
from apps.numbers.changes import SetCnam, SetForward, SetRoute, SetTranslation, StopForward
from apps.numbers.international import Dear, dear
from apps.numbers.models import Number
from apps.numbers.selectors import one
from apps.numbers.services import rows
from apps.ui.format import rate
from apps.ui.forms import NameField, PhoneField, PlainForm


class ForwardForm(SendsForm[Number]):
    """Forward to a number, or stop: by its button, or by an empty field.

    `to`: ten digits or empty.
    """

    to = PhoneField(
        required=False,
        label="Forward all calls to",
        help_text=(
            "Enter a 10-digit US or Canadian number. While forwarding is on, calls skip your route."
        ),
        error_messages={"extension": "We can't forward to an extension. Enter just the number."},
    )
    weighs = "to"

    def now(self) -> dict[str, Any]:
        return {"to": self.row.forward_to}

    @property
    def buttons(self) -> tuple[Button, ...]:
        stop = (Button("Stop forwarding", "stop"),) if self.row.forward_to or self.many else ()
        weight = self.weight
        return (Button(weight.button if weight else "Forward calls"), *stop)

    def weigh(self, value: Any) -> Weight | None:
        costs = dear(value)
        if costs is None:
            return None
        return Weight(value, f"{costs.why}{self._rate(costs)}", f"Forward to {costs.place}")

    def _rate(self, costs: Dear) -> str:
        profile = getattr(self.row.account, "profile", None)
        most = profile.rates.get("intlMax") if profile and costs.international else None
        return f" Your highest international rate is {rate(most)} a minute." if most else ""

    def clean_to(self) -> str:
        to: str = self.cleaned_data["to"]
        if "stop" in self.data:
            return ""
        if to == self.row.number:
            raise forms.ValidationError("A number can't forward to itself.")
        if not to and not self.row.forward_to:
            raise forms.ValidationError("Enter the number that calls should go to.")
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
        help_text="One of your gateways, or a VoiceTel system route.",
        error_messages={
            "required": "Choose where calls should go.",
            "invalid_choice": (
                "This account doesn't have that route. Nothing changed. Choose one from the list."
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
    """Turn Caller ID name lookup on or off. `enabled`: "on" or "off"; cleans to a bool."""

    enabled = forms.TypedChoiceField(
        label="Caller ID name lookup", choices=[("on", "On"), ("off", "Off")], coerce="on".__eq__
    )

    def now(self) -> dict[str, Any]:
        return {"enabled": "on" if self.row.cnam else "off"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        profile = getattr(self.row.account, "profile", None)
        if profile and (each := profile.rates.get("cnam")):
            self.fields["enabled"].help_text = f"Each lookup costs {rate(each)}."

    def change(self) -> Change:
        return SetCnam(self.row.account, self.row.number, enabled=self.cleaned_data["enabled"])


class TranslationForm(SendsForm[Number]):
    """The digits that are sent to the customer's system as the called number; empty: its own.

    `to`: ten digits.
    """

    to = PhoneField(
        required=False,
        label="Number sent to your system",
        help_text=(
            "Your phone system sees this number as the one that was called. Clear the field to send"
            " the number as dialed."
        ),
    )

    def now(self) -> dict[str, Any]:
        translated = self.row.translated
        return {"to": "" if translated == self.row.number else translated}

    @property
    def buttons(self) -> tuple[Button, ...]:
        return (Button("Save"),)

    def change(self) -> Change:
        to = self.cleaned_data["to"] or self.row.number
        return SetTranslation(self.row.account, self.row.number, to=to)


class RouteNameForm(PlainForm):
    """The customer's own name for a route."""

    name = NameField(
        required=False,
        most=60,
        label="Name",
        help_text="Only people on this account see it. For example: Office PBX.",
    )


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
