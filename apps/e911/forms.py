"""The forms of a number's 911 address."""

import re
from typing import Any

from django import forms
from django.http import QueryDict

from apps.accounts.models import Account
from apps.changes.change import Change
from apps.changes.kit.forms import ChangeForm
from apps.e911 import guides, lines
from apps.e911.changes import CreateRecord, ProvisionAddress, RemoveRecord
from apps.e911.models import Address
from apps.text import plain
from apps.ui.format import phone
from apps.ui.forms import NameField, PlainField, PlainForm, TypedWordField

MOST_BOOK = 500  # addresses that a form offers
PRINTABLE = re.compile(r"[\x20-\x7e]*")


class LineField(NameField):
    """A line of an address: printable ASCII, as 911 centers show no other letters."""

    def to_python(self, value: Any) -> str:
        found = super().to_python(value)
        if odd := next((each for each in found if not PRINTABLE.fullmatch(each)), ""):
            raise forms.ValidationError(
                f"911 centers can't show “{odd}”. Use plain letters, digits, and signs.", code="odd"
            )
        return found


class CallerNameField(LineField):
    """The name that a 911 center sees; counted while it is typed, never cut."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            most=guides.CALLER_NAME,
            label="Caller name",
            help_text=f"Who the 911 center sees. {guides.CALLER_NAME} characters at most.",
            error_messages={"required": "Enter the name that the 911 center sees."},
            **kwargs,
        )
        self.widget.attrs.update({"data-most": str(self.most), "autocomplete": "off"})


class AddressForm(ChangeForm):
    """An address as people type it: to be checked first, or to be used at once."""

    caller_name = CallerNameField()
    address1 = LineField(
        most=100,
        label="Street address",
        error_messages={"required": "Enter the street address where people are."},
    )
    address2 = LineField(
        most=100,
        required=False,
        label="Floor, suite, or room",
        help_text="Help needs it to find the person: Fl 2, Ste 210, Rm 4.",
    )
    city = LineField(most=50, label="City", error_messages={"required": "Enter the city."})
    state = forms.ChoiceField(
        label="State",
        choices=[("", "Choose"), *((each, each) for each in guides.STATES)],
        error_messages={"required": "Choose the state."},
    )
    zip = PlainField(
        "[0-9]{5}(-[0-9]{4})?",
        label="ZIP code",
        error_messages={
            "required": "Enter the ZIP code.",
            "invalid": "A ZIP code has five digits, or nine with a dash.",
        },
    )

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, words in (
            ("address1", "address-line1"),
            ("address2", "address-line2"),
            ("city", "address-level2"),
            ("state", "address-level1"),
            ("zip", "postal-code"),
        ):
            self.fields[name].widget.attrs["autocomplete"] = words

    @property
    def lines(self) -> lines.Lines:
        """The lines of the valid form, without the caller name."""
        return {name: self.cleaned_data[name] for name in lines.PLACE}

    def change(self, account: Account, number: str) -> Change:
        """Protect the number at once."""
        name = self.cleaned_data["caller_name"]
        return CreateRecord(account, number, caller_name=name, place=self.lines)


class ProtectForm(ChangeForm):
    """The press that protects a number with an address of the account's book."""

    caller_name = CallerNameField()

    def __init__(
        self, address: Address, data: QueryDict | None = None, *, caller_name: str = ""
    ) -> None:
        self.address = address
        super().__init__(data, initial={"caller_name": caller_name}, auto_id="id_protect_%s")

    def change(self, account: Account, number: str) -> Change:
        return ProvisionAddress(
            account,
            number,
            caller_name=self.cleaned_data["caller_name"],
            place=lines.of_row(self.address),
            address_id=self.address.provider_id,
        )


class BulkForm(PlainForm):
    """An address of the book and a caller name for many numbers. new: how many of them have no
    record yet, each of which gets a fee; above MANY the count is typed.
    """

    address = forms.ChoiceField(
        label="Address", error_messages={"required": "Choose an address of your book."}
    )
    caller_name = CallerNameField()

    def __init__(
        self, account: Account, new: int, data: QueryDict | None = None, **kwargs: Any
    ) -> None:
        self.account, self.new = account, new
        super().__init__(data, **kwargs)
        self.book = {
            str(each.pk): each
            for each in Address.objects.of(account).order_by("city", "address1", "pk")[:MOST_BOOK]
        }
        choices = [(pk, _choice(each)) for pk, each in self.book.items()]
        self.fields["address"].choices = [("", "Choose"), *choices]  # type: ignore[attr-defined]
        if new > guides.MANY:
            self.fields["typed"] = TypedWordField(
                str(new), label=f"Type {new} to confirm {new:,} new monthly fees"
            )

    def change(self) -> Change:
        """The change of any of them, without its number."""
        address = self.book[self.cleaned_data["address"]]
        return ProvisionAddress(
            self.account,
            "",
            caller_name=self.cleaned_data["caller_name"],
            place=lines.of_row(address),
            address_id=address.provider_id,
        )


def _choice(address: Address) -> str:
    shown = lines.on_one_line(lines.of_row(address))
    return f"{address.label}: {shown}" if address.label else shown


class NewAddressForm(AddressForm):
    """An address for the book, of no number yet."""

    caller_name = None  # type: ignore[assignment]  # Django takes the field away


class RemoveForm(ChangeForm):
    """The number typed: a 911 call from it shows no address afterwards."""

    def __init__(self, number: str, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="id_remove_%s")
        self.fields["typed"] = TypedWordField(phone(number))

    def change(self, account: Account, number: str) -> Change:
        return RemoveRecord(account, number)


class LabelForm(PlainForm):
    """The customer's own name of an address."""

    label = NameField(
        most=60, required=False, label="Label", help_text="Such as “Main office”. Only shown here."
    )


def wanted_pk(given: str | None) -> int:
    """A primary key from an address or a form; 0 for none."""
    typed = plain(given or "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0
