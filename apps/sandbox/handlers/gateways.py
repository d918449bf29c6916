"""Gateways: the system's own routes, and what customers added."""

from typing import Any

from apps.sandbox.handlers import numbers
from apps.sandbox.handlers.registry import plays
from apps.sandbox.models import Gateway, Number
from apps.sandbox.rules import Asked, Refusal
from apps.sandbox.world.routes import SYSTEM


def shown(gateway: Gateway) -> dict[str, Any]:
    return {
        "id": gateway.pk,
        "gateway": gateway.gateway,
        "prefix": gateway.prefix,
        "limit": gateway.limit,
        "system": False,
    }


def _system(route: int) -> dict[str, Any]:
    return {"id": route, "gateway": SYSTEM[route], "prefix": "", "limit": None, "system": True}


def _asked_id(asked: Asked) -> int:
    raw = asked.path["id"]
    if not (raw.isascii() and raw.isdigit() and len(raw) < 12):
        raise Refusal(404, "Gateway not found")
    return int(raw)


def own(asked: Asked) -> Gateway:
    """The account's own gateway of the address, or 404."""
    gateway = Gateway.objects.filter(account=asked.account.pk, pk=_asked_id(asked)).first()
    if gateway is None:
        raise Refusal(404, "Gateway not found")
    return gateway


@plays("gatewaysList")
def list_gateways(asked: Asked) -> dict[str, Any]:
    own_ones = Gateway.objects.filter(account=asked.account.pk).order_by("pk")
    return {
        "gateways": [_system(route) for route in SYSTEM] + [shown(gateway) for gateway in own_ones]
    }


@plays("gatewaysGet")
def get_gateway(asked: Asked) -> dict[str, Any]:
    route = _asked_id(asked)
    return _system(route) if route in SYSTEM else shown(own(asked))


@plays("gatewaysNumbers")
def numbers_of_gateway(asked: Asked) -> dict[str, Any]:
    route = _asked_id(asked)
    if route not in SYSTEM:
        own(asked)
    held = Number.objects.filter(account=asked.account.pk, route=route)
    rows = numbers.details(held, {})
    for row in rows:
        del row["route"], row["gateway"]
    return {"numbers": rows}
