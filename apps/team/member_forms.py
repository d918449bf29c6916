"""Forms of the members' page."""

from django import forms

from apps.accounts.roles import Role
from apps.ui.forms import PlainForm


class RoleForm(PlainForm):
    role = forms.ChoiceField(label="Role", choices=Role.choices)


class InviteForm(PlainForm):
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    role = forms.ChoiceField(label="Role", choices=Role.choices, initial=Role.VIEWER)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()
