"""The form of a look-up, and of how long answers are kept."""

from typing import Any

from django import forms
from django.http import QueryDict

from apps.accounts.models import Account
from apps.changes.change import Change
from apps.changes.kit.forms import ChangeForm
from apps.lookups import lists, services
from apps.lookups.changes import LookUpCarrier, LookUpName
from apps.lookups.models import Lookup
from apps.lookups.selectors import Offer, offer_of
from apps.ui.format import rate
from apps.ui.forms import PhoneField, PlainForm

MOST_DAYS = 365


class AskForm(ChangeForm):
    """A number, and which of the two buttons was pressed (kind). agreed: the price that the button
    showed, in micro-dollars; repeat: pay for it although the answer is known.
    """

    number = PhoneField(
        label="Phone number", error_messages={"required": "Enter the number to look up."}
    )
    ani = PhoneField(
        label="Calling from",
        required=False,
        help_text="Only for a carrier: whether a call is in-state or out-of-state depends on it.",
    )
    kind = forms.ChoiceField(
        choices=Lookup.Kind.choices, error_messages={"required": "Press one of the two buttons."}
    )
    repeat = forms.BooleanField(required=False)

    def __init__(self, account: Account, data: QueryDict | None = None, **kwargs: Any) -> None:
        self.account = account
        super().__init__(data, **kwargs)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        kind = found.get("kind")
        if kind == Lookup.Kind.CARRIER and not found.get("ani") and "ani" not in self.errors:
            self.add_error("ani", "Enter the number that you would call from.")
        if kind == Lookup.Kind.NAME:
            found["ani"] = ""
        if kind and not self.errors and not self.known:
            self._check_price(kind)
        return found

    @property
    def known(self) -> Lookup | None:
        """The answer that is there already, unless a new one was asked for."""
        given = self.cleaned_data
        if given.get("repeat"):
            return None
        return services.find_known(self.account, given["kind"], given["number"], given["ani"])

    def _check_price(self, kind: str) -> None:
        """What isn't on offer, or costs something else than the button said, is not sent."""
        offer: Offer = offer_of(self.account, kind)
        if offer.hinders:
            raise forms.ValidationError(offer.hinders)
        if str(offer.price) != self.data.get(f"agreed_{kind}"):
            raise forms.ValidationError(
                f"The price is {rate(offer.price)} now. Nothing was sent; press the button again to"
                " look it up for that."
            )

    def change(self) -> Change:
        """What a press of the valid form sends, once."""
        given = self.cleaned_data
        if given["kind"] == Lookup.Kind.NAME:
            return LookUpName(self.account, given["number"])
        return LookUpCarrier(self.account, given["number"], ani=given["ani"])


class ListForm(PlainForm):
    """Many numbers, pasted or as a file, and what to look up of each."""

    numbers = forms.CharField(
        label="Phone numbers",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=f"One a line, {lists.MOST:,} at most. Other columns are ignored.",
    )
    file = forms.FileField(
        label="Or a CSV file", required=False, widget=forms.FileInput(attrs={"accept": ".csv,.txt"})
    )
    kind = forms.ChoiceField(label="What to look up", choices=Lookup.Kind.choices)
    ani = PhoneField(
        label="Calling from",
        required=False,
        help_text="Only for carriers: whether a call is in-state or out-of-state depends on it.",
    )

    def __init__(self, account: Account, *args: Any, **kwargs: Any) -> None:
        self.account = account
        super().__init__(*args, **kwargs)

    def clean_file(self) -> str:
        """The file's text; "" without one."""
        given = self.cleaned_data.get("file")
        if not given:
            return ""
        try:
            return str(given.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(
                "This file isn't plain text. Save it as CSV (UTF-8), then choose it again."
            ) from None

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if self.errors:
            return found
        kind = found["kind"]
        if kind == Lookup.Kind.CARRIER and not found["ani"]:
            self.add_error("ani", "Enter the number that you would call from.")
        if hinders := offer_of(self.account, kind).hinders:
            self.add_error("kind", hinders)
        field = "file" if found["file"] else "numbers"
        try:
            found["read"] = read = lists.read(found["file"] or found["numbers"])
        except lists.TooLong as long:
            self.add_error(field, str(long))
            return found
        if read.odd:
            named = "; ".join(f"line {at}: “{text}”" for at, text in read.odd[: lists.NAMED])
            self.add_error(field, f"{len(read.odd):,} lines have no phone number. {named}")
        elif not read.numbers:
            self.add_error(field, "Enter at least one phone number, or choose a file.")
        return found

    @property
    def args(self) -> dict[str, str]:
        """Of the job that looks them up."""
        kind = self.cleaned_data["kind"]
        ani = self.cleaned_data["ani"] if kind == Lookup.Kind.CARRIER else ""
        return {"kind": kind, "ani": ani}


class KeepForm(PlainForm):
    """For how many days an answer is used again."""

    days = forms.IntegerField(
        label="Use answers again for",
        help_text="Days. 0 means that every lookup is paid for.",
        min_value=0,
        max_value=MOST_DAYS,
        error_messages={
            "required": "Enter a number of days.",
            "min_value": "Use 0 or more.",
            "max_value": f"Use {MOST_DAYS} days or fewer.",
        },
    )
