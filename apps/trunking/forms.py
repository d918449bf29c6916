"""Forms of a trunk. What stops something that works now wants that typed."""

import re
from ipaddress import IPv4Network
from typing import Any

from django import forms
from django.http import QueryDict

from apps.changes.change import Change
from apps.changes.kit.forms import ChangeForm
from apps.numbers.models import Gateway
from apps.trunking import passwords, ranges
from apps.trunking.changes import (
    AddGateway,
    AddRanges,
    DeleteGateway,
    RemoveRanges,
    SetAuthType,
    SetGateway,
)
from apps.trunking.guard import Table
from apps.trunking.types import AuthType
from apps.ui.format import count
from apps.ui.forms import NameField, PlainField, PlainForm, TypedWordField
from apps.voicetel.client import checks


class GuardedForm(ChangeForm):
    """A form whose press may stop what works: then a word is typed."""

    def guard(self, table: Table | None) -> None:
        """Ask for the word, where the table has one."""
        if table and table.word:
            self.fields["typed"] = TypedWordField(table.word)


class RangesForm(ChangeForm):
    """Adds what was pasted to the access list.

    listed: the ranges that are there. Reading the text may raise questions, which become fields;
    wide ranges are typed to be confirmed, by how many addresses they have.
    """

    text = forms.CharField(
        label="Addresses to add",
        help_text=(
            "Paste addresses or ranges, one a line or separated by commas. A single address becomes"
            " /32. VoiceTel also takes /24, /16 and /8."
        ),
        max_length=ranges.LONGEST,
        widget=forms.Textarea(
            attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off", "class": "num"}
        ),
        error_messages={"required": "Enter at least one address."},
    )
    skip = forms.BooleanField(required=False)

    def __init__(
        self, listed: tuple[IPv4Network, ...], data: QueryDict | None = None, **named: Any
    ) -> None:
        super().__init__(data, **named)
        typed = str(data.get("text", "")) if data else ""
        picked = (
            {name: str(data[name]) for name in data if name.startswith("pick-")} if data else {}
        )
        self.reading = ranges.read(typed, listed, picked)
        self._ask(picked)

    def _ask(self, picked: dict[str, str]) -> None:
        found = self.reading
        for each in found.asks:
            choices = [(choice.value, choice.says) for choice in each.choices]
            self.fields[each.name] = forms.ChoiceField(
                label=each.says,
                choices=choices,
                widget=forms.RadioSelect,
                error_messages={"required": "Choose one."},
            )
        for name in picked.keys() - {each.name for each in found.asks}:
            self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)
        if found.refused and found.ranges:
            rest = count(len(found.ranges), "range")
            self.fields["skip"].label = f"Leave these out, and add the other {rest}"
        else:
            del self.fields["skip"]
        if found.wide and not found.asks:
            many = sum(each.num_addresses for each in found.wide)
            names = ", ".join(str(each) for each in found.wide[:3])
            label = f"{names} lets in {many:,} addresses. Type {many:,} to confirm"
            self.fields["typed"] = TypedWordField(f"{many:,}", label=label)

    def clean(self) -> dict[str, Any] | None:
        found = super().clean()
        if self.reading.refused and not self.cleaned_data.get("skip"):
            self.add_error("text", [f"{each.typed}: {each.why}" for each in self.reading.refused])
        if self.reading.asks and not self.errors:
            self.add_error(None, "Choose how to read each of these.")
        return found

    @property
    def questions(self) -> list[forms.BoundField]:
        """The fields that the text raised."""
        return [self[each.name] for each in self.reading.asks]

    def change(self, account: Any) -> Change:
        return AddRanges(account, "list", cidrs=[str(each) for each in self.reading.ranges])


class RemoveForm(GuardedForm):
    """Takes the chosen ranges off the list. cidrs: those of the account's own list alone."""

    def __init__(
        self, cidrs: list[str], table: Table | None, data: QueryDict | None = None
    ) -> None:
        super().__init__(data)
        self.cidrs = cidrs
        self.guard(table)

    def change(self, account: Any) -> Change:
        return RemoveRanges(account, "list", cidrs=self.cidrs)


