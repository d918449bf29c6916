"""Forms of the desk."""

from django import forms

from apps.changes.kit.forms import ChangeForm
from apps.staff.desk import canned
from apps.support.forms import ReplyForm, TextField, WritingForm
from apps.ui.forms import AddressField, NameField, PlainForm, TypedWordField

STATUSES = (
    ("active", "Active"),
    ("pending", "Pending"),
    ("closed", "Closed"),
    ("spam", "Spam"),
)


class StatusForm(ChangeForm):
    status = forms.ChoiceField(choices=STATUSES, label="Status")


class OpenForm(WritingForm):
    """A ticket for a customer's email address."""

    email = AddressField(
        label="Customer's email address",
        help_text="VoiceTel opens the ticket in this customer's name.",
        error_messages={"required": "Enter the customer's email address."},
    )
    subject = NameField(
        most=200, label="Subject", error_messages={"required": "Say what it's about."}
    )
    text = TextField(
        label="Message", rows=8, error_messages={"required": "Write the message first."}
    )

    def whole(self) -> str:
        return str(self.cleaned_data.get("text", ""))


class AnswerForm(ReplyForm):
    """A reply to the customer, perhaps from a template: what it lacks stops the sending."""

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if left := canned.unfilled(text):
            raise forms.ValidationError(
                f"Fill in {' and '.join(left)} before you send. Nothing was sent."
            )
        return text


class TemplateForm(PlainForm):
    name = NameField(most=60, label="Name", error_messages={"required": "Give it a name."})
    text = TextField(
        label="Text",
        rows=6,
        help_text=(
            "{customer}, {account}, {ticket}, {number} and {me} are filled in when it's used."
        ),
        error_messages={"required": "Write the text first."},
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        try:
            canned.check(text)
        except canned.Unknown as why:
            raise forms.ValidationError(str(why)) from None
        return text


class AsideForm(PlainForm):
    text = TextField(label="Aside", rows=2, error_messages={"required": "Write something first."})


class DeleteForm(ChangeForm):
    """Deleting is for good: the ticket's number is typed."""

    def __init__(self, number: str, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["typed"] = TypedWordField(number)
