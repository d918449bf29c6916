"""Gateways: the system's routes, which are read only, and the account's own."""

from apps.voicetel.client import checks
from apps.voicetel.client.records.gateways import Gateway, Gateways
from apps.voicetel.client.records.numbers import Number, Numbers
from apps.voicetel.client.resources.base import Resource

LIST = list  # the class has a method of that name


class GatewaysResource(Resource):
    def list(self) -> LIST[Gateway]:
        """gatewaysList: system routes and own gateways.

        Unlimited and always there, so it confirms whether a key is dead.
        """
        return self._call("gatewaysList", Gateways).gateways

    def get(self, gateway_id: int) -> Gateway:
        """gatewaysGet."""
        return self._call("gatewaysGet", Gateway, path=one(gateway_id))

    def create(
        self, address: str, *, prefix: str | None = None, limit: int | None = None
    ) -> Gateway:
        """gatewaysCreate: an address[:port] that resolves to a public IPv4.

        `limit`: calls at once, 1 to 1000, 23 when not said.
        """
        checks.refuse(address=checks.host_and_port(address))
        checks_of(prefix, limit)
        return self._call(
            "gatewaysCreate",
            Gateway,
            body=checks.given(gateway=address, prefix=prefix, limit=limit),
        )

    def update(
        self,
        gateway_id: int,
        *,
        address: str | None = None,
        prefix: str | None = None,
        limit: int | None = None,
    ) -> Gateway:
        """gatewaysPut: None leaves it as it is."""
        body = checks.given(gateway=address, prefix=prefix, limit=limit)
        checks.refuse(address="" if body else "Nothing to change was given.")
        checks.each({"address": (address, checks.host_and_port(address))})
        checks_of(prefix, limit)
        return self._call("gatewaysPut", Gateway, path=one(gateway_id), body=body)

    def delete(self, gateway_id: int) -> None:
        """gatewaysDelete. Conflict while numbers route to it."""
        self._do("gatewaysDelete", path=one(gateway_id))

    def numbers(self, gateway_id: int) -> LIST[Number]:
        """gatewaysNumbers: the numbers that route to it; they come without route and gateway."""
        return self._call("gatewaysNumbers", Numbers, path=one(gateway_id)).numbers


def one(gateway_id: int) -> dict[str, int]:
    checks.refuse(gateway_id=checks.identifier(gateway_id, "A gateway's id"))
    return {"id": gateway_id}


def checks_of(prefix: str | None, limit: int | None) -> None:
    checks.each(
        {
            "prefix": (prefix, checks.matches(prefix, "[0-9]{0,20}", "A prefix has digits only.")),
            "limit": (limit, checks.identifier(limit, "The limit", 1, 1000)),
        }
    )
