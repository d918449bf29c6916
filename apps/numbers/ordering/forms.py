"""Forms of finding and ordering numbers."""

from typing import Any

from django import forms
from django.http import QueryDict

from apps.accounts.models import Account
from apps.changes.kit.forms import ChangeForm
from apps.numbers.changes import AddNumber
from apps.numbers.models import Number
from apps.numbers.ordering.finding import ORDERS, Query
from apps.numbers.ordering.patterns import Wanted, digits_of
from apps.numbers.ordering.places import CHOICES
from apps.numbers.selectors import list_routes
from apps.ui.format import money, phone
from apps.ui.forms import NameField, PhoneField, PlainField, PlainForm

AREA = "An area code has three digits and begins with 2 to 9, such as 201."
PREFIX = "A prefix is the three digits after the area code, such as 555."
RUNS = [("", "Any"), *((str(n), f"{n} or more") for n in (2, 3, 4, 5, 10, 20, 50, 100))]
DEFAULT_ROUTE = "DID"  # VoiceTel's own, where nothing else is chosen
PRICE_CHANGED = "The price changed to {} since this page was opened. Check the total, then order."


class SearchForm(PlainForm):
    """Where to look and what for; its query string is the search."""

    area = PlainField(
        "[2-9][0-9]{2}", required=False, label="Area code", error_messages={"invalid": AREA}
    )
    # by its own name a form calls something else
    exchange = PlainField(
        "[2-9][0-9]{2}", required=False, label="Prefix", error_messages={"invalid": PREFIX}
    )
    state = forms.ChoiceField(required=False, label="State or province", choices=CHOICES)
    city = PlainField(required=False, max_length=60, label="City")
    rate_center = PlainField(required=False, max_length=40, label="Rate center")
    lata = PlainField(
        "[0-9]{1,5}",
        required=False,
        label="LATA",
        error_messages={"invalid": "A LATA is a number, such as 224."},
    )
    digits = PlainField(
        required=False, max_length=20, label="Digits or letters", help_text="Letters become digits."
    )
    where = forms.ChoiceField(
        required=False,
        label="Where they are",
        choices=[("", "Anywhere in the number"), ("ends", "At the end")],
    )
    run = forms.ChoiceField(required=False, label="In a row", choices=RUNS)
    special = forms.BooleanField(required=False, label="Repeated or round digits")

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        for each in ("area", "exchange", "lata"):
            self.fields[each].widget.attrs["inputmode"] = "numeric"

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("exchange") and not found.get("area"):
            self.add_error("exchange", "Enter the area code of this prefix too.")
        if found.get("digits") and not digits_of(found["digits"]):
            self.add_error("digits", "Enter digits, or letters as on a phone's keys.")
        return found

    @property
    def narrows(self) -> bool:
        """Whether one of the seldom filters is used, or wrong: then they are shown."""
        seldom = ("city", "rate_center", "lata", "where", "special")
        return any(self.data.get(name) for name in seldom)

    def query(self) -> Query:
        """The search, of a valid form."""
        given = self.cleaned_data
        page = str(self.data.get("page", ""))
        sort = str(self.data.get("sort", ""))
        return Query(
            given["area"],
            given["exchange"],
            given["state"],
            given["city"],
            given["rate_center"],
            given["lata"],
            given["digits"],
            Wanted(
                digits_of(given["digits"]),
                given["where"] == "ends",
                int(given["run"] or 0),
                given["special"],
            ),
            sort if sort in ORDERS else "number",
            int(page)
            if page.isascii() and page.isdigit() and 0 < len(page) < 5 and int(page)
            else 1,
        )


class PricedForm(ChangeForm):
    """A form whose button says a price. each: micro-dollars a number, as the page showed it; where
    VoiceTel's rate is another one by now, the person is asked again.
    """

    each = forms.IntegerField(widget=forms.HiddenInput, required=False)
    route = forms.ChoiceField(
        label="Calls go to",
        error_messages={
            "required": "Choose where calls should go.",
            "invalid_choice": "This account doesn't have that route. Choose one from the list.",
        },
    )

    def __init__(self, account: Account, price: int | None, data: QueryDict | None = None) -> None:
        self.account, self.price = account, price
        super().__init__(data, initial={"each": price})
        routes = list_routes(account)
        own = [(str(each.gateway), str(each)) for each in routes if not each.system]
        system = [(str(each.gateway), str(each)) for each in routes if each.system]
        choices: list[Any] = [("Your gateways", own), ("System routes", system)] if own else system
        self.fields["route"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField's
        default = next((each.gateway for each in routes if each.address == DEFAULT_ROUTE), None)
        self.fields["route"].initial = default

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if self.price is None:
            raise forms.ValidationError(
                "VoiceTel hasn't told us your price yet, so nothing was ordered. Try again soon."
            )
        if found.get("each") != self.price:
            self.data = {**self.data, "each": str(self.price)}
            raise forms.ValidationError(PRICE_CHANGED.format(money(self.price)), code="price")
        return found


class ReviewForm(PricedForm):
    """The confirmation of a cart. numbers: what the page showed, ten digits each."""

    numbers = forms.CharField(widget=forms.HiddenInput)
    label = NameField(
        required=False,
        most=70,
        label="Label",
        help_text="Use {n} to count: “Sales {n}” gives Sales 1, Sales 2, and so on.",
    )

    def __init__(
        self, account: Account, price: int | None, shown: list[str], data: QueryDict | None = None
    ) -> None:
        super().__init__(account, price, data)
        self.shown = shown
        self.fields["numbers"].initial = " ".join(shown)

    def clean_numbers(self) -> list[str]:
        return str(self.cleaned_data["numbers"]).split()

    def labels(self) -> dict[str, str]:
        """The label of each number, of a valid form."""
        pattern = self.cleaned_data["label"]
        if not pattern:
            return {}
        numbers = self.cleaned_data["numbers"]
        return {number: pattern.replace("{n}", str(n)) for n, number in enumerate(numbers, start=1)}


class AddForm(PricedForm):
    """One known number, its route and its label."""

    number = PhoneField(
        label="Number",
        help_text="A 10-digit number from VoiceTel's inventory.",
        error_messages={"required": "Enter the number."},
    )
    label = NameField(required=False, most=80, label="Label")

    field_order = ("number", "route", "label")

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if Number.objects.of(self.account).filter(number=number).exists():
            raise forms.ValidationError(f"{phone(number)} is on this account already.")
        return number

    def change(self) -> AddNumber:
        """The change of a valid form."""
        given = self.cleaned_data
        return AddNumber(
            self.account,
            given["number"],
            route=int(given["route"]),
            label=given["label"],
            each=given["each"],
        )
