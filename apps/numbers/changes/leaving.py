"""Changes that take a number off the account. None has an undo."""

from typing import Any, ClassVar

from apps.accounts.models import Account
from apps.accounts.roles import Right
from apps.changes.change import Absent, Change, Found, Look, Taken, change
from apps.copies import claims
from apps.numbers.models import NUMBERS, Gone
from apps.numbers.services import leaving
from apps.numbers.thing import NUMBER
from apps.ui.format import phone
from apps.voicetel.client import Client, errors
from apps.voicetel.client.records.numbers import Moved


class Leaving(Change):
    """Takes a number off the account; `numbersGet` answers 404 once it did."""

    thing = NUMBER
    how: ClassVar[Gone.How]

    def fresh_because(self) -> str:
        return "The number leaves this account, and no undo brings it back."

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        try:
            client.numbers.get(self.subject)
        except errors.Absent:
            return Found(None)
        return Absent(shows="still on this account")

    def done(self, answer: Any) -> None:
        leaving.remove(self.account, self.subject, self.how)

    def read_again(self) -> None:
        claims.mark_due(self.account, NUMBERS)


@change("numbersDelete", needs=Right.MANAGE, again=True, fresh=True)
class RemoveNumber(Leaving):
    """Take a number off the account. subject: ten digits."""

    how = Gone.How.REMOVED

    def describe(self) -> str:
        return f"remove {phone(self.subject)} from this account"

    def send(self, client: Client, key: str) -> None:
        try:
            client.numbers.delete(self.subject)
        except errors.Absent:
            return  # it isn't on the account any more, which is what was asked for


@change("numbersRelease", needs=Right.MANAGE, fresh=True)
class ReleaseNumber(Leaving):
    """Give a number back to the network for good. subject: ten digits."""

    how = Gone.How.RELEASED

    def describe(self) -> str:
        return f"release {phone(self.subject)} to the network"

    def send(self, client: Client, key: str) -> None:
        client.numbers.release(self.subject)


@change("numbersMove", needs=Right.MANAGE, fresh=True)
class MoveNumber(Leaving):
    """Move a number to another account. subject: ten digits; to: an account number; route: the id
    of a gateway of that account.
    """

    how = Gone.How.MOVED
    to: str
    route: int

    def describe(self) -> str:
        return f"move {phone(self.subject)} to account {self.to}"

    def send(self, client: Client, key: str) -> Moved:
        return client.numbers.move(self.subject, self.to, self.route)

    def done(self, answer: Any) -> None:
        super().done(answer)
        if there := Account.objects.filter(number=self.to).first():
            claims.mark_due(there, NUMBERS)
