"""Forms of the account's own settings, one a setting."""

from typing import Any

from django import forms

from apps.accounts.models import Account
from apps.changes.change import Change
from apps.changes.kit.forms import Button, SendsForm
from apps.numbers.models import Number
from apps.team.account.changes import SetDefaultCallerId, SetTimeZone
from apps.team.account.zones import choices, words_of
from apps.ui.forms import PhoneField


class TimeZoneForm(SendsForm[Account]):
    """Choose the zone in which VoiceTel bills and pages show times. `to`: an IANA name."""

    to = forms.ChoiceField(
        label="Time zone",
        help_text="Bills, call records and every time in the portal are shown in it.",
        error_messages={"invalid_choice": "Choose a time zone from the list."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.row.zone
        groups = choices()
        if not any(held == zone for _, zones in groups for zone, _ in zones):
            # VoiceTel has a name that we don't offer: the form shows what is so
            groups = [*groups, ("Now", [(held, words_of(held))])]
        self.fields["to"].choices = groups  # type: ignore[attr-defined]  # a ChoiceField's

    def now(self) -> dict[str, Any]:
        return {"to": self.row.zone}

    @property
    def buttons(self) -> tuple[Button, ...]:
        return (Button("Save time zone"),)

    def change(self) -> Change:
        return SetTimeZone(self.row, self.row.number, to=self.cleaned_data["to"])


class CallerIdForm(SendsForm[Account]):
    """Choose the number that calls show by default. `to`: ten digits, one of the account's."""

    to = PhoneField(
        label="Default caller ID",
        help_text=(
            "One of your numbers. Calls show it when your phone system doesn't send a number."
        ),
        error_messages={"required": "Enter one of your numbers."},
    )

    def now(self) -> dict[str, Any]:
        profile = getattr(self.row, "profile", None)
        return {"to": profile.caller_id if profile else ""}

    @property
    def buttons(self) -> tuple[Button, ...]:
        return (Button("Save caller ID"),)

    def clean_to(self) -> str:
        to: str = self.cleaned_data["to"]
        if not Number.objects.of(self.row).filter(number=to).exists():
            raise forms.ValidationError("That number isn't on this account.")
        return to

    def change(self) -> Change:
        return SetDefaultCallerId(self.row, self.row.number, to=self.cleaned_data["to"])
