"""The form in which numbers are pasted."""

from django import forms

from apps.accounts.models import Account
from apps.numbers import pasted
from apps.numbers.selectors import chosen
from apps.ui.forms import PlainForm


class PasteForm(PlainForm):
    """`numbers`: a text, one number a line, which cleans to selectors.chosen.Chosen."""

    numbers = forms.CharField(
        label="Phone numbers",
        max_length=900_000,
        help_text=(
            "One a line, in any format. You can paste columns from a spreadsheet; we read the"
            " numbers and skip the rest."
        ),
        error_messages={"required": "Paste at least one number."},
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "autocomplete": "off"}),
    )

    def __init__(self, account: Account, data: object = None) -> None:
        self.account = account
        super().__init__(data)

    def clean_numbers(self) -> chosen.Chosen:
        try:
            found = chosen.from_paste(self.account, self.cleaned_data["numbers"])
        except pasted.TooLong as why:
            raise forms.ValidationError(str(why)) from None
        if not found.numbers:
            raise forms.ValidationError(
                "None of these is a number of this account. Nothing has changed."
            )
        return found
