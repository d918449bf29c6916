"""NumberValue: a change that sets one value of a number."""

from collections.abc import Sequence
from typing import Any, Self

from apps.changes.kit.values import SetValue
from apps.copies import claims
from apps.numbers.models import NUMBERS
from apps.numbers.selectors import one
from apps.numbers.services import rows, shape
from apps.numbers.thing import NUMBER
from apps.voicetel.client import Client


class NumberValue(SetValue):
    """Sets one value of a number: a column of our row, which `numbersGet` tells."""

    thing = NUMBER

    def kept(self) -> Any:
        return self.kept_many([self])[0]

    @classmethod
    def kept_many(cls, changes: Sequence[Self]) -> list[Any]:
        numbers = [each.subject for each in changes]
        found = one.values_of(changes[0].account, numbers, cls.column) if changes else {}
        return [found.get(number) for number in numbers]

    def keep(self, value: Any) -> None:
        rows.write(self.account, self.subject, **{self.column: shape.kept(value)})

    def mark(self, by: str) -> None:
        rows.mark_changed(self.account, self.subject, by)

    def read_again(self) -> None:
        claims.mark_due(self.account, NUMBERS)

    def told(self, client: Client) -> Any:
        return getattr(shape.shape(client.numbers.get(self.subject)), self.column)
