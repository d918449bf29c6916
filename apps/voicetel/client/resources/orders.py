"""Ordering free numbers."""

from collections.abc import Mapping, Sequence

from apps.voicetel.client import checks
from apps.voicetel.client.records.inventory import Order
from apps.voicetel.client.resources.base import Resource


class OrdersResource(Resource):
    def create(
        self, numbers: Sequence[str], *, key: str, routes: Mapping[str, int] | None = None
    ) -> Order:
        """orderCreate: up to 100 numbers for a month's charge each. The same `key` within 24 hours
        gives the first answer again.

        routes: gateway ids by number; one without goes to the provider's default.

        Some may fail: `Order.failed`. Refused with 502 means that nothing was written;
        OutcomeUnknown may be asked again by the key.
        """
        checks.refuse(
            numbers=checks.numbers(numbers, 100),
            key="" if key else "An order needs its idempotency key.",
        )
        for gateway_id in (routes or {}).values():
            checks.refuse(gateway_id=checks.identifier(gateway_id, "A gateway's id"))
        items = [
            {"number": number, "route": routes[number]} if routes and number in routes else number
            for number in numbers
        ]
        return self._call("orderCreate", Order, body={"numbers": items}, idempotency_key=key)
