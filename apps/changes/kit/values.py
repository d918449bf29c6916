"""SetValue: a change that sets one value of a thing, declared by its column."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, Self

from apps.changes.change import Absent, Change, Found, Look, Step, Taken, Unclear, own_fields
from apps.voicetel.client import Client


class SetValue(Change):
    """Sets one value that a free read tells.

    A domain says once how a value of its things is read and kept (kept, keep, told); a class says
    which value it is (column, label) and sends it. What stood before, what the answer means, what a
    look finds and the undo follow from that.
    """

    column: ClassVar[str]  # the value's name in our copy, and in the answer's record
    label: ClassVar[str]  # what people call it
    # its name in stored entries, where that is not the column
    stored_as: ClassVar[str] = ""

    def kept(self) -> Any:
        """The value in our copy; a JSON value."""
        raise NotImplementedError

    @classmethod
    def kept_many(cls, changes: Sequence[Self]) -> list[Any]:
        """kept() of many changes of one account, in their order."""
        return [each.kept() for each in changes]

    def keep(self, value: Any) -> None:
        """Write the value to our copy."""
        raise NotImplementedError

    def told(self, client: Client) -> Any:
        """The value as the provider tells it now, by a read that costs nothing."""
        raise NotImplementedError

    def wanted(self) -> Any:
        """The value that this change sets: its only argument."""
        (only,) = own_fields(type(self))
        return getattr(self, only.name)

    def set_to(self, value: Any) -> Change | None:
        """The change that sets another value; None where no change does that."""
        (only,) = own_fields(type(self))
        return None if value is None else replace(self, **{only.name: value})

    def stands(self, value: Any) -> str:
        """The value in a clause: "it is not forwarded"."""
        return f"{self.label} is {self.words(self.name, value)}"

    @classmethod
    def steps(cls, asked: Sequence[tuple[Self, dict[str, Any]]]) -> list[Step | None]:
        return [each._step(before) for each, before in asked]

    def _step(self, before: dict[str, Any]) -> Step:
        was = self.words(self.name, before[self.name]) if self.name in before else ""
        return Step(self.label, was, self.words(self.name, self.wanted()))

    def now_true(self) -> str:
        return f"{self.label}: {self.words(self.name, self.wanted())}"

    def words(self, name: str, value: Any) -> str:
        return ("off", "on")[value] if isinstance(value, bool) else super().words(name, value)

    @property
    def name(self) -> str:
        """The value's name in stored entries."""
        return self.stored_as or self.column

    def called(self, name: str) -> str:
        return self.label

    def before(self) -> dict[str, Any]:
        return self.stored(self.kept())

    @classmethod
    def before_many(cls, changes: Sequence[Self]) -> list[dict[str, Any]]:
        kept = cls.kept_many(changes)
        return [each.stored(value) for each, value in zip(changes, kept, strict=True)]

    def is_so(self, before: dict[str, Any]) -> bool:
        return self.name in before and before[self.name] == self.wanted()

    def stored(self, value: Any) -> dict[str, Any]:
        """The value as an entry keeps what stood before."""
        return {self.name: value}

    def done(self, answer: Any) -> None:
        self.keep(self._answered(answer))

    def summary(self, answer: Any) -> dict[str, Any]:
        return {self.name: self._answered(answer)}

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        """Neither what was asked for nor what stood before, nor what an earlier change of ours made
        of it: someone else changed it meanwhile. Sending again would undo what they did, so a
        person decides.
        """
        told = self.told(client)
        if told == self.wanted():
            return Found(None)
        if told in (before.get(self.name), self.kept()):
            return Absent(shows=self.words(self.name, told))
        return Unclear(
            f"It didn't happen, and the {self.thing.label.lower()} was changed elsewhere in the"
            f" meantime: {self.stands(told)} now.",
            ask=True,
            shows=self.words(self.name, told),
        )

    def undo(self, before: dict[str, Any]) -> Change | None:
        if self.name not in before or before[self.name] == self.wanted():
            return None
        return self.set_to(before[self.name])

    def _answered(self, answer: Any) -> Any:
        """The value that the answer names; the one asked for where it names none."""
        told = getattr(answer, self.column, None)
        return self.wanted() if told in (None, "") else told
