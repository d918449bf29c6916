"""The forms by which a number leaves the account. Each wants the number typed."""

from typing import Any

from django import forms
from django.http import QueryDict

from apps.accounts.models import User
from apps.changes.change import Change
from apps.changes.kit.forms import ChangeForm
from apps.numbers.changes import MoveNumber, ReleaseNumber, RemoveNumber
from apps.numbers.models import Number
from apps.numbers.selectors import leaving
from apps.ui.format import phone
from apps.ui.forms import PlainField, TypedWordField


class LeaveForm(ChangeForm):
    """The number typed, and the change that takes it off the account."""

    def __init__(self, row: Number, by: User, data: QueryDict | None = None) -> None:
        self.row, self.by = row, by
        super().__init__(data, auto_id=f"id_{type(self).__name__.lower()}_%s")
        self.fields["typed"] = TypedWordField(phone(row.number))

    def change(self) -> Change:
        raise NotImplementedError


class RemoveForm(LeaveForm):
    def change(self) -> Change:
        return RemoveNumber(self.row.account, self.row.number)


class ReleaseForm(LeaveForm):
    def change(self) -> Change:
        return ReleaseNumber(self.row.account, self.row.number)


class MoveForm(LeaveForm):
    """`to`: an account number; `route`: the id of a system route, or of a gateway of that
    account.
    """

    to = PlainField(
        r"[0-9]{4,18}",
        label="Account number",
        error_messages={
            "required": "Enter the number of the account that gets it.",
            "invalid": "An account number has digits only.",
        },
    )
    route = forms.ChoiceField(
        label="Route on that account",
        help_text="A system route, or a gateway of an account that you can manage too.",
        error_messages={"required": "Choose where its calls go."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.routes = leaving.list_targets(self.row.account, self.by)
        groups = [
            (heading, [(str(each.gateway), str(each)) for each in routes])
            for heading, _, routes in self.routes
        ]
        self.fields["route"].choices = groups  # type: ignore[attr-defined]  # a ChoiceField's

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        to, route = found.get("to"), found.get("route")
        if to == self.row.account.number:
            self.add_error("to", "The number is on this account already.")
        elif to and route:
            owners = {
                number
                for _, number, routes in self.routes
                if route in {str(each.gateway) for each in routes}
            }
            if not owners & {"", to}:
                self.add_error("route", f"That isn't a route of account {to}. Choose one that is.")
        return found

    def change(self) -> Change:
        to, route = self.cleaned_data["to"], int(self.cleaned_data["route"])
        return MoveNumber(self.row.account, self.row.number, to=to, route=route)


WAYS: dict[str, type[LeaveForm]] = {
    "remove": RemoveForm,
    "release": ReleaseForm,
    "move": MoveForm,
}
