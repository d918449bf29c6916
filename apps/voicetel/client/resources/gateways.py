"""Gateways: the system's routes and the account's own."""

from apps.voicetel.client.records.gateways import Gateway, Gateways
from apps.voicetel.client.resources.base import Resource


class GatewaysResource(Resource):
    def list(self) -> list[Gateway]:
        """gatewaysList: system routes first asked, then own ones, as the provider orders them. Unlimited: confirms a dead key."""
        return self._call("gatewaysList", Gateways).gateways
