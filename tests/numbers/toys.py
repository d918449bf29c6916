"""A setting of numbers that no release has: its change, its form, its declaration."""

from typing import Any

from apps.accounts.roles import Right
from apps.changes.change import REGISTRY, Change, change
from apps.changes.kit.forms import SendsForm
from apps.changes.kit.setting import Setting
from apps.numbers.changes.value import NumberValue
from apps.numbers.models import Number
from apps.ui.forms import PhoneField
from apps.voicetel.client import Client


@change("numbersTranslation", needs=Right.MANAGE, again=True)
class SetToy(NumberValue):
    column, label = "translated", "Toy"
    to: str

    def describe(self) -> str:
        return f"toy with {self.subject}"

    def send(self, client: Client, key: str) -> Any:
        return client.numbers.translate(self.subject, self.to)


class ToyForm(SendsForm[Number]):
    to = PhoneField(label="Toy number")

    def change(self) -> Change:
        return SetToy(self.row.account, self.row.number, to=self.cleaned_data["to"])


TOY = Setting[Number](
    "toy", "Toy", "Toys", lambda row: row.translated, "No toy", ToyForm, (SetToy,), bulk=True
)
REGISTRY.pop("SetToy")  # registered for one test at a time
