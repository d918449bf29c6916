"""What every form of a change has: the token that was minted when it was shown."""

from typing import Any

from django import forms

from apps.accounts.models import Account
from apps.changes.change import Change
from apps.changes.engine import tokens


class ChangeForm(forms.Form):
    """A form that builds one change.

    `change(account, subject)` is for the subclass, `token` is for submit().
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = forms.CharField(widget=forms.HiddenInput, initial=tokens.mint, max_length=200)
        field.error_messages["required"] = (
            "This form came without its token. Open the page again; nothing was sent."
        )
        self.fields["token"] = field

    def clean_token(self) -> str:
        token: str = self.cleaned_data["token"]
        try:
            tokens.read(token)
        except tokens.BadToken:
            raise forms.ValidationError(
                "This form was not opened here. Open the page again; nothing was sent."
            ) from None
        return token

    @property
    def token(self) -> str:
        """The signed token as it came; valid once is_valid() says so."""
        return str(self.cleaned_data["token"])

    def change(self, account: Account, subject: str) -> Change:
        raise NotImplementedError
