"""Forms of brands, campaigns, the numbers bound to them, and a number's routes."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from apps.accounts.models import Account
from apps.changes.change import Change
from apps.changes.kit.forms import ChangeForm
from apps.messaging.changes import (
    AssignCampaign,
    RegisterBrand,
    RegisterCampaign,
    SetTextRoutes,
    UnassignCampaign,
    UnassignNumbers,
)
from apps.messaging.models import Brand, Campaign, TextState
from apps.messaging.selectors import states
from apps.messaging.selectors.campaigns import Shown
from apps.messaging.verdict import ACCEPTED
from apps.ui.format import count, phone
from apps.ui.forms import NameField, PlainField, PlainForm

A_CALL = 300  # numbers taken off in one call
KEEP = ""


class BrandForm(ChangeForm):
    """A brand of the campaign registry."""

    brand = PlainField(
        r"[Bb][A-Za-z0-9]+",
        label="Brand ID",
        max_length=40,
        help_text="The campaign registry issued it. It begins with B.",
        error_messages={
            "required": "Enter the brand's ID.",
            "invalid": "A brand ID is a B with letters and digits, like BMQ8L9X.",
        },
    )
    name = NameField(
        most=200,
        label="Legal name",
        help_text="Exactly as it's registered with the tax office.",
        error_messages={"required": "Enter the brand's name."},
    )
    description = NameField(most=500, label="Description", required=False)

    def __init__(self, account: Account, data: QueryDict | None = None) -> None:
        self.account = account
        super().__init__(data, auto_id="id_brand_%s")

    def clean_brand(self) -> str:
        brand: str = self.cleaned_data["brand"]
        brand = brand[:1].upper() + brand[1:]
        if Brand.objects.of(self.account).filter(brand=brand, known="made").exists():
            raise forms.ValidationError(f"{brand} is registered already.")
        return brand

    def change(self) -> Change:
        found = self.cleaned_data
        return RegisterBrand(
            self.account, found["brand"], name=found["name"], description=found["description"]
        )


def campaign_field(**given: Any) -> PlainField:
    """The id of a campaign, as the registry issues it."""
    return PlainField(
        r"[Cc][A-Za-z0-9]{6}",
        label="Campaign ID",
        max_length=40,
        error_messages={
            "required": "Enter the campaign's ID.",
            "invalid": "A campaign ID is a C with six letters or digits, like CH5K5IZ.",
        },
        **given,
    )


class CampaignForm(ChangeForm):
    """A campaign that the registry has, brought to VoiceTel's network."""

    campaign = campaign_field(help_text="The campaign registry issued it. It begins with C.")
    brand = forms.ChoiceField(
        label="Brand", error_messages={"required": "Choose the campaign's brand."}
    )
    description = forms.CharField(
        label="What you send",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text="The same story as in the registry: who gets messages, and what they say.",
        error_messages={"required": "Say what this campaign sends."},
    )

    def __init__(self, account: Account, data: QueryDict | None = None) -> None:
        self.account = account
        super().__init__(data, auto_id="id_campaign_%s")
        brands = Brand.objects.of(account).order_by("-at")
        self.fields["brand"].choices = [  # type: ignore[attr-defined]  # a ChoiceField's
            (each.brand, f"{each.name} ({each.brand})" if each.name else each.brand)
            for each in brands
        ]

    def clean_campaign(self) -> str:
        campaign: str = self.cleaned_data["campaign"].upper()
        if Campaign.objects.of(self.account).filter(campaign=campaign, known="made").exists():
            raise forms.ValidationError(f"{campaign} is registered already.")
        return campaign

    def change(self) -> Change:
        found = self.cleaned_data
        return RegisterCampaign(
            self.account,
            found["campaign"],
            brand=found["brand"],
            description=found["description"].strip(),
        )


class AddForm(PlainForm):
    """A campaign that is on VoiceTel's network already, remembered by its id."""

    campaign = campaign_field()

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="id_add_%s")

    def clean_campaign(self) -> str:
        found: str = self.cleaned_data["campaign"].upper()
        return found


class CampaignNameForm(PlainForm):
    name = NameField(most=80, label="Name", required=False, help_text="Only you see it.")


class Asking(ChangeForm):
    """A form whose press may do harm: it is asked once, and pressed again."""

    agreed = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
    harm = ""

    def ask(self, why: str) -> None:
        """Raises unless this form was shown with that sentence before."""
        if self.data.get("agreed") != "yes":
            self.harm = why
            raise forms.ValidationError(why, code="asks")

    def again(self) -> None:
        """Show the form so that its next press agrees."""
        self.renew()
        data: dict[str, Any] = {name: self.data.get(name, "") for name in self.fields}
        data["agreed"] = "yes" if self.harm else ""
        self.data = data


