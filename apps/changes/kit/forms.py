"""Forms of changes, and of the settings of a thing."""

from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.http import QueryDict

from apps.accounts.models import User
from apps.audit.models import Event
from apps.changes.change import Change
from apps.changes.engine import tokens
from apps.ui.forms import PlainForm

R = TypeVar("R")


class ChangeForm(PlainForm):
    """A form whose press makes changes: it carries the token that was minted when it was shown.

    `token` is for submit().
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

    def renew(self) -> None:
        """Give a form that was not opened here a token that works; what was typed stays."""
        if "token" in self.errors:
            self.data = {**self.data, "token": tokens.mint()}


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a setting's form. name: what it posts, where it isn't the plain press; such a
    press needs nothing that was typed.
    """

    label: str
    name: str = ""


class SettingForm(PlainForm, Generic[R]):
    """The form of one setting of a thing (row): a SendsForm, or a KeepsForm.

    many: of many things at once; then row is a blank one of the account, of no id.
    """

    def __init__(self, row: R, data: QueryDict | None = None, *, many: bool = False) -> None:
        self.row, self.many = row, many
        super().__init__(data, initial=self.now_of_many() if many else self.now())

    def now(self) -> dict[str, Any]:
        """What the fields show when the form opens."""
        return {}

    def now_of_many(self) -> dict[str, Any]:
        """The same for many things, which may differ."""
        return {}

    @property
    def buttons(self) -> tuple[Button, ...]:
        return (Button("Save"),)


@dataclass(frozen=True, slots=True)
class Weight:
    """What a press would cost or harm, said before it. value: what it weighs, which the press must
    carry as `agreed`. sentence: stands beside the field. button: what the button says.
    """

    value: str
    sentence: str
    button: str


class SendsForm(SettingForm[R], ChangeForm):
    """The form of a setting that the provider keeps.

    weighs: the field whose value may cost or harm, looked at while it is typed.
    """

    weighs: ClassVar[str] = ""

    def weigh(self, value: Any) -> Weight | None:
        """What this value of the field would cost; None where it is an everyday one."""
        return None

    @property
    def weight(self) -> Weight | None:
        """Of what was typed, once that can be read."""
        value = self.cleaned_data.get(self.weighs) if self.is_bound else None
        return self.weigh(value) if value else None

    def clean(self) -> dict[str, Any] | None:
        """A press that weighs goes only with what was said of it, on the button too."""
        found = super().clean()
        if (weight := self.weight) and self.data.get("agreed") != weight.value:
            raise forms.ValidationError(weight.sentence, code="weighs")
        return found

    def change(self) -> Change:
        """What a press of the valid form sends."""
        raise NotImplementedError


class KeepsForm(SettingForm[R]):
    """The form of a setting that is kept here alone."""

    def save(self, by: User) -> Event | None:
        """Write the valid form's value; the event that says so, None where it was so already."""
        raise NotImplementedError