class NoteForm(PlainForm):
    """Our own note of a range."""

    cidr = forms.CharField(widget=forms.HiddenInput, max_length=43)
    note = NameField(
        label="Note",
        most=60,
        required=False,
        help_text="Where these addresses are. VoiceTel doesn't see it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class TypeForm(GuardedForm):
    """Chooses the type of authentication."""

    auth_type = forms.TypedChoiceField(
        label="VoiceTel accepts your calls with",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a type."},
    )

    def __init__(
        self,
        types: list[AuthType],
        table: Table | None,
        data: QueryDict | None = None,
        **named: Any,
    ) -> None:
        super().__init__(data, **named)
        field: Any = self.fields["auth_type"]
        field.choices = [(each.number, each.words) for each in types]
        self.guard(table)

    def change(self, account: Any) -> Change:
        chosen = self.cleaned_data["auth_type"]
        return SetAuthType(account, "authentication", auth_type=chosen)


class PasswordForm(GuardedForm):
    """A new SIP password: the one that was made for the person, or their own."""

    password = forms.CharField(
        label="New SIP password",
        help_text="6 to 10 letters and digits, at least one of each. Copy it before you continue:"
        " we can't show it again.",
        max_length=100,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={"required": "Enter a password, or take the one we made."},
    )
    at_once = forms.BooleanField(
        required=False,
        label="The password leaked: change it now, even if other changes have to wait",
    )

    def __init__(self, table: Table | None, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"password": passwords.make()})
        self.guard(table)

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        if not passwords.GOOD.fullmatch(typed):
            raise forms.ValidationError(
                "A SIP password has 6 to 10 letters and digits, at least one of each."
            )
        return typed


PREFIX = re.compile(r"[0-9]{0,20}")


class GatewayForm(GuardedForm):
    """A gateway's address, prefix and calls at once. row: the one that is changed, if it is."""

    address = PlainField(
        label="Address",
        help_text="A public IPv4 address or a name, with :port if it isn't 5060.",
        max_length=100,
        error_messages={"required": "Enter the address of your system."},
    )
    before = PlainField(
        label="Prefix",
        required=False,
        help_text="Digits that VoiceTel puts before the number it sends. Most systems need none.",
        max_length=20,
    )
    limit = forms.IntegerField(
        label="Calls at once",
        min_value=1,
        max_value=1000,
        initial=23,
        error_messages={
            "required": "Enter how many calls it takes at once.",
            "min_value": "From 1 to 1,000 calls.",
            "max_value": "From 1 to 1,000 calls.",
        },
    )

    def __init__(
        self,
        account: Any,
        data: QueryDict | None = None,
        *,
        row: Gateway | None = None,
        table: Table | None = None,
    ) -> None:
        self.account, self.row = account, row
        initial = (
            {"address": row.address, "before": row.prefix, "limit": row.limit or 23} if row else {}
        )
        super().__init__(data, initial=initial)
        for name in ("address", "before"):
            self.fields[name].widget.attrs.update({"autocomplete": "off", "spellcheck": "false"})
        profile = getattr(account, "profile", None)
        if profile and profile.ccs:
            said = f"From 1 to 1,000. Your whole account can have {profile.ccs:,} calls at once."
            self.fields["limit"].help_text = said
        self.guard(table)

    def clean_address(self) -> str:
        typed: str = self.cleaned_data["address"]
        if wrong := checks.host_and_port(typed):
            raise forms.ValidationError(wrong)
        return typed

    def clean_before(self) -> str:
        typed: str = self.cleaned_data["before"]
        if not PREFIX.fullmatch(typed):
            raise forms.ValidationError("A prefix has digits only.")
        return typed

    def clean(self) -> dict[str, Any] | None:
        found = super().clean()
        address, prefix = self.cleaned_data.get("address"), self.cleaned_data.get("before")
        if address is None or prefix is None:
            return found
        same = Gateway.objects.of(self.account).filter(
            address__iexact=address, prefix=prefix, system=False
        )
        if same.exclude(gateway=self.row.gateway if self.row else 0).exists():
            self.add_error("address", "You already have a gateway with this address and prefix.")
        return found

    @property
    def changed(self) -> bool:
        """Whether anything is other than it was."""
        row, data = self.row, self.cleaned_data
        return row is None or (row.address, row.prefix, row.limit) != (
            data["address"],
            data["before"],
            data["limit"],
        )

    def change(self) -> Change:
        data = self.cleaned_data
        rest = {"prefix": data["before"], "limit": data["limit"]}
        if self.row is None:
            return AddGateway(self.account, data["address"], **rest)
        subject = str(self.row.gateway)
        return SetGateway(self.account, subject, address=data["address"], **rest)


class DeleteForm(ChangeForm):
    """Deletes a gateway, by its address typed."""

    def __init__(self, row: Gateway, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.row = row
        self.fields["typed"] = TypedWordField(row.address)

    def change(self) -> Change:
        return DeleteGateway(self.row.account, str(self.row.gateway))
