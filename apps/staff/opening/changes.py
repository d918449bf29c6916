"""The change that opens an account at VoiceTel."""

from typing import Any

from apps.accounts.arriving import invitations
from apps.accounts.members import open_account
from apps.accounts.models import User
from apps.changes.change import Change, change
from apps.things import Thing
from apps.voicetel.client import Client
from apps.voicetel.client.records.account import NewAccount

OPENED = Thing("opened_account", "New account", href="/admin/accounts/{}/".format)


@change("accountSubaccountCreate", staff=User.Staff.ADMIN, again=True, fresh=True)
class OpenAccount(Change):
    """Open an account. subject: its number, ten digits; email: where its owner is invited; master:
    the account that is billed, "" for itself.

    A number can be opened once, so a lost answer is sent again: either it opens the account then,
    or the 409 says that the first sending did, and its password came in the answer that was lost.
    """

    thing = OPENED
    name: str
    email: str
    master: str = ""

    def fresh_because(self) -> str:
        return "You're opening an account that VoiceTel will bill."

    def describe(self) -> str:
        return f"open account {self.subject} for {self.name}"

    def now_true(self) -> str:
        return f"Account {self.subject} is open"

    def send(self, client: Client, key: str) -> NewAccount:
        return client.account.create_subaccount(
            self.subject, self.name, self.email, self.master or None
        )

    def gives(self, answer: Any) -> dict[str, Any] | None:
        password = getattr(answer, "password", "")
        return {"password": password} if password else None

    def binds(self, answer: Any) -> str:
        return str(getattr(answer, "username", "") or self.subject)

    def summary(self, answer: Any) -> dict[str, Any]:
        """Who is billed: nothing tells it later."""
        return {"master": getattr(answer, "master_account", None) or self.master or self.subject}

    def done(self, answer: Any) -> None:
        """The portal knows the account, as one that is claimed: who has the password only asks to
        join. Its owner is invited.
        """
        account = open_account(self.subject, self.name)
        invitations.invite_first_owner(account, self.email)
