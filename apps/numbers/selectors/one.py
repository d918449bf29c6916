"""One number: its settings as the copy has them, and what may be chosen."""

from typing import Any

from apps.accounts.models import Account
from apps.numbers.models import Gateway, Number


class NoSuchNumber(LookupError):
    """The account does not hold it, whoever else may."""


def get_number(account: Account, number: str) -> Number:
    """The account's number, ten digits. Raises NoSuchNumber."""
    found = Number.objects.of(account).filter(number=number).first()
    if found is None:
        raise NoSuchNumber(number)
    return found


def forward_of(account: Account, number: str) -> str:
    """Where calls go; empty when they are not forwarded, or when we do not hold the number."""
    return Number.objects.of(account).filter(number=number).values_list("forward_to", flat=True).first() or ""


def route_of(account: Account, number: str) -> int | None:
    """The id of the gateway that it is routed to."""
    return Number.objects.of(account).filter(number=number).values_list("route", flat=True).first()


def list_routes(account: Account) -> list[Gateway]:
    """Where calls may be routed to: system routes first, then the account's own gateways."""
    return list(Gateway.objects.of(account).order_by("-system", "address", "gateway"))


def find_route_name(account: Account, route: int | None) -> str:
    """What a route is called; its id in words where our copy does not know it."""
    if route is None:
        return "no route"
    found = Gateway.objects.of(account).filter(gateway=route).values_list("address", flat=True).first()
    return found or f"gateway {route}"


def detail_panel(row: Number) -> dict[str, Any]:
    return {"row": row}
