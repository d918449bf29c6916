"""The account as changes and links know it, and AccountPut: a change of its own settings."""

from typing import Any

from apps.changes.change import Change, Verdict
from apps.changes.states import State
from apps.things import Thing

ACCOUNT = Thing("account", "Account", href=lambda _: "/settings/account/")


class AccountPut(Change):
    """Sets values by accountPut, an operation that may be sent again. subject: the account's
    number.

    No free read tells them (accountGet is of the hour), so there is no look: a doubt is sent once
    more. The answer names what was changed; a value that it leaves out wasn't.
    """

    thing = ACCOUNT

    def names(self) -> frozenset[str]:
        """VoiceTel's own names of these values, as its answer lists them."""
        raise NotImplementedError

    def verdict(self, answer: Any) -> Verdict:
        left = sorted(self.names() - set(answer))
        if not left:
            return Verdict(State.DONE)
        said = f"VoiceTel answered, but didn't name {' and '.join(left)} as changed."
        return Verdict(State.PARTLY if len(left) < len(self.names()) else State.REFUSED, said)
