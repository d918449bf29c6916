"""Answers about gateways."""

from apps.voicetel.client.records.base import Record


class Gateway(Record, frozen=True):
    """A system route (read only, no limit) or an own gateway.

    `gateway`: address[:port] or route name; `limit`: calls at once.
    """

    id: int
    gateway: str = ""
    system: bool = False
    prefix: str | None = None
    limit: int | None = None


class Gateways(Record, frozen=True):
    """gatewaysList."""

    gateways: list[Gateway]
