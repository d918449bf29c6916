"""The type of authentication, and the SIP password. Never in one call: a part of it could be
declined.
"""

from datetime import timedelta
from typing import Any

from apps.accounts.roles import Right
from apps.changes.change import Absent, Change, Found, Look, Taken, Unclear, change, secret
from apps.changes.kit.values import SetValue
from apps.copies import claims
from apps.trunking import services
from apps.trunking.changes.access import LANE
from apps.trunking.models import AUTHENTICATION, KeyTurn, Trunk
from apps.trunking.thing import ACCESS
from apps.trunking.types import words_of
from apps.voicetel.client import Client


@change("authPut", needs=Right.OWN, again=True)
class SetAuthType(SetValue):
    """Choose what lets calls in. subject: "authentication"; auth_type: VoiceTel's number of it."""

    thing = ACCESS
    column, label = "auth_type", "Authentication"
    auth_type: int

    def lane(self) -> str:
        return LANE

    def kept(self) -> int | None:
        found = Trunk.objects.of(self.account).values_list("auth_type", flat=True)
        return found.first()

    def keep(self, value: int) -> None:
        """VoiceTel's words for it are read back: the copy is due."""
        services.write_type(self.account, value)
        claims.mark_due(self.account, AUTHENTICATION)

    def told(self, client: Client) -> int:
        return client.auth.get().auth_type

    def words(self, name: str, value: Any) -> str:
        return words_of(value)

    def stands(self, value: Any) -> str:
        return f"it is {words_of(value)}"

    def describe(self) -> str:
        return f"switch authentication to {words_of(self.auth_type)}"

    def send(self, client: Client, key: str) -> None:
        """The answer names the fields alone; which words are in force, the read back tells."""
        client.auth.update(auth_type=self.auth_type)

    def set_to(self, value: Any) -> Change | None:
        return None if value is None else SetAuthType(self.account, self.subject, auth_type=value)


@change("authPut", needs=Right.OWN, fresh=True, patience=timedelta(0))
class TurnPassword(Change):
    """Give the account a new SIP password, which also ends its API key. subject: "password"; turn:
    the KeyTurn that it is sent for, by primary key.

    No read shows it: after a lost answer, what the exchange with the new password says decides.
    """

    thing = ACCESS
    turns_key = True
    turn: int
    password: str = secret()

    def lane(self) -> str:
        return LANE

    def fresh_because(self) -> str:
        return "Your phone system can't sign in until it has the new password."

    def describe(self) -> str:
        return "change the SIP password"

    def now_true(self) -> str:
        return "The SIP password is changed"

    def send(self, client: Client, key: str) -> None:
        client.auth.update(password=self.password)

    def mark(self, by: str) -> None:
        services.mark_password(self.account, by)

    def look(self, client: Client, before: dict[str, Any], taken: Taken) -> Look:
        found = KeyTurn.objects.of(self.account).filter(pk=self.turn).first()
        match found.state if found else "":
            case KeyTurn.State.DONE:
                return Found(None)
            case KeyTurn.State.REFUSED:
                return Absent(shows="the old password works")
            case KeyTurn.State.WAITING | KeyTurn.State.TURNING:
                return Unclear("We're signing in with the new password to see if it took.")
        return Unclear("Neither the new password nor the old key works.", ask=True)
