"""The type of authentication: what lets calls in."""

from typing import Any

from apps.accounts.roles import Right
from apps.changes.change import Change, change
from apps.changes.kit.values import SetValue
from apps.copies import claims
from apps.trunking import services
from apps.trunking.changes.access import LANE
from apps.trunking.models import AUTHENTICATION, Trunk
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
