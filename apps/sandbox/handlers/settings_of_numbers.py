"""What is set on one number: forward and route."""

from typing import Any

from apps.sandbox import routes
from apps.sandbox.handlers.numbers import held
from apps.sandbox.handlers.registry import plays
from apps.sandbox.models import Number
from apps.sandbox.rules import Asked, Refusal


def keep(number: Number, **values: Any) -> None:
    Number.objects.filter(pk=number.pk).update(**values)


@plays("numbersForwardSet")
def set_forward(asked: Asked) -> dict[str, Any]:
    number, destination = held(asked), asked.ten_digits("destination")
    if destination == number.pk:
        raise Refusal(409, "Forward update failed: a number cannot forward to itself")
    keep(number, forward_to=destination)
    return {"number": number.pk, "forwardTo": destination}


@plays("numbersForwardDelete")
def stop_forward(asked: Asked) -> None:
    keep(held(asked), forward_to="")


@plays("numbersRoute")
def set_route(asked: Asked) -> dict[str, Any]:
    route = asked.integer("route")
    number = held(asked, 400, "Invalid route: number not on this account")  # the document gives this operation no 404
    if route not in routes.names_of(asked.account.pk):
        raise Refusal(400, "Invalid route")
    keep(number, route=route)
    return {"number": number.pk, "route": route}
