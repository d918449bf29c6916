"""The numbers that an account holds."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from apps.sandbox.handlers.registry import plays
from apps.sandbox.models import Number
from apps.sandbox.rules import Asked, Refusal
from apps.sandbox.world import routes


def details(held: QuerySet[Number], gateways: Mapping[int, str]) -> list[dict[str, Any]]:
    """numberDetail of each, in order, without model objects: an account may hold 100,000."""
    rows = held.order_by("number").values_list(
        "number", "route", "carrier", "forward_to", "translated", "cnam", "fax", "route_in"
    )
    return [
        {
            "number": number,
            "route": route,
            "gateway": gateways.get(route),
            "carrier": carrier,
            "forward": forward_to != "",
            "forwardTo": forward_to or None,
            "translated": translated or number,
            "cnam": cnam,
            "faxEnabled": fax != "",
            "smsEnabled": route_in != 0,
        }
        for number, route, carrier, forward_to, translated, cnam, fax, route_in in rows.iterator(
            chunk_size=5000
        )
    ]


def held(
    asked: Asked, status: int = 404, message: str = "Number not found or not on this account"
) -> Number:
    """The number of the address, if the account holds it; else the refusal that this operation
    gives.
    """
    found = Number.objects.filter(pk=asked.path["number"], account=asked.account.pk).first()
    if found is None:
        raise Refusal(status, message)
    return found


@plays("numbersList")
def list_numbers(asked: Asked) -> dict[str, Any]:
    rows = details(
        Number.objects.filter(account=asked.account.pk), routes.names_of(asked.account.pk)
    )
    if not rows:
        raise Refusal(404, "No numbers found")
    return {"numbers": rows}


@plays("numbersGet")
def get_number(asked: Asked) -> dict[str, Any]:
    return details(Number.objects.filter(pk=held(asked).pk), routes.names_of(asked.account.pk))[0]
