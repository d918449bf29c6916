"""Changes of an account's own gateways."""

from dataclasses import replace
from typing import Any

from apps.accounts.roles import Right
from apps.changes.change import Absent, Change, Found, Look, Taken, Unclear, change
from apps.copies import claims
from apps.numbers.models import GATEWAYS, Gateway
from apps.numbers.services.gateways import write_one
from apps.trunking import services
from apps.trunking.thing import GATEWAY
from apps.voicetel.client import Client, errors
from apps.voicetel.client.records.gateways import Gateway as Told

Values = dict[str, Any]  # {"address", "prefix", "limit"}
CALLED = {"address": "Address", "prefix": "Prefix", "limit": "Calls at once"}


def values_of(told: Told) -> Values:
    """A record's values as ours are kept."""
    return {"address": told.gateway, "prefix": told.prefix or "", "limit": told.limit}


class GatewayChange(Change):
    """Words of a gateway's values, which are the same in every change of it."""

    thing = GATEWAY

    def called(self, name: str) -> str:
        return CALLED.get(name) or super().called(name)

    def words(self, name: str, value: Any) -> str:
        return "none" if value in (None, "") else str(value)

    def read_again(self) -> None:
        claims.mark_due(self.account, GATEWAYS)


@change("gatewaysCreate", needs=Right.MANAGE)
class AddGateway(GatewayChange):
    """Add a gateway. subject: its address. VoiceTel's own list says after a lost answer whether
    there is one more of that address and prefix.
    """

    prefix: str
    limit: int

    def lane(self) -> str:
        return "gateways"

    def before(self) -> Values:
        """The gateways that we know, so that the new one can be told from them."""
        own = Gateway.objects.of(self.account).filter(system=False)
        return {"known": sorted(own.values_list("gateway", flat=True))}

    def describe(self) -> str:
        return f"add gateway {self.subject}"

    def now_true(self) -> str:
        return f"Gateway {self.subject} is added"

    def send(self, client: Client, key: str) -> Told:
        return client.gateways.create(self.subject, prefix=self.prefix or None, limit=self.limit)

    def look(self, client: Client, before: Values, taken: Taken) -> Look:
        known = set(before.get("known", []))
        found = [
            each
            for each in client.gateways.list()
            if each.system is not True
            and each.id not in known
            and each.gateway.casefold() == self.subject.casefold()
            and (each.prefix or "") == self.prefix
            and not taken(bound(each.id))
        ]
        if len(found) == 1:
            return Found(found[0])
        if found:
            return Unclear("Two new gateways have this address and prefix.", ask=True)
        return Absent(shows="no such gateway")

    def done(self, answer: Told) -> None:
        write_one(self.account, answer)

    def binds(self, answer: Told) -> str:
        return bound(answer.id)

    def summary(self, answer: Told) -> Values:
        return {"gateway": answer.id} | values_of(answer)


def bound(gateway: int) -> str:
    """What a change that made a gateway is bound to: ids of other kinds are numbers too."""
    return f"gateway:{gateway}"


@change("gatewaysPut", needs=Right.MANAGE, again=True)
class SetGateway(GatewayChange):
    """Change a gateway's address, prefix and calls at once. subject: VoiceTel's id."""

    address: str
    prefix: str
    limit: int

    @property
    def wanted(self) -> Values:
        return {"address": self.address, "prefix": self.prefix, "limit": self.limit}

    def before(self) -> Values:
        found = Gateway.objects.of(self.account).filter(gateway=int(self.subject))
        row = found.values("address", "prefix", "limit").first()
        return dict(row) if row else {}

    def describe(self) -> str:
        return f"change gateway {self.subject} to {self.address}"

    def now_true(self) -> str:
        return f"The gateway is {self.address}"

    def send(self, client: Client, key: str) -> Told:
        return client.gateways.update(
            int(self.subject), address=self.address, prefix=self.prefix, limit=self.limit
        )

    def look(self, client: Client, before: Values, taken: Taken) -> Look:
        try:
            told = client.gateways.get(int(self.subject))
        except errors.Absent:
            return Unclear("VoiceTel doesn't know this gateway any more.", ask=True, shows="gone")
        now = values_of(told)
        if now == self.wanted:
            return Found(told)
        shows = ", ".join(f"{CALLED[name].lower()} {now[name] or 'none'}" for name in now)
        if now in (before, self.before()):
            return Absent(shows=shows)
        return Unclear("The gateway was changed elsewhere meanwhile.", ask=True, shows=shows)

    def done(self, answer: Told) -> None:
        write_one(self.account, answer)

    def summary(self, answer: Told) -> Values:
        return values_of(answer)

    def undo(self, before: Values) -> Change | None:
        address, prefix, limit = (before.get(name) for name in CALLED)
        if not address or limit is None or before == self.wanted:
            return None
        return replace(self, address=address, prefix=prefix or "", limit=limit)


@change("gatewaysDelete", needs=Right.MANAGE, again=True)
class DeleteGateway(GatewayChange):
    """Delete a gateway. subject: VoiceTel's id. It is declined while numbers route to it."""

    def describe(self) -> str:
        return f"delete gateway {self.subject}"

    def now_true(self) -> str:
        return "The gateway is deleted"

    def send(self, client: Client, key: str) -> None:
        try:
            client.gateways.delete(int(self.subject))
        except errors.Absent:
            return  # it isn't there any more, which is what was asked for

    def look(self, client: Client, before: Values, taken: Taken) -> Look:
        try:
            client.gateways.get(int(self.subject))
        except errors.Absent:
            return Found(None)
        return Absent(shows="still there")

    def done(self, answer: None) -> None:
        services.forget_gateway(self.account, int(self.subject))