class AssignForm(Asking):
    """One number for a campaign."""

    number = forms.ChoiceField(label="Number", error_messages={"required": "Choose a number."})

    def __init__(
        self, campaign: Campaign, free: Sequence[states.Row], data: QueryDict | None = None
    ) -> None:
        self.campaign, self.free = campaign, {row.number: row for row in free}
        super().__init__(data, auto_id="id_assign_%s")
        self.fields["number"].choices = [  # type: ignore[attr-defined]  # a ChoiceField's
            (row.number, " ".join(filter(None, (row.phone, row.label, _bound(row)))))
            for row in free
        ]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        row = self.free.get(found.get("number", ""))
        if row and row.campaign and row.status in ACCEPTED:
            self.ask(
                f"{row.phone} leaves campaign {row.campaign}, which is accepted. It can't text"
                f" until {self.campaign.campaign} is accepted for it. Press again to assign it."
            )
        return found

    def change(self) -> Change:
        return AssignCampaign(
            self.campaign.account, self.cleaned_data["number"], campaign=self.campaign.campaign
        )


def _bound(row: states.Row) -> str:
    return f"(now in {row.campaign})" if row.campaign else ""


class UnassignForm(Asking):
    """Numbers ticked on a campaign's page. One goes by a call of its own, several by one call."""

    def __init__(self, shown: Shown, bound: Sequence[states.Row], data: QueryDict) -> None:
        self.shown, self.bound = shown, {row.number for row in bound}
        self.numbers = [
            each for each in dict.fromkeys(data.getlist("number")) if each in self.bound
        ]
        super().__init__(data, auto_id="id_unassign_%s")

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not self.shown.can_unassign:
            raise forms.ValidationError(
                "VoiceTel can't take numbers off a campaign with such an ID. Ask VoiceTel."
            )
        if not self.numbers:
            raise forms.ValidationError("Tick the numbers to take off this campaign.")
        if len(self.numbers) > A_CALL:
            raise forms.ValidationError(f"Take off {A_CALL} numbers at most at a time.")
        which = (
            phone(self.numbers[0]) if len(self.numbers) == 1 else count(len(self.numbers), "number")
        )
        self.ask(f"{which} can't text without a campaign. Press again to take off {which}.")
        return found

    def change(self) -> Change:
        row = self.shown.row
        if len(self.numbers) == 1:
            return UnassignCampaign(row.account, self.numbers[0], campaign=row.campaign)
        return UnassignNumbers(row.account, row.campaign, numbers=tuple(self.numbers))


class RoutesForm(ChangeForm):
    """Where one number's messages come in and go out: routes and carriers that the portal saw, as
    nothing lists them.
    """

    inbound = forms.ChoiceField(label="Inbound route", required=False)
    outbound = forms.ChoiceField(
        label="Outbound carrier",
        required=False,
        help_text="Assigning a campaign sets it. Change it only if VoiceTel tells you to.",
    )

    def __init__(self, account: Account, state: TextState, data: QueryDict | None = None) -> None:
        self.account, self.state = account, state
        now = {"inbound": str(state.route_in), "outbound": str(state.carrier)}
        super().__init__(data, initial=now, auto_id="id_routes_%s")
        routes = {0: "None: inbound messages go nowhere"} | {
            each.id: f"{states.bare(each.resource) or each.id} (seen on {phone(each.seen_on)})"
            for each in states.list_routes(account)
        }
        carriers = {state.carrier: _carrier(state.carrier, state.network)} | {
            each: _carrier(each, network) for each, network in states.list_carriers(account)
        }
        for name, choices in (("inbound", routes), ("outbound", carriers)):
            self.fields[name].choices = [  # type: ignore[attr-defined]  # a ChoiceField's
                (str(key), label) for key, label in choices.items()
            ]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if not self.errors and not self._asked():
            raise forms.ValidationError("Choose another route first. Nothing was changed.")
        return found

    def _asked(self) -> dict[str, int]:
        """What differs from how it is."""
        found = self.cleaned_data
        now = {"inbound": self.state.route_in, "outbound": self.state.carrier}
        return {
            name: int(found[name])
            for name, was in now.items()
            if found.get(name) and int(found[name]) != was
        }

    def change(self) -> Change:
        return SetTextRoutes(self.account, self.state.number, **self._asked())


def _carrier(carrier: int, network: str) -> str:
    if not carrier:
        return "None"
    return f"Carrier {carrier}" + (f", network {network}" if network else "")
