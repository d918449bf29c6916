"""Forms of what administrators do."""

from typing import Any

from django import forms

from apps.accounts.roles import Role
from apps.ui.forms import NameField, PlainField, PlainForm, plain

APPROVE, DECLINE = "approve", "decline"
NUMBERED = r"[A-Za-z0-9#][A-Za-z0-9#./:-]*"


class DecideForm(PlainForm):
    """A request to join, decided by staff.

    `answer` is the button pressed; the number is typed where it makes an owner.
    """

    answer = forms.ChoiceField(
        choices=[(APPROVE, "Let them in"), (DECLINE, "Decline")], widget=forms.HiddenInput
    )
    ticket = PlainField(
        NUMBERED,
        label="Ticket",
        max_length=40,
        help_text=(
            "Where it was asked and checked, like 4711 or HELP-4711. The account's owners read it"
            " in their journal."
        ),
        error_messages={
            "invalid": "A ticket's name has letters, digits and # . / : - only, and no space."
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label="Role", choices=Role.choices, required=False)
    number = PlainField(
        required=False,
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: Any, account: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.fields["number"].label = f"To make them an owner, type {account}"

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("answer") != APPROVE:
            return typed
        role = typed.get("role")
        if not role and "role" not in self.errors:
            self.add_error("role", "Choose one of the list.")
        if role == Role.OWNER and plain(typed.get("number", "")) != plain(self.account):
            self.add_error(
                "number",
                f"An owner decides about everything here: type {self.account} exactly. Nothing was"
                " changed.",
            )
        return typed

    @property
    def decision(self) -> str | None:
        """The role that they get; None: declined."""
        return str(self.cleaned_data["role"]) if self.cleaned_data["answer"] == APPROVE else None


class SignOutForm(PlainForm):
    reason = NameField(
        label="Why",
        most=200,
        help_text=(
            "A sentence. The person reads it in the mail, and the owners of their account in the"
            " journal."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
